import { type Draft, update } from './draft.ts';
import { cutPeer, loseLink, noteFailure, noteSuccess, takeClaim } from './peers.ts';
import { applyNext, receiveBlocks } from './receive-blocks.ts';
import { bodyTimes, forgetBodiesUntil, forgetBody, receiveBodyAnswer, requestBodies, wantBody } from './request-bodies.ts';
import { noteBehind, rangeTimes, requestRanges } from './request-ranges.ts';
import type { SyncEffect } from './sync-effect.ts';
import type { SyncInput } from './sync-input.ts';
import type { SyncState } from './sync-state.ts';

/** What came of an input. */
export type SyncStep = { readonly state: SyncState; readonly effects: readonly SyncEffect[] };

/**
 * Takes one input: the next state, and what is to be done about it.
 *
 * Pure: the same state and input give the same step. What peers claim leads to requests with deadlines and to nothing else. Blocks are applied in the order of
 * their heights, one at a time, and each is verified when its turn comes. Sync never ends: a node that is up to date goes on listening.
 */
export function syncStep(state: SyncState, input: SyncInput): SyncStep {
  const draft: Draft = { state, effects: [] };
  take(draft, input);
  failOverdue(draft, input.nowMs);
  noteBehind(draft, input.nowMs);
  applyNext(draft);
  requestRanges(draft, input.nowMs);
  requestBodies(draft, input.nowMs);
  scheduleWake(draft, input.nowMs);
  return draft;
}

function take(draft: Draft, input: SyncInput): void {
  const { nowMs } = input;
  switch (input.type) {
    case 'peerClaimed':
      takeClaim(draft, input.peer, input.height, input.earliestHeight, nowMs);
      return;
    case 'peerGone':
      loseLink(draft, input.peer, nowMs);
      return;
    case 'blocksReceived':
      receiveBlocks(draft, input);
      return;
    case 'bodyAnswered':
      receiveBodyAnswer(draft, input);
      return;
    case 'requestFailed':
      failRequest(draft, input.requestId, input.peer, nowMs);
      return;
    case 'blockRefused':
      refuseBlock(draft, input.height, nowMs);
      return;
    case 'heightCommitted':
      commitHeight(draft, input.height);
      return;
    case 'bodyWanted':
      wantBody(draft, input);
      return;
    case 'bodyReceived':
      forgetBody(draft, input.blockHash);
      return;
    case 'woken':
      // The timer is spent, whatever time it is.
      update(draft, { wakeAtMs: undefined });
      return;
  }
}

function commitHeight(draft: Draft, height: number): void {
  const { state } = draft;
  if (height <= state.height) return;
  const { applying } = state;
  if (applying?.height === height) noteSuccess(draft, applying.peer);
  const isStillApplying = applying !== undefined && applying.height > height;
  update(draft, {
    height,
    behindSinceMs: undefined,
    applying: isStillApplying ? applying : undefined,
    buffered: draft.state.buffered.filter((each) => each.height > height),
  });
  forgetBodiesUntil(draft, height);
}

function refuseBlock(draft: Draft, height: number, nowMs: number): void {
  const { applying } = draft.state;
  if (applying?.height !== height) return;
  update(draft, { applying: undefined });
  cutPeer(draft, applying.peer, 'BLOCK_INVALID', nowMs);
}

function failRequest(draft: Draft, requestId: number, peer: string, nowMs: number): void {
  const { ranges, bodyRequests } = draft.state;
  const isIt = (each: { readonly requestId: number; readonly peer: string }): boolean => each.requestId === requestId && each.peer === peer;
  if (!ranges.some(isIt) && !bodyRequests.some(isIt)) return;
  update(draft, { ranges: ranges.filter((each) => !isIt(each)), bodyRequests: bodyRequests.filter((each) => !isIt(each)) });
  noteFailure(draft, peer, nowMs);
}

/** Requests that were not answered in time have failed; answers that come later are of no concern. */
function failOverdue(draft: Draft, nowMs: number): void {
  const { ranges, bodyRequests, limits } = draft.state;
  for (const { requestId, peer, sentAtMs } of [...ranges, ...bodyRequests])
    if (nowMs >= sentAtMs + limits.requestDeadlineMs) failRequest(draft, requestId, peer, nowMs);
}

/** Asks to be woken when something is due, unless that is arranged already. */
function scheduleWake(draft: Draft, nowMs: number): void {
  const times = [...rangeTimes(draft.state), ...bodyTimes(draft.state)].filter((atMs) => atMs > nowMs);
  const wakeAtMs = times.length === 0 ? undefined : times.reduce((earliest, atMs) => Math.min(earliest, atMs));
  if (wakeAtMs === draft.state.wakeAtMs) return;
  update(draft, { wakeAtMs });
  if (wakeAtMs !== undefined) draft.effects.push({ type: 'wakeAt', atMs: wakeAtMs });
}
