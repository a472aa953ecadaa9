import type { Address, BlockHash, CommitCertificate, Evidence } from '@mutual-chain/protocol';
import type { PeerStatus } from './height/peer-status.ts';
import type { LoggedInput, SignRequest, Timeout } from './input.ts';
import type { VerifiedProposal, VerifiedVote } from './messages/verified.ts';

/*
 * What consensus wants done. The contract of whoever runs the effects:
 *
 * - They are executed in order; the answers come back as inputs, in any order and at any time, or never.
 * - `sign` and every `send…` wait until all `recordInLog` before them, of this and of earlier steps, are durable.
 * - `sign` goes to the signer alone, in order, and its guard's last-sign state is durable before a signature comes back.
 * - `commitBlock` makes the block and its certificate durable before the state, and both before the next `heightStarted`.
 * - Nothing else is sent in the name of this validator.
 */

/** All connected peers, or one. */
export type Recipient = 'all' | { readonly peer: string };

/** Something to do. */
export type Effect =
  /** Append to the write-ahead log. */
  | { readonly type: 'recordInLog'; readonly input: LoggedInput }
  /** Answer: `voteSigned` or `proposalSigned`, or `signatureRefused`. */
  | { readonly type: 'sign'; readonly request: SignRequest }
  /** The proposal together with the body of its block. */
  | { readonly type: 'sendProposal'; readonly to: Recipient; readonly proposal: VerifiedProposal }
  | { readonly type: 'sendVotes'; readonly to: Recipient; readonly votes: readonly VerifiedVote[] }
  | { readonly type: 'sendStatus'; readonly to: Recipient; readonly status: PeerStatus }
  /** Answer after `durationMs`: `timeoutExpired`. A timer that is set already stays as it is. */
  | { readonly type: 'scheduleTimeout'; readonly timeout: Timeout; readonly durationMs: number }
  /** Timers of lower heights, and those of this height that belong to a lower round, may be dropped: none of them would change anything. */
  | { readonly type: 'cancelTimeoutsBefore'; readonly height: number; readonly round: number }
  /** Answer: `blockBuilt` or `buildFailed`, not before the clock is past the parent's time. */
  | { readonly type: 'buildBlock'; readonly height: number; readonly round: number }
  /** Execute a stored block in an overlay, never in the database. Answer: `blockValidated`. */
  | { readonly type: 'validateBlock'; readonly height: number; readonly blockHash: BlockHash }
  /** Fetch a body, by hash, from any peer; `holders` are validators that should have it. Answer, when it is durable: `blockReceived`. */
  | { readonly type: 'requestBlock'; readonly height: number; readonly blockHash: BlockHash; readonly holders: readonly Address[] }
  /** The height is decided. Answer, when committed: `heightStarted` of the next. */
  | { readonly type: 'commitBlock'; readonly height: number; readonly blockHash: BlockHash; readonly certificate: CommitCertificate }
  /** A validator signed what no honest one signs. */
  | { readonly type: 'reportEquivocation'; readonly evidence: Evidence }
  /** A decided block is invalid here: more than a third of the power is faulty, or this node is. Dump and stop; never commit, never skip it. */
  | {
      readonly type: 'halt';
      readonly height: number;
      readonly blockHash: BlockHash;
      readonly certificate: CommitCertificate;
      readonly reason: string;
    };
