import { TRANSPORT_LIMITS } from '@mutual-chain/node/p2p';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redialDelayMs } from '../../src/p2p/dial-backoff.ts';
import { Dialler } from '../../src/p2p/dialler.ts';
import { VirtualClock } from './virtual-clock.ts';

/*
 * Goal: a peer is dialled for ever, in jittered steps that never grow beyond their limit, once at a time, and never while it is linked. Method: virtual time.
 */

const { redialFirstMs, redialMaxMs, dialTimeoutMs, diallerHeadStartMs } = TRANSPORT_LIMITS;

/** Lets promises settle. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

function createDialler(answer: (signal: AbortSignal) => Promise<void>): {
  readonly clock: VirtualClock;
  readonly dialler: Dialler;
  readonly dialledAtMs: number[];
  readonly underWay: () => number;
} {
  const clock = new VirtualClock();
  const dialledAtMs: number[] = [];
  let underWay = 0;
  const dialler = new Dialler({
    clock,
    ownPeer: 'a',
    chance: () => 0,
    dial: async (_peer, signal) => {
      dialledAtMs.push(clock.monotonicMs());
      underWay++;
      await answer(signal).finally(() => underWay--);
    },
  });
  return { clock, dialler, dialledAtMs, underWay: () => underWay };
}

const refuse = (): Promise<void> => Promise.reject(new Error('nobody listens'));
const hang = (signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));

test('waits longer after each failure, never beyond the limit and never below half of it', () => {
  fc.assert(
    fc.property(fc.nat(2_000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, chance) => {
      const delayMs = redialDelayMs(failures, chance);
      const longest = Math.min(redialMaxMs, redialFirstMs * 2 ** failures);
      expect(delayMs).toBeGreaterThanOrEqual(longest / 2);
      expect(delayMs).toBeLessThanOrEqual(longest);
    }),
  );
});

test('dials a peer that is away for a day until it is back', async () => {
  const { clock, dialler, dialledAtMs } = createDialler(refuse);
  dialler.aim(['b']);
  for (let atMs = 0; atMs <= 86_400_000; atMs += redialMaxMs) {
    clock.advance(redialMaxMs);
    await settle();
  }
  const waits = dialledAtMs.slice(1).map((atMs, index) => atMs - (dialledAtMs[index] as number));
  expect(dialledAtMs[0]).toBe(0);
  expect(Math.max(...waits)).toBeLessThanOrEqual(2 * redialMaxMs);
  expect(dialledAtMs.at(-1)).toBeGreaterThan(86_400_000 - 2 * redialMaxMs);
});

test('gives up a dial that hangs, and dials again', async () => {
  const { clock, dialler, dialledAtMs, underWay } = createDialler(hang);
  dialler.aim(['b']);
  for (const [atMs, dials] of [
    [0, 1],
    [dialTimeoutMs - 1, 1],
    [1, 1],
    [2 * redialFirstMs, 2],
  ] as const) {
    clock.advance(atMs);
    await settle();
    expect([dialledAtMs.length, underWay() <= 1]).toEqual([dials, true]);
  }
});

test('lets a peer with the smaller id dial first', async () => {
  const { clock, dialler, dialledAtMs } = createDialler(refuse);
  dialler.aim(['A']);
  clock.advance(diallerHeadStartMs);
  await settle();
  expect(dialledAtMs).toEqual([diallerHeadStartMs]);
});

test('does not dial a peer that is linked, and dials it soon after a link that lasted', async () => {
  const { clock, dialler, dialledAtMs } = createDialler(() => Promise.resolve());
  dialler.aim(['b']);
  clock.advance(0);
  await settle();
  dialler.linked('b');
  clock.advance(3_600_000);
  await settle();
  expect(dialledAtMs).toEqual([0]);
  dialler.unlinked('b');
  clock.advance(redialFirstMs);
  await settle();
  expect(dialledAtMs).toEqual([0, 3_600_000 + redialFirstMs]);
});

test('slows down when links end as soon as they are there', async () => {
  const { clock, dialler, dialledAtMs } = createDialler(() => Promise.resolve());
  dialler.aim(['b']);
  for (let atMs = 0; atMs < 60_000; atMs += redialFirstMs) {
    const before = dialledAtMs.length;
    clock.advance(redialFirstMs);
    await settle();
    if (dialledAtMs.length > before) {
      dialler.linked('b');
      dialler.unlinked('b');
    }
  }
  expect(dialledAtMs.length).toBeLessThan(40);
  expect(dialledAtMs.length).toBeGreaterThan(25);
});

test('stops, also in the middle of a dial', async () => {
  const { clock, dialler, dialledAtMs, underWay } = createDialler(hang);
  dialler.aim(['b', 'c']);
  clock.advance(0);
  await dialler.stop();
  clock.advance(86_400_000);
  await settle();
  expect([dialledAtMs.length, underWay(), clock.pending]).toEqual([2, 0, 0]);
});
