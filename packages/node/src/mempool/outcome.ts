import type { TransactionId } from '@mutual-chain/protocol';
import type { Source } from './pool-transaction.ts';
import type { Refusal } from './refusal.ts';

/**
 * What to do with a transaction whose signature has not been verified.
 * `verify`: now, and then `admit` or `verificationFailed`. `verifying`: somebody else's copy is being verified. `known`: it is here, or
 * committed; that is no error.
 */
export type ScreenOutcome =
  | { readonly type: 'verify' }
  | { readonly type: 'verifying' }
  | { readonly type: 'known' }
  | { readonly type: 'refused'; readonly refusal: Refusal };

/**
 * What became of a verified transaction. `parked`: an earlier nonce is missing; it is not admitted, and until `untilMs` a change says whether
 * it is admitted or dropped.
 */
export type AdmissionOutcome =
  | { readonly type: 'admitted' }
  | { readonly type: 'parked'; readonly untilMs: number }
  | { readonly type: 'known' }
  | { readonly type: 'refused'; readonly refusal: Refusal };

/** How an admitted transaction ended. `rejected`: another transaction took its nonce (`NONCE_USED`). */
export type EndStatus = 'committed' | 'expired' | 'rejected';

/** Something that happened to a transaction, for the journal, the gossip and whoever waits for an answer. */
export type MempoolChange<Verified> =
  /** Kept until it ends: to be told to the other nodes. */
  | { readonly type: 'admitted'; readonly transaction: Verified; readonly source: Source }
  /** Was parked and is gone. Never an admitted one. */
  | { readonly type: 'dropped'; readonly id: TransactionId; readonly source: Source; readonly refusal: Refusal }
  | EndedChange;

/** A transaction that was here is done. */
export type EndedChange = { readonly type: 'ended'; readonly id: TransactionId; readonly source: Source; readonly status: EndStatus };

/** Status of a transaction that was admitted here, as clients see it; `committed` is for the chain to say. */
export type MempoolStatus =
  | { readonly status: 'pending' }
  | { readonly status: 'expired' }
  | { readonly status: 'rejected'; readonly code: 'NONCE_USED' };
