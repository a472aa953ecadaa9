import { describe, expect, it } from 'vitest';
import { EVIDENCE_BYTES_MAX } from '../../src/block/block.ts';
import type { Signature } from '../../src/bytes/branded.ts';
import { ChainError } from '../../src/chain-error.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import {
  accusedOf,
  type Evidence,
  evidenceCodec,
  evidenceHeight,
  evidenceId,
  evidenceOfProposals,
  evidenceOfVotes,
  verifyEvidence,
} from '../../src/evidence/evidence.ts';
import type { KeyPair } from '../../src/keys/key-pair.ts';
import { consortiumOf, GENESIS_HASH, hashOf, proposalOf, voteOf } from '../consensus-messages/consortium.ts';

/*
 * Goal: evidence accuses exactly those who signed two things that exclude each other, and one offence has one identity. Method: pairs of
 * really signed messages, conflicting and not, and every way to write one conflict down again.
 */

const consortium = consortiumOf(1, 1, 1, 1);
const [culprit, other] = consortium.keys as [KeyPair, KeyPair];
const stranger = consortiumOf(1, 1, 1, 1, 1).keys.find(({ address }) =>
  consortium.set.validators.every((each) => each.address.join() !== address.join()),
) as KeyPair;

const votes = (left: Parameters<typeof voteOf>[1], right: Parameters<typeof voteOf>[1]): Evidence =>
  evidenceOfVotes(voteOf(culprit, left), voteOf(culprit, right));
const proposals = (left: Parameters<typeof proposalOf>[1], right: Parameters<typeof proposalOf>[1]): Evidence =>
  evidenceOfProposals(proposalOf(culprit, left), proposalOf(culprit, right));
const holds = (evidence: Evidence): boolean => verifyEvidence(cryptography, GENESIS_HASH, consortium.set, evidence);

const doubleVote = votes({ blockHash: hashOf(1) }, { blockHash: hashOf(2) });
const doubleProposal = proposals({ blockHash: hashOf(1) }, { blockHash: hashOf(2) });

describe('evidence', () => {
  it.each<[string, Evidence]>([
    ['two prevotes', doubleVote],
    ['two precommits', votes({ kind: 'precommit', blockHash: hashOf(1) }, { kind: 'precommit', blockHash: hashOf(2) })],
    ['a prevote for a block and one for nil', votes({ blockHash: hashOf(1) }, { blockHash: undefined })],
    ['two proposals', doubleProposal],
    ['one block proposed with two valid rounds', proposals({ validRound: -1 }, { validRound: 0 })],
  ])('of %s holds, has one form, and names the culprit and the height', (_name, evidence) => {
    expect(holds(evidence)).toBe(true);
    const bytes = evidenceCodec.encode(evidence);
    expect(bytes.length).toBeLessThan(EVIDENCE_BYTES_MAX);
    expect(evidenceCodec.decode(bytes)).toEqual(evidence);
    expect([accusedOf(evidence), evidenceHeight(evidence)]).toEqual([culprit.address, 5]);
  });

  it.each<[string, () => Evidence]>([
    ['the same vote twice', () => ({ kind: 'duplicateVote', first: voteOf(culprit), second: voteOf(culprit) })],
    ['votes of two heights', () => votes({ height: 5, blockHash: hashOf(1) }, { height: 6, blockHash: hashOf(2) })],
    ['votes of two rounds', () => votes({ round: 0, blockHash: hashOf(1) }, { round: 1, blockHash: hashOf(2) })],
    ['a prevote and a precommit', () => votes({ blockHash: hashOf(1) }, { kind: 'precommit', blockHash: hashOf(2) })],
    ['votes of two validators', () => evidenceOfVotes(voteOf(culprit), voteOf(other, { blockHash: hashOf(2) }))],
    ['votes of nobody in the set', () => evidenceOfVotes(voteOf(stranger), voteOf(stranger, { blockHash: hashOf(2) }))],
    [
      'a vote whose signature is of another',
      () => evidenceOfVotes(voteOf(culprit), { ...voteOf(other, { blockHash: hashOf(2) }), validator: culprit.address }),
    ],
    ['proposals of two heights', () => proposals({ height: 5 }, { height: 6, blockHash: hashOf(2) })],
    ['proposals of two rounds', () => proposals({ round: 1 }, { round: 2, blockHash: hashOf(2) })],
    ['proposals of two validators', () => evidenceOfProposals(proposalOf(culprit), proposalOf(other, { blockHash: hashOf(2) }))],
    ['the same proposal twice', () => ({ kind: 'duplicateProposal', first: proposalOf(culprit), second: proposalOf(culprit) })],
    ['a proposal that was not signed', () => evidenceOfProposals(proposalOf(culprit), { ...proposalOf(culprit), blockHash: hashOf(2) })],
    ['the two messages in the other order', () => ({ ...doubleVote, first: doubleVote.second, second: doubleVote.first }) as Evidence],
    [
      'two proposals in the other order',
      () => ({ ...doubleProposal, first: doubleProposal.second, second: doubleProposal.first }) as Evidence,
    ],
  ])('of %s does not hold', (_name, make) => {
    expect(holds(make())).toBe(false);
  });

  it('is good for one chain and for the set of its height only', () => {
    expect(verifyEvidence(cryptography, new Uint8Array(32) as never, consortium.set, doubleVote)).toBe(false);
    const without = { validators: consortium.set.validators.filter(({ address }) => address.join() !== culprit.address.join()) };
    expect(verifyEvidence(cryptography, GENESIS_HASH, without, doubleVote)).toBe(false);
  });
});

