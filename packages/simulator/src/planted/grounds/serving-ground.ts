import { beginServing, createServingState, endServing, planAnswer } from '@mutual-chain/node';
import { RandomStream } from '../../random/random-stream.ts';
import { Discrepancy, expectSame } from './discrepancy.ts';
import type { Ground } from './ground.ts';

const OPERATIONS = 200;
const LIMITS = { peersMax: 8, requestsPerSecond: 2, requestsBurst: 5, answersPerPeerMax: 2, answersMax: 4 };
const ANSWER_LIMITS = { rangeBlocksMax: 6, answerBytesMax: 1000 };

/** What a node does for others that catch up, against its limits. */
export const SERVING: Ground = {
  what: 'Requests for blocks from many peers, against the limits of what is prepared, per peer, at once, and in the long run.',
  seeds: 200,
  search: (seed) => Discrepancy.of('serving', () => run(new RandomStream(seed, 'serving'))),
};

function run(random: RandomStream): void {
  let state = createServingState(LIMITS);
  let nowMs = 0;
  const preparing = new Map<string, number>();
  const admitted = new Map<string, number[]>();
  for (let each = 0; each < OPERATIONS; each++) {
    nowMs += random.pick([0, 0, 1, 20, 150]);
    const peer = `peer ${random.below(5)}`;
    if (random.chance(350) && (preparing.get(peer) ?? 0) > 0) {
      state = endServing(state, peer);
      preparing.set(peer, (preparing.get(peer) ?? 0) - 1);
    } else {
      const begun = beginServing(state, peer, nowMs);
      state = begun.state;
      if (begun.isAdmitted) {
        preparing.set(peer, (preparing.get(peer) ?? 0) + 1);
        admitted.set(peer, [...(admitted.get(peer) ?? []), nowMs]);
      }
    }
    expectLimits(preparing, admitted.get(peer) ?? []);
    planOne(random);
  }
}

function expectLimits(preparing: ReadonlyMap<string, number>, times: readonly number[]): void {
  const counts = [...preparing.values()];
  expectSame('answers prepared for one peer are within the limit', Math.max(0, ...counts) <= LIMITS.answersPerPeerMax, true);
  expectSame('answers prepared are within the limit', counts.reduce((sum, count) => sum + count, 0) <= LIMITS.answersMax, true);
  const last = times.at(-1) ?? 0;
  for (const [index, from] of times.entries()) {
    const most = LIMITS.requestsBurst + ((last - from) * LIMITS.requestsPerSecond) / 1000;
    expectSame('requests of one peer are within what it may make', times.length - index <= most + 1e-9, true);
  }
}

function planOne(random: RandomStream): void {
  const sizes = Array.from({ length: random.between(0, 12) }, () => random.between(50, 700));
  const earliestHeight = random.between(1, 4);
  const height = sizes.length;
  const fromHeight = random.between(1, 14);
  const count = random.between(1, ANSWER_LIMITS.rangeBlocksMax);
  const plan = planAnswer({ fromHeight, count }, { earliestHeight, height, bytesOf: (at) => sizes[at - 1] }, ANSWER_LIMITS);
  let bytes = 0;
  let expected = 0;
  for (let at = fromHeight; fromHeight >= earliestHeight && at < fromHeight + count && at <= height; at++) {
    bytes += sizes[at - 1] ?? 0;
    if (bytes > ANSWER_LIMITS.answerBytesMax) break;
    expected++;
  }
  const isRight =
    expected === 0 ? plan.type === 'nothing' : plan.type === 'blocks' && plan.fromHeight === fromHeight && plan.count === expected;
  expectSame(`whether an answer has the first ${expected} blocks`, isRight, true);
}
