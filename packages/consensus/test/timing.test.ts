import { isTimely, messageDelayMs, roundTimeoutMs } from '@mutual-chain/consensus';
import { DEFAULT_PARAMETERS } from '@mutual-chain/protocol';
import { describe, expect, it } from 'vitest';
import { TIMING } from './support/validators.ts';

/* Goal: timers grow linearly and stop growing, and a proposal is timely between exact bounds. Method: tables. */

describe('the timers of a round', () => {
  const rounds = [0, 1, 2, 89, 90, 91, 1_000_000];

  it('grow by the same amount each round, up to a cap (Besu 7642)', () => {
    expect(rounds.map((round) => roundTimeoutMs('propose', round, TIMING))).toEqual([1_000, 1_100, 1_200, 9_900, 10_000, 10_000, 10_000]);
  });

  it('have the defaults of the chain', () => {
    const first = (kind: 'propose' | 'prevote' | 'precommit') =>
      [0, 1, 38, 100].map((round) => roundTimeoutMs(kind, round, DEFAULT_PARAMETERS));
    expect([first('propose'), first('prevote'), first('precommit')]).toEqual([
      [700, 950, 10_000, 10_000],
      [400, 650, 9_900, 10_000],
      [400, 650, 9_900, 10_000],
    ]);
  });

  it('never fall below what they begin with', () => {
    expect(roundTimeoutMs('propose', 5, { ...TIMING, timeoutMaxMs: 10 })).toBe(1_000);
  });
});

describe('the time that a proposal may have travelled', () => {
  it('grows by a tenth each round, rounded up, up to a cap', () => {
    expect([0, 1, 2, 3, 7, 8, 9, 1_000_000].map((round) => messageDelayMs(round, TIMING))).toEqual([
      5_000, 5_500, 6_050, 6_655, 9_746, 10_000, 10_000, 10_000,
    ]);
    expect(messageDelayMs(3, { ...TIMING, messageDelayMs: 1 })).toBe(4);
  });

  it('never falls below what it begins with', () => {
    expect(messageDelayMs(3, { ...TIMING, messageDelayMaxMs: 10 })).toBe(5_000);
  });
});

describe('a proposal received at 100 000', () => {
  it.each([
    [94_499, 0, false],
    [94_500, 0, true],
    [100_500, 0, true],
    [100_501, 0, false],
    [93_999, 1, false],
    [94_000, 1, true],
    [100_501, 1, false],
  ])('with the time %i in round %i is timely: %s', (timestampMs, round, timely) => {
    expect(isTimely(timestampMs, 100_000, round, TIMING)).toBe(timely);
  });
});
