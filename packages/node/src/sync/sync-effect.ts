import type { BlockHash } from '@mutual-chain/protocol';
import type { FetchedBlock } from './sync-input.ts';

/** How a peer broke the rules: what no honest node does. */
export const CUT_REASONS = {
  CLAIM_INVALID: 'a peer claims heights that are none',
  CLAIM_REGRESSED: 'a peer claims a lower height than before',
  ANSWER_MALFORMED: 'an answer has other blocks than those that were asked for, or too much',
  BLOCK_INVALID: 'a block is not the one that was decided at its height',
  BODY_WRONG: 'a body has another hash than the one that was asked for',
} as const;

/** A code of `CUT_REASONS`. */
export type CutReason = keyof typeof CUT_REASONS;

/** Something to do, in order; what is answered comes back as an input, at any time, or never. */
export type SyncEffect =
  /** Answer: `blocksReceived` or `requestFailed`. The deadline is kept here. */
  | {
      readonly type: 'requestBlocks';
      readonly requestId: number;
      readonly peer: string;
      readonly fromHeight: number;
      readonly count: number;
    }
  /** Answer: `bodyAnswered` or `requestFailed`. */
  | {
      readonly type: 'requestBody';
      readonly requestId: number;
      readonly peer: string;
      readonly height: number;
      readonly blockHash: BlockHash;
    }
  /** Verify the certificate and the body of the next height, execute and commit. Answer: `heightCommitted` or `blockRefused`. */
  | { readonly type: 'applyBlock'; readonly peer: string; readonly height: number; readonly block: FetchedBlock }
  /** End the link to a peer. */
  | { readonly type: 'cutPeer'; readonly peer: string; readonly reason: CutReason }
  /** Answer at this time: `woken`. Replaces the one before. */
  | { readonly type: 'wakeAt'; readonly atMs: number };
