import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ChainError } from '../../src/chain-error.ts';
import { certificateCodec } from '../../src/consensus-messages/certificate.ts';
import { type ConsensusProposal, consensusProposalCodec, verifyProposal } from '../../src/consensus-messages/proposal.ts';
import { consensusDigest, type SignedStatement } from '../../src/consensus-messages/sign-bytes.ts';
import { type Vote, verifyVote, voteCodec } from '../../src/consensus-messages/vote.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import type { KeyPair } from '../../src/keys/key-pair.ts';
import type { Codec } from '../../src/ssz/codec.ts';
import { certificateOf, consortiumOf, GENESIS_HASH, hashOf, proposalOf, voteOf } from './consortium.ts';

/*
 * Goal: what validators sign says all that matters and nothing else, messages have one byte form, and a message that anything of has been
 * changed is not signed. Method: every field changed one at a time, every byte cut, every limit crossed.
 */

const consortium = consortiumOf(4, 3, 2, 1);
const [first, second] = consortium.keys as [KeyPair, KeyPair];
const stranger = consortiumOf(1, 1, 1, 1, 1).keys.find(({ address }) =>
  consortium.set.validators.every((each) => each.address.join() !== address.join()),
) as KeyPair;
const otherChain = new Uint8Array(32).fill(0x6f) as never;

const vote = voteOf(first);
const proposal = proposalOf(first, { validRound: 1 });

describe('what is signed', () => {
  const statement: SignedStatement = { kind: 'proposal', height: 0x0102, round: 3, validRound: 1, blockHash: hashOf(7) };

  it('is the hash of the tag, the chain and every field in its place', () => {
    const numbers = [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 2];
    const preimage = [...new TextEncoder().encode('mutual-chain/consensus/v1'), ...GENESIS_HASH, 3, ...numbers, 1, ...hashOf(7)];
    const expected = createHash('sha256').update(Uint8Array.from(preimage)).digest();
    expect(consensusDigest(cryptography, GENESIS_HASH, statement)).toEqual(new Uint8Array(expected));
  });

  it('differs whenever anything differs', () => {
    const { validRound: _validRound, ...voted } = statement;
    const variants: readonly SignedStatement[] = [
      statement,
      { ...statement, height: 0x0103 },
      { ...statement, round: 4 },
      { ...statement, validRound: -1 },
      { ...statement, validRound: 2 },
      { ...statement, blockHash: hashOf(8) },
      { ...voted, kind: 'prevote' },
      { ...voted, kind: 'precommit' },
      { ...voted, kind: 'prevote', blockHash: undefined },
      // Not the same as nil, though its hash is zeros.
      { ...voted, kind: 'prevote', blockHash: hashOf(0) },
      { ...voted, kind: 'precommit', blockHash: undefined },
    ];
    const digests = variants.map((each) => consensusDigest(cryptography, GENESIS_HASH, each).join());
    const elsewhere = consensusDigest(cryptography, otherChain, statement).join();
    expect(new Set([...digests, elsewhere]).size).toBe(variants.length + 1);
  });
});

describe('a vote', () => {
  it.each([
    ['prevote', voteOf(first)],
    ['precommit', voteOf(first, { kind: 'precommit' })],
    ['prevote for nil', voteOf(first, { blockHash: undefined })],
    ['precommit for nil at the largest height and round', voteOf(first, { kind: 'precommit', height: 2 ** 53 - 1, round: 2 ** 32 - 1 })],
  ])('(%s) has one form and its signature holds', (_name, each) => {
    const bytes = voteCodec.encode(each);
    expect(bytes.length).toBe(131);
    expect(voteCodec.decode(bytes)).toEqual(each);
    expect(verifyVote(cryptography, GENESIS_HASH, consortium.set, each)).toBe(true);
  });

  it.each<[string, Vote]>([
    ['another kind', { ...vote, kind: 'precommit' }],
    ['another height', { ...vote, height: 6 }],
    ['another round', { ...vote, round: 3 }],
    ['another block', { ...vote, blockHash: hashOf(2) }],
    ['nil', { ...vote, blockHash: undefined }],
    ["another validator's address", { ...vote, validator: second.address }],
    ['the address of nobody in the set', voteOf(stranger)],
    ['a byte of r changed', { ...vote, signature: vote.signature.with(3, (vote.signature[3] as number) ^ 1) as never }],
    ['a byte of s changed', { ...vote, signature: vote.signature.with(40, (vote.signature[40] as number) ^ 1) as never }],
    ['a signature of 64 bytes', { ...vote, signature: vote.signature.slice(0, 64) as never }],
    ['no signature', { ...vote, signature: new Uint8Array(65) as never }],
  ])('with %s is not signed (CSA-2026-001)', (_name, each) => {
    expect(verifyVote(cryptography, GENESIS_HASH, consortium.set, vote)).toBe(true);
    expect(verifyVote(cryptography, GENESIS_HASH, consortium.set, each)).toBe(false);
  });

  it('is signed for one chain only', () => {
    expect(verifyVote(cryptography, otherChain, consortium.set, vote)).toBe(false);
  });
});

