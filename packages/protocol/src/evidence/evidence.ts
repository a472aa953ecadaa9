import type { Address, Bytes32, GenesisHash } from '../bytes/branded.ts';
import { compareBytes, equalBytes } from '../bytes/byte-order.ts';
import { type ConsensusProposal, consensusProposalCodec, verifyProposal } from '../consensus-messages/proposal.ts';
import { type Vote, verifyVote, voteCodec } from '../consensus-messages/vote.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { byteList, type Codec, containerCodec, uint8 } from '../ssz/codec.ts';
import type { ValidatorSet } from '../validator/validator-set.ts';

/** Two signed messages of one validator that no honest validator signs both. `first` precedes `second` in byte order. */
export type Evidence =
  | { readonly kind: 'duplicateVote'; readonly first: Vote; readonly second: Vote }
  | { readonly kind: 'duplicateProposal'; readonly first: ConsensusProposal; readonly second: ConsensusProposal };

const KINDS = ['duplicateVote', 'duplicateProposal'] as const;
const codec = containerCodec({ kind: uint8, first: byteList(256), second: byteList(256) });

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
    let row: ReturnType<typeof codec.decode>;
    try {
      row = codec.decode(bytes);
    } catch (cause) {
      throw protocolError('PROTOCOL_EVIDENCE_BYTES_INVALID', 'bytes are not evidence: drop them', { field: 'evidence' }, cause);
    }
    if (KINDS[row.kind] === undefined) {
      throw protocolError('PROTOCOL_EVIDENCE_BYTES_INVALID', `${row.kind} is no kind of evidence`, { field: 'kind' });
    }
    if (compareBytes(row.first, row.second) >= 0) {
      throw protocolError('PROTOCOL_EVIDENCE_BYTES_INVALID', 'the two messages must differ and ascend', { field: 'first' });
    }
    return KINDS[row.kind] === 'duplicateVote'
      ? { kind: 'duplicateVote', first: voteCodec.decode(row.first), second: voteCodec.decode(row.second) }
      : {
          kind: 'duplicateProposal',
          first: consensusProposalCodec.decode(row.first),
          second: consensusProposalCodec.decode(row.second),
        };
  },
};

/** Identity of evidence: SHA-256 of its canonical bytes, in which the two messages have one order only. */
export function evidenceId(cryptography: Pick<Cryptography, 'sha256'>, evidence: Evidence): Bytes32 {
  return cryptography.sha256(evidenceCodec.encode(evidence)) as Bytes32;
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

/** Whether the evidence proves equivocation by a member of its height's set: same place, different content, both signatures good. Never throws. */
export function verifyEvidence(cryptography: Cryptography, genesisHash: GenesisHash, set: ValidatorSet, evidence: Evidence): boolean {
  return isConflict(evidence) && areSigned(cryptography, genesisHash, set, evidence);
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
