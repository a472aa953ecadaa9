import type { BlockHash } from '@mutual-chain/protocol';
import { SYNC_LIMITS, type SyncLimits } from './limits.ts';
import type { FetchedBlock } from './sync-input.ts';

/** What is known of a peer. One that is gone is remembered while it has failures to its name. */
export type SyncPeer = {
  readonly peer: string;
  readonly isLinked: boolean;
  /** What it claims to have, as of its last claim: heights `earliestHeight` to `height`. */
  readonly height: number;
  readonly earliestHeight: number;
  /** Failures that no committed block of this peer has made up for. */
  readonly failures: number;
  /** Nothing is asked of it before, ms. */
  readonly pausedUntilMs: number;
};

/** A request for blocks that is under way. */
export type RangeRequest = {
  readonly requestId: number;
  readonly peer: string;
  readonly fromHeight: number;
  readonly count: number;
  readonly sentAtMs: number;
};

/** A fetched block that waits until those before it are committed. */
export type BufferedBlock = { readonly height: number; readonly peer: string; readonly bytes: number; readonly block: FetchedBlock };

/** A body that consensus needs. */
export type WantedBody = {
  readonly height: number;
  readonly blockHash: BlockHash;
  /** Peers that should have it. */
  readonly holders: readonly string[];
  /** Peers asked since the turn last began. */
  readonly asked: readonly string[];
  readonly lastAskedMs: number | undefined;
};

/** A request for a body that is under way. */
export type BodyRequest = { readonly requestId: number; readonly peer: string; readonly blockHash: BlockHash; readonly sentAtMs: number };

/** Everything sync knows. Immutable. */
export type SyncState = {
  readonly limits: SyncLimits;
  /** Last committed height. */
  readonly height: number;
  /** Since when a peer that may be asked claims more than `height`, ms. */
  readonly behindSinceMs: number | undefined;
  /** In the order in which they were first heard of. */
  readonly peers: readonly SyncPeer[];
  readonly ranges: readonly RangeRequest[];
  /** Ascending, each height once. */
  readonly buffered: readonly BufferedBlock[];
  /** The block that is being verified and executed, and whose it was. */
  readonly applying: { readonly height: number; readonly peer: string } | undefined;
  readonly bodies: readonly WantedBody[];
  readonly bodyRequests: readonly BodyRequest[];
  readonly nextRequestId: number;
  /** Time of the last `wakeAt` that has not come. */
  readonly wakeAtMs: number | undefined;
};

/** The beginning: nothing heard of anybody. */
export function createSyncState(height: number, limits: SyncLimits = SYNC_LIMITS): SyncState {
  return {
    limits,
    height,
    behindSinceMs: undefined,
    peers: [],
    ranges: [],
    buffered: [],
    applying: undefined,
    bodies: [],
    bodyRequests: [],
    nextRequestId: 0,
    wakeAtMs: undefined,
  };
}

/** Where a node stands, for operators and for the answer whether it is syncing. */
export type SyncProgress = {
  readonly height: number;
  /** Highest height that a believed peer claims; `height` when there is none above. */
  readonly targetHeight: number;
  readonly requests: number;
  readonly bufferedBlocks: number;
  readonly bufferedBytes: number;
  /** Linked peers that are believed at present. */
  readonly believedPeers: number;
  /** Whether all believed peers that are ahead have pruned the next block: nobody can help but by a snapshot. */
  readonly isNextPruned: boolean;
};

/** Where the node stands. */
export function progressOf(state: SyncState): SyncProgress {
  const believed = state.peers.filter(isBelieved);
  const ahead = believed.filter(({ height }) => height > state.height);
  return {
    height: state.height,
    targetHeight: targetOf(state),
    requests: state.ranges.length,
    bufferedBlocks: state.buffered.length,
    bufferedBytes: bufferedBytes(state),
    believedPeers: believed.length,
    isNextPruned: ahead.length > 0 && ahead.every(({ earliestHeight }) => earliestHeight > state.height + 1),
  };
}

/** Bytes of the blocks that wait. */
export function bufferedBytes({ buffered }: SyncState): number {
  return buffered.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Whether a peer's claim counts: it is linked, and has made up for what it failed. */
function isBelieved({ isLinked, failures }: SyncPeer): boolean {
  return isLinked && failures === 0;
}

/** Highest height that a believed peer claims, at least the own one. */
function targetOf({ peers, height }: SyncState): number {
  return peers.filter(isBelieved).reduce((highest, each) => Math.max(highest, each.height), height);
}