describe('the identity of evidence', () => {
  const id = (evidence: Evidence): string => evidenceId(cryptography, evidence).join();

  it('is the same whoever saw which message first (GHSA-p658-8693-mhvg)', () => {
    expect(id(votes({ blockHash: hashOf(2) }, { blockHash: hashOf(1) }))).toBe(id(doubleVote));
    expect(id(proposals({ blockHash: hashOf(2) }, { blockHash: hashOf(1) }))).toBe(id(doubleProposal));
  });

  it('does not depend on the signatures, of which the culprit can make many', () => {
    const flipped = (signature: Signature): Signature => signature.with(64, (signature[64] as number) ^ 1) as Signature;
    const again = { ...doubleVote, first: { ...doubleVote.first, signature: flipped(doubleVote.first.signature) } } as Evidence;
    expect(holds(again)).toBe(true);
    expect(evidenceCodec.encode(again)).not.toEqual(evidenceCodec.encode(doubleVote));
    expect(id(again)).toBe(id(doubleVote));
  });

  it('differs between offences', () => {
    const ids = [
      doubleVote,
      doubleProposal,
      votes({ blockHash: hashOf(1) }, { blockHash: hashOf(3) }),
      votes({ blockHash: hashOf(1) }, { blockHash: undefined }),
      votes({ round: 3, blockHash: hashOf(1) }, { round: 3, blockHash: hashOf(2) }),
      votes({ height: 6, blockHash: hashOf(1) }, { height: 6, blockHash: hashOf(2) }),
      votes({ kind: 'precommit', blockHash: hashOf(1) }, { kind: 'precommit', blockHash: hashOf(2) }),
      evidenceOfVotes(voteOf(other, { blockHash: hashOf(1) }), voteOf(other, { blockHash: hashOf(2) })),
    ].map(id);
    expect(new Set(ids).size).toBe(8);
  });
});

describe('bytes of evidence', () => {
  const refusal = (bytes: Uint8Array): unknown => {
    try {
      return evidenceCodec.decode(bytes);
    } catch (error) {
      return error instanceof ChainError ? error.code : error;
    }
  };

  it.each([
    ['votes', doubleVote, 'PROTOCOL_VOTE_BYTES_INVALID'],
    ['proposals', doubleProposal, 'PROTOCOL_PROPOSAL_BYTES_INVALID'],
  ])('of %s are refused when cut, lengthened or changed, or are the one form of others', (_name, evidence, inner) => {
    const bytes = evidenceCodec.encode(evidence);
    const codes = ['PROTOCOL_EVIDENCE_BYTES_INVALID', inner];
    for (let length = 0; length < bytes.length; length++) expect(codes).toContain(refusal(bytes.slice(0, length)));
    expect(codes).toContain(refusal(Uint8Array.of(...bytes, 0)));
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.with(at, (bytes[at] as number) ^ 1);
      const read = refusal(damaged);
      // Votes read as proposals are refused as proposals, and the other way round.
      if (typeof read === 'string') expect(read).toMatch(/^PROTOCOL_(EVIDENCE|VOTE|PROPOSAL)_BYTES_INVALID$/);
      else expect(evidenceCodec.encode(read as Evidence)).toEqual(damaged);
    }
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array, string]>([
    ['an unknown kind', (bytes) => bytes.with(0, 2), 'kind'],
    ['a first offset that is not 9', (bytes) => bytes.with(1, 10), 'container'],
    ['a second offset behind the end', (bytes) => bytes.with(6, 0xff), 'first'],
    ['two messages that are the same', (bytes) => Uint8Array.of(...bytes.slice(0, 140), ...bytes.slice(9, 140)), 'first'],
    ['two messages that fall', (bytes) => Uint8Array.of(...bytes.slice(0, 9), ...bytes.slice(140), ...bytes.slice(9, 140)), 'first'],
  ])('with %s are refused, naming the field', (_name, change, field) => {
    const bytes = change(evidenceCodec.encode(doubleVote));
    expect(() => evidenceCodec.decode(bytes)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_EVIDENCE_BYTES_INVALID', details: expect.objectContaining({ field }) }),
    );
  });

  it('with more bytes than a message has are refused before they are read', () => {
    const bytes = new Uint8Array(9 + 257);
    bytes.set([0, 9, 0, 0, 0, 10, 1]);
    expect(() => evidenceCodec.decode(bytes)).toThrow('first has to be bytes, at most 256');
  });
});
