import { type Draft, update } from './draft.ts';
import { bufferedBytes, type RangeRequest, type SyncPeer, type SyncState } from './sync-state.ts';

type Gap = { readonly fromHeight: number; readonly count: number; readonly isNext: boolean };

/** Notes since when the node is behind. */
export function noteBehind(draft: Draft, nowMs: number): void {
  const { height, behindSinceMs } = draft.state;
  const isBehind = claimedHeight(draft.state, nowMs) > height;
  if (isBehind !== (behindSinceMs !== undefined)) update(draft, { behindSinceMs: isBehind ? nowMs : undefined });
}

/**
 * Asks for the blocks that are missing, the next ones first, of peers that claim to have them.
 *
 * The blocks that come next have requests and bytes kept free for them, so that nothing that was fetched ahead can keep them out.
 */
export function requestRanges(draft: Draft, nowMs: number): void {
  while (requestOne(draft, nowMs));
}

function requestOne(draft: Draft, nowMs: number): boolean {
  for (const gap of gapsOf(draft.state, nowMs)) {
    const peer = choosePeer(draft.state, gap, nowMs);
    if (peer === undefined) continue;
    if (gap.isNext) makeRoomForNext(draft);
    if (!hasRoom(draft.state, gap)) continue;
    request(draft, gap, peer, nowMs);
    return true;
  }
  return false;
}

/** When something changes by time alone, ms. */
export function rangeTimes({ ranges, limits, height, behindSinceMs, peers }: SyncState): readonly number[] {
  const ofRequests = ranges.flatMap(({ sentAtMs, fromHeight, count }) => [
    sentAtMs + limits.requestDeadlineMs,
    ...(isNextOf(height, fromHeight, count) ? [sentAtMs + limits.secondRequestMs] : []),
  ]);
  const ofPauses = peers.filter((each) => each.isLinked && each.height > height).map(({ pausedUntilMs }) => pausedUntilMs);
  return [...ofRequests, ...ofPauses, ...(behindSinceMs === undefined ? [] : [behindSinceMs + limits.oneBehindGraceMs])];
}

/** Runs of heights that are neither here nor asked for, within the window, each no longer than a request. */
function gapsOf(state: SyncState, nowMs: number): readonly Gap[] {
  const { height, limits, buffered, applying } = state;
  const highest = Math.min(reachOf(state, nowMs), height + limits.windowBlocksMax);
  const here = new Set(buffered.map((each) => each.height));
  if (applying !== undefined) here.add(applying.height);
  const asked = state.ranges.filter((each) => !isToBeAskedAgain(state, each, nowMs));
  const isMissing = (at: number): boolean =>
    !here.has(at) && !asked.some(({ fromHeight, count }) => at >= fromHeight && at < fromHeight + count);
  const gaps: Gap[] = [];
  for (let at = height + 1; at <= highest; at++) {
    if (!isMissing(at)) continue;
    const fromHeight = at;
    while (at < highest && at - fromHeight + 1 < limits.rangeBlocksMax && isMissing(at + 1)) at++;
    gaps.push({ fromHeight, count: at - fromHeight + 1, isNext: fromHeight === height + 1 });
  }
  return gaps;
}

/** Highest height worth asking for now: mostly consensus is about to commit the one that a single block is missing to. */
function reachOf(state: SyncState, nowMs: number): number {
  const { height, behindSinceMs, limits } = state;
  const claimed = claimedHeight(state, nowMs);
  const isAboutToCommit = claimed === height + 1 && nowMs < (behindSinceMs ?? nowMs) + limits.oneBehindGraceMs;
  return isAboutToCommit ? height : claimed;
}

/** Highest height that a peer claims which may be asked now; at least the own one. */
function claimedHeight({ height, peers }: SyncState, nowMs: number): number {
  return peers
    .filter(({ isLinked, pausedUntilMs }) => isLinked && pausedUntilMs <= nowMs)
    .reduce((highest, each) => Math.max(highest, each.height), height);
}

