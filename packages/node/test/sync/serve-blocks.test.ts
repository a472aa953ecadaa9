import { describe, expect, test } from 'vitest';
import {
  type AnswerPlan,
  beginServing,
  createServingState,
  endServing,
  planAnswer,
  type ServingState,
} from '../../src/sync/serve-blocks.ts';

/*
 * Goal: what a node does for others that catch up. Method: a table of requests with their answers, and scripts of requests in time.
 */

describe('an answer', () => {
  const chain = {
    earliestHeight: 5,
    height: 20,
    bytesOf: (height: number): number | undefined => (height === 12 ? undefined : height === 16 ? 5_000 : 400),
  };
  const limits = { rangeBlocksMax: 4, answerBytesMax: 1_000 };
  const rows: readonly (readonly [string, number, number, AnswerPlan])[] = [
    ['what was asked for', 6, 2, { type: 'blocks', fromHeight: 6, count: 2 }],
    ['as much as an answer may have', 6, 4, { type: 'blocks', fromHeight: 6, count: 2 }],
    ['what there is up to the tip', 20, 4, { type: 'blocks', fromHeight: 20, count: 1 }],
    ['what there is up to a hole', 11, 4, { type: 'blocks', fromHeight: 11, count: 1 }],
    ['nothing above the tip', 21, 1, { type: 'nothing' }],
    ['nothing of what is pruned', 4, 4, { type: 'nothing' }],
    ['nothing where the first block is missing', 12, 2, { type: 'nothing' }],
    ['nothing of a block that no answer takes', 16, 1, { type: 'nothing' }],
    ['a reproach for genesis, which is no block', 0, 1, { type: 'invalid', field: 'fromHeight', remedy: 'Ask for heights from 1 on.' }],
    ['a reproach for half a height', 6.5, 1, { type: 'invalid', field: 'fromHeight', remedy: 'Ask for heights from 1 on.' }],
    ['a reproach for no blocks', 6, 0, { type: 'invalid', field: 'count', remedy: 'Ask for 1 to 4 blocks.' }],
    ['a reproach for too many', 6, 5, { type: 'invalid', field: 'count', remedy: 'Ask for 1 to 4 blocks.' }],
  ];

  test.each(rows)('has %s', (_, fromHeight, count, expected) => {
    expect(planAnswer({ fromHeight, count }, chain, limits)).toEqual(expected);
  });

  test('looks at no more blocks than it may have', () => {
    const seen: number[] = [];
    const bytesOf = (height: number): number => seen.push(height);
    planAnswer({ fromHeight: 1, count: 16 }, { earliestHeight: 1, height: 1_000_000, bytesOf });
    expect(seen).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
  });
});

describe('requests', () => {
  const LIMITS = { peersMax: 2, requestsPerSecond: 2, requestsBurst: 3, answersPerPeerMax: 2, answersMax: 3 };

  /** Makes requests at these times, each answered at once; true for those that are admitted. */
  function admitted(times: readonly number[]): readonly boolean[] {
    let state: ServingState = createServingState(LIMITS);
    return times.map((nowMs) => {
      const { state: after, isAdmitted } = beginServing(state, 'a', nowMs);
      state = isAdmitted ? endServing(after, 'a') : after;
      return isAdmitted;
    });
  }

  test.each([
    ['of a burst are admitted up to its size', [0, 0, 0, 0], [true, true, true, false]],
    ['are admitted again as time passes', [0, 0, 0, 499, 500, 501, 1_000], [true, true, true, false, true, false, true]],
    ['save no more than a burst', [0, 1_000_000, 1_000_000, 1_000_000, 1_000_000], [true, true, true, true, false]],
    ['are not admitted for a clock that goes back', [1_000, 1_000, 1_000, 0, 500], [true, true, true, false, false]],
  ])('%s', (_, times, expected) => {
    expect(admitted(times)).toEqual(expected);
  });

  test('that are being answered are limited for a peer and altogether', () => {
    let state = createServingState({ ...LIMITS, requestsBurst: 10 });
    const ask = (peer: string): boolean => {
      const step = beginServing(state, peer, 0);
      state = step.state;
      return step.isAdmitted;
    };
    expect([ask('a'), ask('a'), ask('a'), ask('b'), ask('b')]).toEqual([true, true, false, true, false]);
    state = endServing(state, 'a');
    expect([ask('b'), ask('a')]).toEqual([true, false]);
  });

  test('of more peers than are remembered are declined while those are being answered, else the first idle one is forgotten', () => {
    let state = beginServing(createServingState(LIMITS), 'a', 0).state;
    state = beginServing(state, 'b', 0).state;
    expect(beginServing(state, 'c', 0)).toEqual({ state, isAdmitted: false });
    state = endServing(state, 'a');
    expect(beginServing(state, 'c', 7)).toEqual({
      isAdmitted: true,
      state: {
        limits: LIMITS,
        askers: [
          { peer: 'b', thousandths: 2_000, atMs: 0, preparing: 1 },
          { peer: 'c', thousandths: 2_000, atMs: 7, preparing: 1 },
        ],
      },
    });
  });
});
