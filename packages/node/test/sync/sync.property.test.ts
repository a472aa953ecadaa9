import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SYNC_LIMITS, type SyncLimits } from '../../src/sync/limits.ts';
import { syncStep } from '../../src/sync/step.ts';
import type { SyncInput } from '../../src/sync/sync-input.ts';
import { createSyncState } from '../../src/sync/sync-state.ts';
import { fetchedBlock, hashOf } from './fetched-blocks.ts';
import { excessesOf, LIES, type Liar, playLyingWorld } from './lying-peers.ts';

/*
 * Goal: whatever peers do, sync keeps its limits, and gets to the end if one of them is honest. Method: worlds of one honest peer and some liars in
 * virtual time; and inputs in any order, sense or none.
 */

const LIMITS: SyncLimits = {
  ...SYNC_LIMITS,
  peersMax: 6,
  rangeBlocksMax: 4,
  requestsMax: 6,
  windowBlocksMax: 24,
  answerBytesMax: 1_000,
  bufferBytesMax: 8_000,
  bodiesMax: 3,
};

const claim = fc.oneof(fc.nat(60), fc.constantFrom(2 ** 50, 1_000));
/** Half of the liars never change: what changes is found out by another rule before it can do its worst. */
const liar: fc.Arbitrary<Liar> = fc.record({
  lies: fc.oneof(fc.tuple(fc.constantFrom(...LIES)), fc.array(fc.constantFrom(...LIES), { minLength: 1, maxLength: 6 })),
  claims: fc.oneof(fc.tuple(claim), fc.array(claim, { minLength: 1, maxLength: 4 })),
});

const world = fc.record({
  limits: fc.constant(LIMITS),
  heights: fc.tuple(fc.nat(40), fc.nat(40)).map(([first, more]) => [first, first + more] as const),
  honestLatencyMs: fc.integer({ min: 1, max: 4_000 }),
  applyMs: fc.integer({ min: 1, max: 200 }),
  liars: fc.array(liar, { maxLength: 4 }),
});

/** Four liars at their worst keep the blocks that come next waiting for this long altogether. */
const REACHED_WITHIN_MS = 600_000;

test('one honest peer is enough, however the others lie', () => {
  fc.assert(
    fc.property(world, (drawn) => {
      const { reachedAtMs, requestsAtTheEnd, isHonestCut } = playLyingWorld(drawn, REACHED_WITHIN_MS, (state, effects) => {
        const excesses = excessesOf(state, effects);
        // Asked of every step of ten minutes: the matcher would take most of the time.
        if (excesses.length > 0) expect(excesses).toEqual([]);
      });
      expect(isHonestCut).toBe(false);
      expect(reachedAtMs).toBeTypeOf('number');
      // Where there is nothing left to fetch, liars get at most what their pauses leave them.
      expect(requestsAtTheEnd).toBeLessThanOrEqual(drawn.liars.length * 2);
    }),
    { numRuns: 120 },
  );
});

const PEERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const peer = fc.constantFrom(...PEERS);
const height = fc.oneof(fc.nat(40), fc.constantFrom(-1, 0.5, Number.NaN, 2 ** 53, 2 ** 52));
const requestId = fc.nat(30);
const blocks = fc.array(
  fc.tuple(fc.nat(40), fc.nat(1_200)).map(([at, bytes]) => fetchedBlock(at, bytes)),
  { maxLength: 6 },
);
const blockHash = fc.nat(5).map(hashOf);

const input: fc.Arbitrary<(nowMs: number) => SyncInput> = fc
  .oneof(
    fc.record({ type: fc.constant('peerClaimed' as const), peer, height, earliestHeight: height }),
    fc.record({ type: fc.constant('peerClaimed' as const), peer, height: fc.nat(40), earliestHeight: fc.constant(0) }),
    fc.record({ type: fc.constant('peerGone' as const), peer }),
    fc.record({ type: fc.constant('blocksReceived' as const), requestId, peer, blocks }),
    fc.record({ type: fc.constant('requestFailed' as const), requestId, peer }),
    fc.record({
      type: fc.constant('bodyAnswered' as const),
      requestId,
      peer,
      result: fc.constantFrom('found' as const, 'absent' as const, 'wrong' as const),
    }),
    fc.record({ type: fc.constant('blockRefused' as const), height: fc.nat(40) }),
    fc.record({ type: fc.constant('heightCommitted' as const), height: fc.nat(40) }),
    fc.record({ type: fc.constant('bodyWanted' as const), height: fc.nat(40), blockHash, holders: fc.array(peer, { maxLength: 3 }) }),
    fc.record({ type: fc.constant('bodyReceived' as const), blockHash }),
    fc.record({ type: fc.constant('woken' as const) }),
  )
  .map((drawn) => (nowMs) => ({ ...drawn, nowMs }));

test('inputs in any order keep the limits, and give the same step twice', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(input, fc.nat(6_000)), { maxLength: 80 }), (inputs) => {
      let state = createSyncState(0, LIMITS);
      let nowMs = 0;
      for (const [make, pauseMs] of inputs) {
        nowMs += pauseMs;
        const told = make(nowMs);
        const step = syncStep(state, told);
        expect(syncStep(state, told)).toEqual(step);
        expect(excessesOf(step.state, step.effects)).toEqual([]);
        state = step.state;
      }
    }),
    { numRuns: 400 },
  );
});
