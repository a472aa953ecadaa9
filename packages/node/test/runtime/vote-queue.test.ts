import type { Vote } from '@mutual-chain/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { VOTE_SLICES } from '../../src/runtime/vote-queue.ts';
import { addressOf, OneRuntime, proposalOf, proposerOf, voteOf } from './one-runtime.ts';

/*
 * Goal: however many new votes come at once, no more than a slice of them is verified before everything else gets its turn, and none is lost.
 * Method: one runtime; a validator that signs for one round after another, so that each of its votes is of use.
 */

const { votesMax, intervalMs, waitingPerPeerMax } = VOTE_SLICES;
const VOTER = addressOf(1);
const ANOTHER = addressOf(2);
let many: readonly Vote[] = [];

beforeAll(() => {
  many = Array.from({ length: 3 * votesMax }, (_, round) => voteOf(VOTER, 1, round + 1, 1));
});

/** The rounds of which something of a validator is known, the latest last. */
function roundsOf({ runtime }: OneRuntime): readonly number[] | undefined {
  return runtime.state.current?.keeper.rounds.map(({ round }) => round);
}

describe('votes that come at once', () => {
  it('are verified a slice at a time, in order, and all of them', () => {
    const one = OneRuntime.started();
    const timers = one.timers.size;
    one.votes(many.slice(0, 10));
    one.votes(many.slice(10));
    const seen = [[one.verified, roundsOf(one), one.timers.size - timers]];
    for (let slice = 0; slice < 3; slice++) {
      one.pass(intervalMs);
      seen.push([one.verified, roundsOf(one), one.timers.size - timers]);
    }
    expect(seen).toEqual([
      [votesMax, [votesMax - 1, votesMax], 1],
      [2 * votesMax, [2 * votesMax - 1, 2 * votesMax], 1],
      [3 * votesMax, [3 * votesMax - 1, 3 * votesMax], 0],
      [3 * votesMax, [3 * votesMax - 1, 3 * votesMax], 0],
    ]);
  });

  it('do not overtake those that wait, though their slice is late', () => {
    const one = OneRuntime.started();
    one.votes(many.slice(0, votesMax + 8));
    one.nowMs += 2 * intervalMs;
    one.votes(many.slice(votesMax + 8, votesMax + 9));
    expect(one.verified).toBe(votesMax);
    one.pass(0);
    expect([one.verified, roundsOf(one)]).toEqual([votesMax + 9, [votesMax + 8, votesMax + 9]]);
  });

  it('of several peers are taken in turn', () => {
    const one = OneRuntime.started();
    one.votes(many, 'flood');
    one.votes([voteOf(ANOTHER, 1, 0, 1)], 'honest');
    expect(roundsOf(one)).not.toContain(0);
    one.pass(intervalMs);
    expect(roundsOf(one)).toContain(0);
    expect(one.verified).toBe(2 * votesMax);
  });

  it('wait for no votes that another peer brought meanwhile', () => {
    const one = OneRuntime.started();
    one.votes(many, 'first');
    one.votes(many.slice(-votesMax), 'second');
    one.votes(many.slice(-votesMax), 'third');
    one.pass(3 * intervalMs);
    const [last] = roundsOf(one)?.slice(-1) ?? [];
    expect([last, one.cuts]).toEqual([3 * votesMax, []]);
    // The highest rounds came early by the other peers, so that those below were of no use any more.
    expect(one.verified).toBeLessThan(3 * votesMax);
  });

  it('do not keep a proposal waiting', () => {
    const one = OneRuntime.started();
    one.votes(many);
    one.proposal(proposalOf(proposerOf(1), 1, 0, 1), new Uint8Array(33).fill(1));
    expect(one.runtime.state.current?.proposals.length).toBe(1);
  });

  it('have their turn anew after a while, and when the clock is set back', () => {
    const one = OneRuntime.started();
    one.votes(many.slice(0, votesMax));
    one.pass(intervalMs);
    one.votes(many.slice(votesMax, 2 * votesMax));
    expect(one.verified).toBe(2 * votesMax);
    one.nowMs -= 1_000;
    one.votes(many.slice(2 * votesMax));
    expect(one.verified).toBe(3 * votesMax);
  });
});

describe('votes that wait', () => {
  it('are dropped beyond a limit', () => {
    const one = OneRuntime.started();
    one.votes(many.slice(0, votesMax));
    const [copied, last] = [voteOf(ANOTHER, 1, 0, 1), voteOf(ANOTHER, 1, 0, 2)];
    // Copies of one vote wait as long as nobody has looked at them.
    one.votes(Array.from({ length: waitingPerPeerMax }, () => copied));
    one.votes([last]);
    one.pass(intervalMs);
    expect(one.verified).toBe(votesMax + 1);
    one.votes([last]);
    expect(one.verified).toBe(votesMax + 2);
  });

  it('are dropped with the link of a peer that lied', () => {
    const one = OneRuntime.started();
    const timers = one.timers.size;
    const lie = { ...voteOf(ANOTHER, 1, 0, 1), signature: voteOf(VOTER, 1, 0, 1).signature };
    one.votes([...many.slice(0, votesMax), lie, ...many.slice(votesMax)]);
    one.pass(3 * intervalMs);
    expect([one.verified, one.cuts]).toEqual([votesMax + 1, ['peer: a vote that no validator of its height signed']]);
    expect([roundsOf(one)?.at(-1), one.timers.size]).toEqual([votesMax, timers]);
  });

  it('outlive the link of a peer that is gone', () => {
    const one = OneRuntime.started();
    one.votes(many.slice(0, votesMax + 1));
    one.runtime.disconnect('peer');
    one.pass(intervalMs);
    expect(roundsOf(one)?.at(-1)).toBe(votesMax + 1);
  });

  it('end with the node', () => {
    const one = OneRuntime.started();
    one.votes(many);
    one.runtime.stop();
    expect(one.timers.size).toBe(0);
    one.pass(3 * intervalMs);
    expect(one.verified).toBe(votesMax);
  });
});

it("a vote with this node's own key that it did not sign waits for nothing", () => {
  const one = new OneRuntime(addressOf(3));
  one.runtime.start();
  one.votes(many);
  expect([one.verified, one.halted]).toEqual([votesMax, []]);
  one.votes([voteOf(addressOf(3), 1, 0, 1)]);
  expect(one.halted).toEqual(['the key of this validator is in use elsewhere: a prevote at height 1, round 0 was not signed here']);
  expect(one.timers.size).toBe(0);
});
