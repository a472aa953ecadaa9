import type { Address } from '../bytes/branded.ts';
import { amount128, byteList, type Codec, containerCodec, fixedBytes, listOf, uint8, uint64 } from '../ssz/codec.ts';

/** Where a proposal stands, by stored number. ACCEPTED waits for its activation height; FAILED was accepted but not possible any more. */
export const PROPOSAL_STATUSES = ['OPEN', 'ACCEPTED', 'APPLIED', 'REJECTED', 'EXPIRED', 'FAILED'] as const;
/** Status of a proposal. */
export type ProposalStatus = (typeof PROPOSAL_STATUSES)[number];

/** An operator's voting power at the proposal's height, and the vote: 0 none, 1 no, 2 yes. */
export type Ballot = { readonly operator: Address; readonly power: bigint; readonly vote: number };

/** One proposed change; its id is the id of the transaction that proposed it. */
export type Proposal = {
  /** Raw bytes of the proposing transaction: the change is its message. */
  readonly change: Uint8Array;
  readonly proposer: Address;
  readonly height: number;
  /** Unix seconds after which it can no longer be accepted. */
  readonly deadlineSec: number;
  /** Height from which the change is in force once accepted. */
  readonly activationHeight: number;
  /** Position in `PROPOSAL_STATUSES`. */
  readonly status: number;
  readonly ballots: readonly Ballot[];
};

/** Canonical bytes of a proposal. */
export const proposalCodec: Codec<Proposal> = containerCodec({
  change: byteList(4400),
  proposer: fixedBytes<Address>(20),
  height: uint64,
  deadlineSec: uint64,
  activationHeight: uint64,
  status: uint8,
  ballots: listOf({ operator: fixedBytes<Address>(20), power: amount128, vote: uint8 }, 100),
});
