import { equalBytes } from '@mutual-chain/protocol';
import { expect, it } from 'vitest';
import { addressOf, OneRuntime, proposerOf, voteOf } from './one-runtime.ts';

// Goal: a clock that is wrong, and a peer that is early, cost nothing. Method: one runtime whose timers a test runs out.

const HOUR_MS = 3_600_000;

/** A proposer whose clock is behind the time of the parent, in round 0. */
function behind(ms: number): OneRuntime {
  const one = new OneRuntime(proposerOf(1));
  one.parentMs = one.nowMs + ms;
  one.runtime.start();
  one.pass(100);
  expect(one.runtime.state.current?.buildingRound).toBe(0);
  return one;
}

it('a proposer whose clock is behind looks at it every second, and builds when it is past the parent', () => {
  const one = behind(HOUR_MS);
  expect(one.built).toBe(0);
  const beforeMs = one.nowMs;
  // Somebody sets the clock right.
  one.parentMs = beforeMs;
  one.pass(600);
  expect(one.built).toBe(0);
  one.pass(400);
  expect(one.built).toBe(1);
});

it('a proposer whose clock is a little behind builds one millisecond after the time of the parent', () => {
  const one = behind(200);
  const leftMs = one.parentMs - one.nowMs;
  one.pass(leftMs);
  expect(one.built).toBe(0);
  one.pass(1);
  expect(one.built).toBe(1);
});

it('waiting for the clock leaves one timer, however many turns come by, and none after a stop', () => {
  const one = behind(30 * 24 * HOUR_MS);
  const count = one.timers.size;
  const others = [0, 1, 2, 3].map(addressOf).filter((address) => !equalBytes(address, proposerOf(1)));
  for (let round = 0; round < 4; round++)
    one.receive({ type: 'votes', votes: others.map((voter) => voteOf(voter, 1, round, undefined, 'precommit')) });
  expect(one.runtime.state.current?.buildingRound).toBe(4);
  expect(one.timers.size).toBe(count);
  expect(Math.max(...[...one.timers].map(({ dueMs }) => dueMs - one.nowMs))).toBeLessThanOrEqual(5_000);
  one.runtime.stop();
  expect([...one.timers]).toEqual([]);
});

it('a peer that was linked before the start is known to consensus, and one that was gone by then is not', () => {
  const one = new OneRuntime();
  one.runtime.connect('early');
  one.runtime.connect('gone');
  one.runtime.disconnect('gone');
  one.runtime.start();
  one.runtime.connect('late');
  expect(one.runtime.state.peers).toEqual(['early', 'late'].map((peer) => ({ peer, status: undefined, isAnswered: false })));
});
