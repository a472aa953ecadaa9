import type { BlockHash, Signature } from '@mutual-chain/protocol';
import { SYNC_LIMITS, type SyncLimits } from '../../src/sync/limits.ts';
import { syncStep } from '../../src/sync/step.ts';
import type { SyncEffect } from '../../src/sync/sync-effect.ts';
import type { FetchedBlock, SyncInput } from '../../src/sync/sync-input.ts';
import { createSyncState, type SyncState } from '../../src/sync/sync-state.ts';

/** A hash that is recognised by its first byte. */
export function hashOf(first: number): BlockHash {
  return new Uint8Array(32).fill(first) as BlockHash;
}

/** A block as a peer sends it, with one signature and a body of so many bytes. */
export function fetchedBlock(height: number, bodyBytes = 100): FetchedBlock {
  const signature = new Uint8Array(65) as Signature;
  return {
    certificate: { height, round: 0, blockHash: hashOf(height % 256), signatures: [{ validatorIndex: 0, signature }] },
    body: new Uint8Array(bodyBytes),
  };
}

/** Blocks of consecutive heights. */
export function fetchedBlocks(fromHeight: number, count: number): readonly FetchedBlock[] {
  return Array.from({ length: count }, (_, index) => fetchedBlock(fromHeight + index));
}

/** Limits small enough to be reached in a few lines. */
export const SMALL_LIMITS: SyncLimits = {
  ...SYNC_LIMITS,
  peersMax: 4,
  rangeBlocksMax: 2,
  requestsMax: 4,
  windowBlocksMax: 8,
  bodiesMax: 2,
};

/** A sync that is told one thing after the other. */
export class SyncRun {
  state: SyncState;

  constructor(height: number, limits: SyncLimits = SMALL_LIMITS) {
    this.state = createSyncState(height, limits);
  }

  /** Effects of an input. */
  tell(input: SyncInput): readonly SyncEffect[] {
    const { state, effects } = syncStep(this.state, input);
    this.state = state;
    return effects;
  }

  /** Effects of an input, in short: without those that only set the alarm. */
  act(input: SyncInput): readonly string[] {
    return this.tell(input).flatMap(inShort);
  }

  /** A claim of a peer that has everything from genesis. */
  claim(peer: string, height: number, nowMs: number): readonly string[] {
    return this.act({ type: 'peerClaimed', peer, height, earliestHeight: 0, nowMs });
  }

  answer(requestId: number, peer: string, blocks: readonly FetchedBlock[], nowMs: number): readonly string[] {
    return this.act({ type: 'blocksReceived', requestId, peer, blocks, nowMs });
  }

  commit(height: number, nowMs: number): readonly string[] {
    return this.act({ type: 'heightCommitted', height, nowMs });
  }

  wake(nowMs: number): readonly string[] {
    return this.act({ type: 'woken', nowMs });
  }
}

function inShort(effect: SyncEffect): readonly string[] {
  switch (effect.type) {
    case 'requestBlocks':
      return [`#${effect.requestId} ${effect.peer}: blocks ${effect.fromHeight}+${effect.count}`];
    case 'requestBody':
      return [`#${effect.requestId} ${effect.peer}: body ${effect.blockHash[0]} of ${effect.height}`];
    case 'applyBlock':
      return [`apply ${effect.height} of ${effect.peer}`];
    case 'cutPeer':
      return [`cut ${effect.peer}: ${effect.reason}`];
    case 'wakeAt':
      return [];
  }
}
