import type { BlockHash, CommitCertificate } from '@mutual-chain/protocol';

/** A committed block as peers send it; nothing of it is verified. */
export type FetchedBlock = { readonly certificate: CommitCertificate; readonly body: Uint8Array };

/**
 * Everything that can happen to sync. `nowMs`: monotonic time of the arrival, ms. Inputs that are late, repeated or of no concern are legal.
 */
export type SyncInput = { readonly nowMs: number } & (
  | {
      /** A linked peer says what it has: in its hello, and whenever it commits. Leads to requests with deadlines, and to nothing else. */
      readonly type: 'peerClaimed';
      readonly peer: string;
      /** Its last committed height. */
      readonly height: number;
      /** The lowest height whose block it still has. */
      readonly earliestHeight: number;
    }
  | { readonly type: 'peerGone'; readonly peer: string }
  /** Answer to `requestBlocks`: blocks from the height that was asked for, ascending, perhaps fewer than asked for. */
  | { readonly type: 'blocksReceived'; readonly requestId: number; readonly peer: string; readonly blocks: readonly FetchedBlock[] }
  /** Answer to `requestBody`: the body of that hash, nothing, or the body of another. A body that was found goes to consensus at once. */
  | { readonly type: 'bodyAnswered'; readonly requestId: number; readonly peer: string; readonly result: 'found' | 'absent' | 'wrong' }
  /** A request was declined, or could not be sent, or its link broke. */
  | { readonly type: 'requestFailed'; readonly requestId: number; readonly peer: string }
  /** Answer to `applyBlock`: certificate or body is wrong. */
  | { readonly type: 'blockRefused'; readonly height: number }
  /** The chain has committed a height, whichever way it came. */
  | { readonly type: 'heightCommitted'; readonly height: number }
  | {
      /** Consensus needs a body; `holders` are linked peers that should have it. May be said again. */
      readonly type: 'bodyWanted';
      readonly height: number;
      readonly blockHash: BlockHash;
      readonly holders: readonly string[];
    }
  /** Consensus has the body. */
  | { readonly type: 'bodyReceived'; readonly blockHash: BlockHash }
  /** Time has passed: the moment of the last `wakeAt`. */
  | { readonly type: 'woken' }
);
