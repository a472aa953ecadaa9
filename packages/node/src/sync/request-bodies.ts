import { equalBytes } from '@mutual-chain/protocol';
import { type Draft, update } from './draft.ts';
import { cutPeer } from './peers.ts';
import type { SyncInput } from './sync-input.ts';
import type { BodyRequest, SyncState, WantedBody } from './sync-state.ts';

/** Takes note of a body that consensus needs, or of more peers that should have it. Consensus says so again, so one too many is let go. */
export function wantBody(draft: Draft, { height, blockHash, holders }: SyncInput & { readonly type: 'bodyWanted' }): void {
  const { bodies, limits, peers } = draft.state;
  const isPeer = (peer: string): boolean => peers.some((each) => each.peer === peer);
  const known = bodies.find((each) => equalBytes(each.blockHash, blockHash));
  const named = [...new Set([...(known?.holders ?? []), ...holders])].filter(isPeer);
  if (known !== undefined) update(draft, { bodies: bodies.map((each) => (each === known ? { ...each, holders: named } : each)) });
  else if (height > draft.state.height && bodies.length < limits.bodiesMax)
    update(draft, { bodies: [...bodies, { height, blockHash, holders: named, asked: [], lastAskedMs: undefined }] });
}

/** Lets go of bodies: of one by its hash. Answers that come later are of no concern. */
export function forgetBody(draft: Draft, blockHash: Uint8Array): void {
  keepBodies(draft, (each) => !equalBytes(each.blockHash, blockHash));
}

/** Lets go of the bodies of committed heights. */
export function forgetBodiesUntil(draft: Draft, height: number): void {
  keepBodies(draft, (each) => each.height > height);
}

/** Takes an answer. That a peer does not have a body is no failure: only the proposer is sure to. */
export function receiveBodyAnswer(draft: Draft, { requestId, peer, result, nowMs }: SyncInput & { readonly type: 'bodyAnswered' }): void {
  const request = draft.state.bodyRequests.find((each) => each.requestId === requestId && each.peer === peer);
  if (request === undefined) return;
  update(draft, { bodyRequests: draft.state.bodyRequests.filter((each) => each !== request) });
  if (result === 'wrong') cutPeer(draft, peer, 'BODY_WRONG', nowMs);
  else if (result === 'found') forgetBody(draft, request.blockHash);
  else hurry(draft, request);
}

/** Asks for the bodies: the holders in turn, then everybody, then from the beginning again until the height is decided. */
export function requestBodies(draft: Draft, nowMs: number): void {
  for (const body of draft.state.bodies) {
    const peer = isDue(draft.state, body, nowMs) ? nextPeer(draft.state, body, nowMs) : undefined;
    if (peer !== undefined) request(draft, body, peer, nowMs);
  }
}

/** When something changes by time alone, ms. */
export function bodyTimes({ bodies, bodyRequests, limits }: SyncState): readonly number[] {
  const ofTurns = bodies.flatMap(({ lastAskedMs }) => (lastAskedMs === undefined ? [] : [lastAskedMs + limits.bodyTurnMs]));
  return [...ofTurns, ...bodyRequests.map(({ sentAtMs }) => sentAtMs + limits.requestDeadlineMs)];
}

function keepBodies(draft: Draft, isKept: (body: WantedBody) => boolean): void {
  const bodies = draft.state.bodies.filter(isKept);
  if (bodies.length === draft.state.bodies.length) return;
  const isWanted = (request: BodyRequest): boolean => bodies.some((each) => equalBytes(each.blockHash, request.blockHash));
  update(draft, { bodies, bodyRequests: draft.state.bodyRequests.filter(isWanted) });
}

/** Asks the next peer at once, unless the turn has gone round. */
function hurry(draft: Draft, { blockHash }: BodyRequest): void {
  update(draft, {
    bodies: draft.state.bodies.map((each) => {
      const isRound = orderOf(draft.state, each).every((peer) => each.asked.includes(peer));
      return equalBytes(each.blockHash, blockHash) && !isRound ? { ...each, lastAskedMs: undefined } : each;
    }),
  });
}

function isDue({ bodyRequests, limits }: SyncState, { blockHash, lastAskedMs }: WantedBody, nowMs: number): boolean {
  if (bodyRequests.filter((each) => equalBytes(each.blockHash, blockHash)).length >= limits.requestsPerBodyMax) return false;
  return lastAskedMs === undefined || nowMs >= lastAskedMs + limits.bodyTurnMs;
}

/** The next peer of the turn that is not asked for this body already; the first, when all have been asked. */
function nextPeer(state: SyncState, { blockHash, ...body }: WantedBody, nowMs: number): string | undefined {
  const isAsked = (peer: string): boolean => state.bodyRequests.some((each) => each.peer === peer && equalBytes(each.blockHash, blockHash));
  const isBusy = (peer: string): boolean =>
    state.bodyRequests.filter((each) => each.peer === peer).length >= state.limits.bodyRequestsPerPeerMax;
  const order = orderOf(state, { blockHash, ...body }).filter((peer) => !isAsked(peer) && !isBusy(peer));
  const paused = new Set(state.peers.filter(({ pausedUntilMs }) => pausedUntilMs > nowMs).map(({ peer }) => peer));
  const left = order.filter((peer) => !body.asked.includes(peer));
  const turn = left.length > 0 ? left : order;
  return turn.find((peer) => !paused.has(peer)) ?? turn[0];
}

/** Linked peers in the order of asking. */
function orderOf({ peers }: SyncState, { holders }: WantedBody): readonly string[] {
  const linked = peers.filter(({ isLinked }) => isLinked).map(({ peer }) => peer);
  return [...holders.filter((peer) => linked.includes(peer)), ...linked.filter((peer) => !holders.includes(peer))];
}

function request(draft: Draft, body: WantedBody, peer: string, nowMs: number): void {
  const { bodies, bodyRequests, nextRequestId } = draft.state;
  const { height, blockHash } = body;
  const isRound = body.asked.includes(peer);
  const asked = isRound ? [peer] : [...body.asked, peer];
  update(draft, {
    bodies: bodies.map((each) => (each === body ? { ...body, asked, lastAskedMs: nowMs } : each)),
    bodyRequests: [...bodyRequests, { requestId: nextRequestId, peer, blockHash, sentAtMs: nowMs }],
    nextRequestId: nextRequestId + 1,
  });
  draft.effects.push({ type: 'requestBody', requestId: nextRequestId, peer, height, blockHash });
}
