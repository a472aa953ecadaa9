import type { Address, Bytes32, GenesisHash, Signature } from '../bytes/branded.ts';
import { compareBytes, equalBytes } from '../bytes/byte-order.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { type ConsensusProposal, consensusProposalCodec, verifyProposal } from '../consensus-messages/proposal.ts';
import { type Vote, verifyVote, voteCodec } from '../consensus-messages/vote.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { byteList, type Codec, containerCodec, uint8 } from '../ssz/codec.ts';
import { decodeAs, type Expectation } from '../ssz/decode-as.ts';
import type { ValidatorSet } from '../validator/validator-set.ts';

/** Two signed messages of one validator that no honest validator signs both. `first` precedes `second` in byte order. */
export type Evidence =
  | { readonly kind: 'duplicateVote'; readonly first: Vote; readonly second: Vote }
  | { readonly kind: 'duplicateProposal'; readonly first: ConsensusProposal; readonly second: ConsensusProposal };

const KINDS = ['duplicateVote', 'duplicateProposal'] as const;
const codec = containerCodec({ kind: uint8, first: byteList(256), second: byteList(256) });

const EXPECTED: Expectation = { code: 'PROTOCOL_EVIDENCE_BYTES_INVALID', name: 'evidence', remedy: 'drop them' };

/** Canonical bytes of evidence. Errors of decode: `PROTOCOL_EVIDENCE_BYTES_INVALID`, or those of the messages. */
export const evidenceCodec: Codec<Evidence> = {
  encode: (evidence) => {
    const parts =
      evidence.kind === 'duplicateVote'
        ? [voteCodec.encode(evidence.first), voteCodec.encode(evidence.second)]
        : [consensusProposalCodec.encode(evidence.first), consensusProposalCodec.encode(evidence.second)];
    const [first = new Uint8Array(0), second = new Uint8Array(0)] = parts;
    return codec.encode({ kind: KINDS.indexOf(evidence.kind), first, second });
  },
  decode: (bytes) => {
    const row = decodeAs(EXPECTED, codec, bytes);
    if (KINDS[row.kind] === undefined) throw invalid('kind', `${row.kind} is no kind of evidence`);
    if (compareBytes(row.first, row.second) >= 0) throw invalid('first', 'the two messages must differ and ascend');
    return KINDS[row.kind] === 'duplicateVote'
      ? { kind: 'duplicateVote', first: voteCodec.decode(row.first), second: voteCodec.decode(row.second) }
      : {
          kind: 'duplicateProposal',
          first: consensusProposalCodec.decode(row.first),
          second: consensusProposalCodec.decode(row.second),
        };
  },
};

function invalid(field: string, message: string): Error {
  return protocolError(EXPECTED.code, message, { field });
}

const ID_DOMAIN = encodeUtf8('mutual-chain/evidence/v1');
const NO_SIGNATURE = new Uint8Array(65) as Signature;

/**
 * Identity of evidence: SHA-256(domain ‖ canonical bytes with zeros for both signatures), the two messages in their one order.
 *
 * The signatures are left out because the accused can make any number of them over the same messages: one offence has one id.
 */
export function evidenceId(cryptography: Pick<Cryptography, 'sha256'>, evidence: Evidence): Bytes32 {
  const bytes = evidenceCodec.encode(withoutSignatures(evidence));
  const preimage = new Uint8Array(ID_DOMAIN.length + bytes.length);
  preimage.set(ID_DOMAIN);
  preimage.set(bytes, ID_DOMAIN.length);
  return cryptography.sha256(preimage) as Bytes32;
}

function withoutSignatures(evidence: Evidence): Evidence {
  const first = { ...evidence.first, signature: NO_SIGNATURE };
  const second = { ...evidence.second, signature: NO_SIGNATURE };
  return { ...evidence, first, second } as Evidence;
}

/** Who is accused. */
export function accusedOf(evidence: Evidence): Address {
  return evidence.kind === 'duplicateVote' ? evidence.first.validator : evidence.first.proposer;
}

/** Height of the double signature. */
export function evidenceHeight(evidence: Evidence): number {
  return evidence.first.height;
}

/** Evidence of two messages, in their one order. */
export function evidenceOfVotes(left: Vote, right: Vote): Evidence {
  const ordered = compareBytes(voteCodec.encode(left), voteCodec.encode(right)) < 0;
  return { kind: 'duplicateVote', first: ordered ? left : right, second: ordered ? right : left };
}

/** Evidence of two proposals, in their one order. */
export function evidenceOfProposals(left: ConsensusProposal, right: ConsensusProposal): Evidence {
  const ordered = compareBytes(consensusProposalCodec.encode(left), consensusProposalCodec.encode(right)) < 0;
  return { kind: 'duplicateProposal', first: ordered ? left : right, second: ordered ? right : left };
}

/**
 * Whether the evidence proves equivocation by a member of its height's set: same place, different content, the two messages in their one
 * order, both signatures good. Never throws on what `evidenceCodec` has read.
 */
export function verifyEvidence(cryptography: Cryptography, genesisHash: GenesisHash, set: ValidatorSet, evidence: Evidence): boolean {
  return isConflict(evidence) && isOrdered(evidence) && areSigned(cryptography, genesisHash, set, evidence);
}

function isOrdered(evidence: Evidence): boolean {
  return evidence.kind === 'duplicateVote'
    ? compareBytes(voteCodec.encode(evidence.first), voteCodec.encode(evidence.second)) < 0
    : compareBytes(consensusProposalCodec.encode(evidence.first), consensusProposalCodec.encode(evidence.second)) < 0;
}

function isConflict(evidence: Evidence): boolean {
  if (evidence.kind === 'duplicateVote') {
    const { first, second } = evidence;
    const samePlace = first.kind === second.kind && first.height === second.height && first.round === second.round;
    return samePlace && equalBytes(first.validator, second.validator) && !sameBlock(first.blockHash, second.blockHash);
  }
  const { first, second } = evidence;
  const samePlace = first.height === second.height && first.round === second.round;
  const sameContent = sameBlock(first.blockHash, second.blockHash) && first.validRound === second.validRound;
  return samePlace && equalBytes(first.proposer, second.proposer) && !sameContent;
}

function sameBlock(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return equalBytes(left, right);
}

function areSigned(cryptography: Cryptography, genesisHash: GenesisHash, set: ValidatorSet, evidence: Evidence): boolean {
  return evidence.kind === 'duplicateVote'
    ? verifyVote(cryptography, genesisHash, set, evidence.first) && verifyVote(cryptography, genesisHash, set, evidence.second)
    : verifyProposal(cryptography, genesisHash, set, evidence.first) && verifyProposal(cryptography, genesisHash, set, evidence.second);
}
