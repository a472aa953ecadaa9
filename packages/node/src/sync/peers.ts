import { type Draft, update } from './draft.ts';
import type { CutReason } from './sync-effect.ts';
import type { SyncPeer, SyncState } from './sync-state.ts';

/** A peer by its name. */
function findPeer({ peers }: SyncState, peer: string): SyncPeer | undefined {
  return peers.find((each) => each.peer === peer);
}

/** Takes a claim: of a new peer if there is room, and of a linked one if it does not take back what it said. */
export function takeClaim(draft: Draft, peer: string, height: number, earliestHeight: number, nowMs: number): void {
  const known = findPeer(draft.state, peer);
  const isNumber = Number.isSafeInteger(height) && Number.isSafeInteger(earliestHeight);
  if (!isNumber || height < 0 || earliestHeight < 0 || earliestHeight > height + 1) {
    cutPeer(draft, peer, 'CLAIM_INVALID', nowMs);
    return;
  }
  if (known?.isLinked === true && height < known.height) {
    cutPeer(draft, peer, 'CLAIM_REGRESSED', nowMs);
    return;
  }
  if (known === undefined) addPeer(draft, { peer, isLinked: true, height, earliestHeight, failures: 0, pausedUntilMs: 0 });
  else changePeer(draft, peer, { isLinked: true, height, earliestHeight });
}

/** Takes note that a link is down. A peer that left requests open has failed them. */
export function loseLink(draft: Draft, peer: string, nowMs: number): void {
  const { ranges, bodyRequests } = draft.state;
  const isOwing = ranges.some((each) => each.peer === peer) || bodyRequests.some((each) => each.peer === peer);
  if (isOwing) noteFailure(draft, peer, nowMs);
  dropRequests(draft, peer);
  changePeer(draft, peer, { isLinked: false });
  if (findPeer(draft.state, peer)?.failures === 0) update(draft, { peers: draft.state.peers.filter((each) => each.peer !== peer) });
}

/** Counts a failure, and leaves the peer alone for a while that doubles each time. */
export function noteFailure(draft: Draft, peer: string, nowMs: number): void {
  const known = findPeer(draft.state, peer);
  if (known === undefined) return;
  const { pauseFirstMs, pauseMaxMs } = draft.state.limits;
  const doublings = Math.min(known.failures, 30);
  const pauseMs = Math.min(pauseFirstMs * 2 ** doublings, pauseMaxMs);
  changePeer(draft, peer, { failures: known.failures + 1, pausedUntilMs: Math.max(known.pausedUntilMs, nowMs + pauseMs) });
}

/** A block of this peer was committed, which makes up for one failure. */
export function noteSuccess(draft: Draft, peer: string): void {
  const failures = findPeer(draft.state, peer)?.failures ?? 0;
  if (failures > 0) changePeer(draft, peer, { failures: failures - 1 });
}

/** Ends the link to a peer that broke the rules, and forgets all that came from it. */
export function cutPeer(draft: Draft, peer: string, reason: CutReason, nowMs: number): void {
  const known = findPeer(draft.state, peer);
  dropRequests(draft, peer);
  update(draft, { buffered: draft.state.buffered.filter((each) => each.peer !== peer) });
  if (known !== undefined) {
    const pausedUntilMs = nowMs + draft.state.limits.pauseMaxMs;
    changePeer(draft, peer, { isLinked: false, height: 0, earliestHeight: 0, failures: known.failures + 1, pausedUntilMs });
  }
  draft.effects.push({ type: 'cutPeer', peer, reason });
}

function addPeer(draft: Draft, added: SyncPeer): void {
  const { peers, limits } = draft.state;
  const forgettable = peers.length < limits.peersMax ? undefined : peers.find(({ isLinked }) => !isLinked);
  if (peers.length >= limits.peersMax && forgettable === undefined) return;
  update(draft, { peers: [...peers.filter((each) => each !== forgettable), added] });
}

function changePeer(draft: Draft, peer: string, changes: Partial<SyncPeer>): void {
  update(draft, { peers: draft.state.peers.map((each) => (each.peer === peer ? { ...each, ...changes } : each)) });
}

function dropRequests(draft: Draft, peer: string): void {
  update(draft, {
    ranges: draft.state.ranges.filter((each) => each.peer !== peer),
    bodyRequests: draft.state.bodyRequests.filter((each) => each.peer !== peer),
  });
}