/** Whether the blocks that come next have been waited for long enough to ask somebody else too, once. */
function isToBeAskedAgain({ height, limits, ranges }: SyncState, { fromHeight, count, sentAtMs }: RangeRequest, nowMs: number): boolean {
  if (!isNextOf(height, fromHeight, count) || nowMs < sentAtMs + limits.secondRequestMs) return false;
  return ranges.filter((each) => isNextOf(height, each.fromHeight, each.count)).length < limits.nextRequestsMax;
}

function isNextOf(height: number, fromHeight: number, count: number): boolean {
  return fromHeight <= height + 1 && height + 1 < fromHeight + count;
}

/** Who is asked: a peer that has the first block of the gap and is not asked for it already, with the fewest failures, then requests. */
function choosePeer(state: SyncState, { fromHeight }: Gap, nowMs: number): SyncPeer | undefined {
  const { limits, ranges, peers, height, buffered, applying } = state;
  const requestsTo = (peer: string): number => ranges.filter((each) => each.peer === peer).length;
  const isAskedFor = (peer: string): boolean =>
    ranges.some((each) => each.peer === peer && fromHeight >= each.fromHeight && fromHeight < each.fromHeight + each.count);
  const isUnjudged = (peer: string): boolean => applying?.peer === peer || buffered.some((each) => each.peer === peer);
  const able = peers.filter(
    (each) =>
      each.isLinked &&
      each.pausedUntilMs <= nowMs &&
      each.earliestHeight <= fromHeight &&
      each.height >= fromHeight &&
      !isAskedFor(each.peer) &&
      (each.failures === 0
        ? requestsTo(each.peer) < limits.requestsPerPeerMax
        : // One that has failed is tried with one request at a time, and what it sent is judged before the next; the block that comes next has no time for that.
          requestsTo(each.peer) === 0 && (fromHeight === height + 1 || !isUnjudged(each.peer))),
  );
  return [...able].sort((left, right) => {
    if (left.failures !== right.failures) return left.failures - right.failures;
    const difference = requestsTo(left.peer) - requestsTo(right.peer);
    return difference === 0 ? byName(left.peer, right.peer) : difference;
  })[0];
}

/** Lets the highest blocks go when they keep out those that come next. They are fetched again. */
function makeRoomForNext(draft: Draft): void {
  const { ranges, limits } = draft.state;
  const most = limits.bufferBytesMax - (ranges.length + 1) * limits.answerBytesMax;
  while (draft.state.buffered.length > 0 && bufferedBytes(draft.state) > most)
    update(draft, { buffered: draft.state.buffered.slice(0, -1) });
}

/** Whether one more answer of the largest size may come. */
function hasRoom(state: SyncState, { isNext }: Gap): boolean {
  const { limits, ranges } = state;
  const kept = isNext ? 0 : limits.nextRequestsMax;
  const bytes = bufferedBytes(state) + (ranges.length + kept + 1) * limits.answerBytesMax;
  return ranges.length + kept < limits.requestsMax && bytes <= limits.bufferBytesMax;
}

function request(draft: Draft, { fromHeight, count }: Gap, { peer, height, failures }: SyncPeer, nowMs: number): void {
  const { ranges, nextRequestId, limits } = draft.state;
  // A peer that was too slow is asked for less, down to a single block.
  const most = Math.max(1, Math.floor(limits.rangeBlocksMax / 2 ** Math.min(failures, 30)));
  const asked = Math.min(count, most, height - fromHeight + 1);
  const made: RangeRequest = { requestId: nextRequestId, peer, fromHeight, count: asked, sentAtMs: nowMs };
  update(draft, { ranges: [...ranges, made], nextRequestId: nextRequestId + 1 });
  draft.effects.push({ type: 'requestBlocks', requestId: made.requestId, peer, fromHeight, count: asked });
}

function byName(left: string, right: string): number {
  return left < right ? -1 : 1;
}
