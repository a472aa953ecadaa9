import { SERVING_LIMITS, type ServingLimits, SYNC_LIMITS, type SyncLimits } from './limits.ts';

/** What is remembered of a peer that asks. */
type Asker = {
  readonly peer: string;
  /** Requests that it may make at once, in thousandths, as of `atMs`. */
  readonly thousandths: number;
  readonly atMs: number;
  /** Answers to it that are being prepared. */
  readonly preparing: number;
};

/** Who has asked for how much. Immutable. */
export type ServingState = { readonly limits: ServingLimits; readonly askers: readonly Asker[] };

/** What a node has. */
export type ServedChain = {
  readonly earliestHeight: number;
  /** Last committed height. */
  readonly height: number;
  /** Bytes that the block of a height takes in an answer; undefined when it is not stored. */
  readonly bytesOf: (height: number) => number | undefined;
};

/** Which blocks to answer with. `invalid`: no honest peer asks so, and the link is ended. */
export type AnswerPlan =
  | { readonly type: 'blocks'; readonly fromHeight: number; readonly count: number }
  | { readonly type: 'nothing' }
  | { readonly type: 'invalid'; readonly field: string; readonly remedy: string };

/** The beginning: nobody has asked for anything. */
export function createServingState(limits: ServingLimits = SERVING_LIMITS): ServingState {
  return { limits, askers: [] };
}

/** Whether a request of a peer for blocks or for a body is answered now; otherwise it is declined. Each one admitted is to be ended. */
export function beginServing(
  state: ServingState,
  peer: string,
  nowMs: number,
): { readonly state: ServingState; readonly isAdmitted: boolean } {
  const { limits, askers } = state;
  const asker = refilled(askerOf(state, peer, nowMs), limits, nowMs);
  const preparing = askers.reduce((sum, each) => sum + each.preparing, 0);
  const isKnown = askers.some((each) => each.peer === peer);
  const idle = isKnown || askers.length < limits.peersMax ? undefined : askers.find((each) => each.preparing === 0);
  const isRoom = isKnown || askers.length < limits.peersMax || idle !== undefined;
  if (!isRoom) return { state, isAdmitted: false };
  const isAdmitted = asker.thousandths >= 1000 && asker.preparing < limits.answersPerPeerMax && preparing < limits.answersMax;
  const after = isAdmitted ? { ...asker, thousandths: asker.thousandths - 1000, preparing: asker.preparing + 1 } : asker;
  return { state: { limits, askers: [...askers.filter((each) => each.peer !== peer && each !== idle), after] }, isAdmitted };
}

/** An admitted request was answered, or its link is gone. */
export function endServing(state: ServingState, peer: string): ServingState {
  const askers = state.askers.map((each) => (each.peer === peer ? { ...each, preparing: Math.max(each.preparing - 1, 0) } : each));
  return { ...state, askers };
}

/** Chooses the blocks of an answer: from the height that was asked for, as many as its limits take, and at least one if it is there. */
export function planAnswer(
  request: { readonly fromHeight: number; readonly count: number },
  chain: ServedChain,
  limits: Pick<SyncLimits, 'rangeBlocksMax' | 'answerBytesMax'> = SYNC_LIMITS,
): AnswerPlan {
  const { fromHeight, count } = request;
  if (!Number.isSafeInteger(fromHeight) || fromHeight < 1) return invalid('fromHeight', 'Ask for heights from 1 on.');
  if (!Number.isSafeInteger(count) || count < 1 || count > limits.rangeBlocksMax)
    return invalid('count', `Ask for 1 to ${limits.rangeBlocksMax} blocks.`);
  if (fromHeight < chain.earliestHeight) return { type: 'nothing' };
  let bytes = 0;
  let taken = 0;
  while (taken < count && fromHeight + taken <= chain.height) {
    const next = chain.bytesOf(fromHeight + taken);
    if (next === undefined || bytes + next > limits.answerBytesMax) break;
    bytes += next;
    taken++;
  }
  return taken === 0 ? { type: 'nothing' } : { type: 'blocks', fromHeight, count: taken };
}

function invalid(field: string, remedy: string): AnswerPlan {
  return { type: 'invalid', field, remedy };
}

function askerOf({ limits, askers }: ServingState, peer: string, nowMs: number): Asker {
  return askers.find((each) => each.peer === peer) ?? { peer, thousandths: limits.requestsBurst * 1000, atMs: nowMs, preparing: 0 };
}

function refilled(asker: Asker, { requestsPerSecond, requestsBurst }: ServingLimits, nowMs: number): Asker {
  const elapsedMs = Math.max(Math.floor(nowMs - asker.atMs), 0);
  const thousandths = Math.min(asker.thousandths + elapsedMs * requestsPerSecond, requestsBurst * 1000);
  return { ...asker, thousandths, atMs: asker.atMs + elapsedMs };
}