describe('a proposal', () => {
  it.each([
    ['first', proposalOf(first)],
    ['with a proof of lock', proposal],
  ])('(%s) has one form and its signature holds', (_name, each) => {
    const bytes = consensusProposalCodec.encode(each);
    expect(bytes.length).toBe(133);
    expect(consensusProposalCodec.decode(bytes)).toEqual(each);
    expect(verifyProposal(cryptography, GENESIS_HASH, consortium.set, each)).toBe(true);
  });

  it.each<[string, ConsensusProposal]>([
    ['another height', { ...proposal, height: 6 }],
    ['another round', { ...proposal, round: 3 }],
    ['another valid round', { ...proposal, validRound: 0 }],
    ['no valid round', { ...proposal, validRound: -1 }],
    ['another block', { ...proposal, blockHash: hashOf(2) }],
    ["another proposer's address", { ...proposal, proposer: second.address }],
    ['the address of nobody in the set', proposalOf(stranger)],
    ['the signature of a vote', { ...proposal, signature: vote.signature }],
  ])('with %s is not signed', (_name, each) => {
    expect(verifyProposal(cryptography, GENESIS_HASH, consortium.set, each)).toBe(false);
  });

  it('is signed for one chain only', () => {
    expect(verifyProposal(cryptography, otherChain, consortium.set, proposal)).toBe(false);
  });
});

describe('bytes of messages', () => {
  const certificate = certificateOf(consortium, [0, 2, 3]);
  const codecs = [
    ['vote', voteCodec, voteCodec.encode(vote), 'PROTOCOL_VOTE_BYTES_INVALID'],
    ['proposal', consensusProposalCodec, consensusProposalCodec.encode(proposal), 'PROTOCOL_PROPOSAL_BYTES_INVALID'],
    ['certificate', certificateCodec, certificateCodec.encode(certificate), 'PROTOCOL_CERTIFICATE_BYTES_INVALID'],
  ] as unknown as readonly [string, Codec<unknown>, Uint8Array, string][];

  const refusal = (codec: Codec<unknown>, bytes: Uint8Array): unknown => {
    try {
      return codec.decode(bytes);
    } catch (error) {
      return error instanceof ChainError ? error.code : error;
    }
  };

  it.each(codecs)('of a %s are refused when cut anywhere or lengthened', (name, codec, bytes, code) => {
    // A certificate that is cut between two signatures is one with fewer of them.
    const whole = (length: number): boolean => name === 'certificate' && length >= 48 && (length - 48) % 66 === 0;
    for (let length = 0; length < bytes.length; length++) {
      if (!whole(length)) expect(refusal(codec, bytes.slice(0, length))).toBe(code);
    }
    expect(refusal(codec, Uint8Array.of(...bytes, 0))).toBe(code);
  });

  it.each(codecs)('of a %s are refused with any byte changed, or are the one form of another', (_name, codec, bytes, code) => {
    for (let at = 0; at < bytes.length; at++) {
      for (const change of [1, 2, 0x80, 0xff]) {
        const damaged = bytes.with(at, (bytes[at] as number) ^ change);
        const read = refusal(codec, damaged);
        if (typeof read === 'string') expect(read).toBe(code);
        else expect(codec.encode(read)).toEqual(damaged);
      }
    }
  });

  it.each<[string, Codec<never>, Uint8Array, number, readonly number[], string]>([
    ['a vote of an unknown kind', voteCodec, voteCodec.encode(vote), 0, [2], 'kind'],
    ['a vote of a height of 2^53', voteCodec, voteCodec.encode(vote), 1, [0, 0, 0, 0, 0, 0, 0x20, 0], 'height'],
    ['a vote for a block that is neither 0 nor 1', voteCodec, voteCodec.encode(vote), 13, [2], 'forBlock'],
    ['a vote for nil with a block hash', voteCodec, voteCodec.encode(vote), 13, [0], 'blockHash'],
    ['a vote with a recovery byte of 2', voteCodec, voteCodec.encode(vote), 130, [2], 'signature'],
    [
      'a proposal of a height of 2^53',
      consensusProposalCodec,
      consensusProposalCodec.encode(proposal),
      0,
      [0, 0, 0, 0, 0, 0, 0x20, 0],
      'height',
    ],
    ['a proposal valid since its own round', consensusProposalCodec, consensusProposalCodec.encode(proposal), 12, [3], 'validRound'],
    ['a proposal with a recovery byte of 27', consensusProposalCodec, consensusProposalCodec.encode(proposal), 132, [27], 'signature'],
    ['a certificate with one signer twice', certificateCodec, certificateCodec.encode(certificate), 48 + 66, [0], 'signatures'],
    ['a certificate with signers that fall', certificateCodec, certificateCodec.encode(certificate), 48, [3], 'signatures'],
    ['a certificate with a recovery byte of 9', certificateCodec, certificateCodec.encode(certificate), 48 + 65, [9], 'signatures'],
    ['a certificate whose offset is not 48', certificateCodec, certificateCodec.encode(certificate), 44, [49], 'container'],
  ] as never)('refuse %s and name the field', (_name, codec, bytes, at, change, field) => {
    const damaged = bytes.slice();
    damaged.set(change, at);
    expect(() => codec.decode(damaged)).toThrow(expect.objectContaining({ details: expect.objectContaining({ field }) }));
  });

  it('refuse a certificate of more signatures than validators can be', () => {
    const bytes = new Uint8Array(48 + 66 * 101);
    bytes.set(certificateCodec.encode({ ...certificate, signatures: [] }));
    for (let index = 0; index < 101; index++) bytes[48 + 66 * index] = index;
    expect(() => certificateCodec.decode(bytes)).toThrow('signatures has to be a list of at most 100 items');
    expect(certificateCodec.decode(bytes.slice(0, -66)).signatures.length).toBe(100);
  });
});
