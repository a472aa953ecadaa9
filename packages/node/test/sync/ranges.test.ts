import { BLOCK_ENCODED_BYTES_MAX, LIMITS } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { CONSENSUS_MESSAGE_BYTES_MAX } from '../../src/index.ts';
import { SYNC_LIMITS } from '../../src/sync/limits.ts';
import { answerBytes } from '../../src/sync/receive-blocks.ts';
import { createSyncState, progressOf } from '../../src/sync/sync-state.ts';
import { fetchedBlock, fetchedBlocks, SMALL_LIMITS, SyncRun } from './fetched-blocks.ts';

/*
 * Goal: what sync asks of whom, and when it cuts a peer. Method: scripts of inputs, and everything that comes of each.
 */

describe('requests for blocks', () => {
  test('are effects with all that is needed to carry them out, and a time to be woken', () => {
    const run = new SyncRun(10);
    expect(run.tell({ type: 'peerClaimed', peer: 'a', height: 12, earliestHeight: 0, nowMs: 1000 })).toEqual([
      { type: 'requestBlocks', requestId: 0, peer: 'a', fromHeight: 11, count: 2 },
      { type: 'wakeAt', atMs: 1300 },
    ]);
    expect(run.state).toEqual({
      ...createSyncState(10, SMALL_LIMITS),
      behindSinceMs: 1000,
      peers: [{ peer: 'a', isLinked: true, height: 12, earliestHeight: 0, failures: 0, pausedUntilMs: 0 }],
      ranges: [{ requestId: 0, peer: 'a', fromHeight: 11, count: 2, sentAtMs: 1000 }],
      nextRequestId: 1,
      wakeAtMs: 1300,
    });
  });

  test('of a claim go to that peer, in ranges, as many as a peer may have', () => {
    const run = new SyncRun(10);
    expect(run.claim('a', 100, 0)).toEqual(['#0 a: blocks 11+2', '#1 a: blocks 13+2']);
  });

  test('go to several peers, but keep two requests for the blocks that come next', () => {
    const run = new SyncRun(10, { ...SMALL_LIMITS, requestsMax: 5 });
    run.claim('a', 100, 0);
    expect(run.claim('b', 100, 0)).toEqual(['#2 b: blocks 15+2']);
    expect(run.claim('c', 100, 0)).toEqual([]);
  });

  test('stay within the window above the last committed height, and move with it', () => {
    const run = new SyncRun(10, { ...SMALL_LIMITS, requestsMax: 100, windowBlocksMax: 3 });
    expect(run.claim('a', 100, 0)).toEqual(['#0 a: blocks 11+2', '#1 a: blocks 13+1']);
    expect(run.answer(0, 'a', fetchedBlocks(11, 2), 1)).toEqual(['apply 11 of a']);
    expect(run.commit(11, 2)).toEqual(['apply 12 of a', '#2 a: blocks 14+1']);
  });

  test('never go beyond what the peer claims to have', () => {
    const run = new SyncRun(10);
    run.act({ type: 'peerClaimed', peer: 'pruned', height: 100, earliestHeight: 12, nowMs: 0 });
    expect(run.claim('low', 11, 0)).toEqual(['#2 low: blocks 11+1']);
    expect(run.state.ranges.map(({ peer, fromHeight, count }) => [peer, fromHeight, count])).toEqual([
      ['pruned', 13, 2],
      ['pruned', 15, 2],
      ['low', 11, 1],
    ]);
  });

  test('wait a moment when a single block is missing, which consensus is about to commit', () => {
    const run = new SyncRun(10);
    expect(run.claim('a', 11, 0)).toEqual([]);
    expect(run.wake(299)).toEqual([]);
    expect(run.wake(300)).toEqual(['#0 a: blocks 11+1']);
  });

  test('are not made when the block comes by itself in that time', () => {
    const run = new SyncRun(10);
    run.claim('a', 11, 0);
    expect(run.commit(11, 100)).toEqual([]);
    expect(run.claim('a', 12, 350)).toEqual([]);
    expect(run.wake(649)).toEqual([]);
    expect(run.commit(12, 649)).toEqual([]);
    expect(run.wake(10_000)).toEqual([]);
  });
});

describe('answers', () => {
  test('are applied in the order of heights, one at a time', () => {
    const run = new SyncRun(10);
    run.claim('a', 14, 0);
    expect(run.answer(1, 'a', fetchedBlocks(13, 2), 1)).toEqual([]);
    expect(run.answer(0, 'a', fetchedBlocks(11, 2), 2)).toEqual(['apply 11 of a']);
    expect(run.commit(11, 3)).toEqual(['apply 12 of a']);
    expect(run.commit(12, 4)).toEqual(['apply 13 of a']);
    expect(run.commit(13, 5)).toEqual(['apply 14 of a']);
    expect(run.commit(14, 6)).toEqual([]);
    expect(progressOf(run.state)).toEqual({
      height: 14,
      targetHeight: 14,
      requests: 0,
      bufferedBlocks: 0,
      bufferedBytes: 0,
      believedPeers: 1,
      isNextPruned: false,
    });
  });

  test('carry the block to the chain as it came', () => {
    const run = new SyncRun(10);
    run.claim('a', 12, 0);
    const block = fetchedBlock(11, 7);
    expect(run.tell({ type: 'blocksReceived', requestId: 0, peer: 'a', blocks: [block], nowMs: 5 })).toEqual([
      { type: 'applyBlock', peer: 'a', height: 11, block },
      { type: 'requestBlocks', requestId: 1, peer: 'a', fromHeight: 12, count: 1 },
    ]);
  });

  test('that have less than was asked for are taken, and the rest is asked for again', () => {
    const run = new SyncRun(10);
    run.claim('a', 12, 0);
    expect(run.answer(0, 'a', fetchedBlocks(11, 1), 1)).toEqual(['apply 11 of a', '#1 a: blocks 12+1']);
  });

  test('of heights that consensus has decided meanwhile are dropped', () => {
    const run = new SyncRun(10);
    run.claim('a', 14, 0);
    run.commit(11, 1);
    run.commit(12, 2);
    expect(run.answer(0, 'a', fetchedBlocks(11, 2), 3)).toEqual([]);
    expect(run.state.buffered).toEqual([]);
    expect(run.answer(1, 'a', fetchedBlocks(13, 2), 4)).toEqual(['apply 13 of a']);
  });

  test.each([
    ['that nobody asked for', 7, 'a'],
    ['of another peer than was asked', 0, 'b'],
  ])('%s change nothing', (_, requestId, peer) => {
    const run = new SyncRun(10);
    run.claim('a', 12, 0);
    const before = run.state;
    expect(run.answer(requestId, peer, fetchedBlocks(11, 2), 1)).toEqual([]);
    expect(run.state).toEqual(before);
  });

  test('that come twice change nothing the second time', () => {
    const run = new SyncRun(10);
    run.claim('a', 12, 0);
    run.answer(0, 'a', fetchedBlocks(11, 2), 1);
    const before = run.state;
    expect(run.answer(0, 'a', fetchedBlocks(11, 2), 2)).toEqual([]);
    expect(run.state).toEqual(before);
  });

  test('that exceed the limits of requests are impossible for an honest peer', () => {
    const certificateBytes = answerBytes({
      ...fetchedBlock(1, 0),
      certificate: {
        ...fetchedBlock(1).certificate,
        signatures: Array.from({ length: LIMITS.validatorsMax }, () => fetchedBlock(1).certificate.signatures[0] as never),
      },
    });
    const headerBytes = 9;
    expect(BLOCK_ENCODED_BYTES_MAX + certificateBytes).toBeLessThanOrEqual(SYNC_LIMITS.answerBytesMax);
    expect(SYNC_LIMITS.answerBytesMax + headerBytes).toBeLessThanOrEqual(CONSENSUS_MESSAGE_BYTES_MAX);
  });
});

describe('a peer is cut', () => {
  const malformed = [
    ['blocks of other heights', fetchedBlocks(12, 2)],
    ['blocks in another order', [fetchedBlock(12), fetchedBlock(11)]],
    ['more blocks than were asked for', fetchedBlocks(11, 3)],
    ['more bytes than an answer may have', [fetchedBlock(11, SMALL_LIMITS.answerBytesMax)]],
  ] as const;

  test.each(malformed)('for an answer with %s (ASA-2025-002)', (_, blocks) => {
    const run = new SyncRun(10);
    run.claim('a', 14, 0);
    run.claim('b', 14, 0);
    expect(run.answer(0, 'a', blocks, 5)).toEqual(['cut a: ANSWER_MALFORMED', '#2 b: blocks 11+2', '#3 b: blocks 13+2']);
    expect(run.state.ranges.map(({ peer }) => peer)).toEqual(['b', 'b']);
    expect(run.state.peers).toEqual([
      { peer: 'a', isLinked: false, height: 0, earliestHeight: 0, failures: 1, pausedUntilMs: 60_005 },
      { peer: 'b', isLinked: true, height: 14, earliestHeight: 0, failures: 0, pausedUntilMs: 0 },
    ]);
  });

  test('for a block whose certificate or body is wrong, and all that came from it is fetched from others', () => {
    const run = new SyncRun(10);
    run.claim('liar', 14, 0);
    expect(run.answer(0, 'liar', fetchedBlocks(11, 2), 1)).toEqual(['apply 11 of liar']);
    expect(run.answer(1, 'liar', fetchedBlocks(13, 2), 2)).toEqual([]);
    run.claim('honest', 14, 3);
    expect(run.act({ type: 'blockRefused', height: 11, nowMs: 4 })).toEqual([
      'cut liar: BLOCK_INVALID',
      '#2 honest: blocks 11+2',
      '#3 honest: blocks 13+2',
    ]);
    expect(run.state.buffered).toEqual([]);
  });

  test('for a claim below one that it made before, and the target is that of the others (ASA-2025-001, CVE-2025-24371)', () => {
    const run = new SyncRun(10);
    run.claim('honest', 12, 0);
    run.claim('liar', 1_000_000, 0);
    expect(progressOf(run.state).targetHeight).toBe(1_000_000);
    expect(run.claim('liar', 11, 1)).toEqual(['cut liar: CLAIM_REGRESSED']);
    expect(progressOf(run.state)).toEqual({
      height: 10,
      targetHeight: 12,
      requests: 1,
      bufferedBlocks: 0,
      bufferedBytes: 0,
      believedPeers: 1,
      isNextPruned: false,
    });
    run.answer(0, 'honest', fetchedBlocks(11, 2), 2);
    run.commit(11, 3);
    run.commit(12, 4);
    expect(progressOf(run.state).targetHeight).toBe(12);
    expect(run.state.ranges).toEqual([]);
  });

  test.each([
    ['a fraction', 12.5, 0],
    ['below zero', -1, 0],
    ['not exact', 2 ** 53, 0],
    ['no number', Number.NaN, 0],
    ['lower than what it still has', 12, 14],
    ['with a lowest height below zero', 12, -1],
  ])('for a claim that is %s', (_, height, earliestHeight) => {
    const run = new SyncRun(10);
    expect(run.act({ type: 'peerClaimed', peer: 'a', height, earliestHeight, nowMs: 0 })).toEqual(['cut a: CLAIM_INVALID']);
    expect(run.state.ranges).toEqual([]);
  });

  test('and is not asked again before its pause is over, even when it is linked again at once', () => {
    const run = new SyncRun(10);
    run.claim('a', 14, 0);
    run.answer(0, 'a', fetchedBlocks(12, 2), 0);
    run.act({ type: 'peerGone', peer: 'a', nowMs: 1 });
    expect(run.claim('a', 14, 2)).toEqual([]);
    expect(run.wake(59_999)).toEqual([]);
    expect(run.wake(60_000)).toEqual(['#2 a: blocks 11+1']);
  });

  test('but may claim less when it is linked anew: it may have been restored', () => {
    const run = new SyncRun(10);
    run.claim('a', 10, 0);
    run.act({ type: 'peerGone', peer: 'a', nowMs: 1 });
    expect(run.claim('a', 5, 2)).toEqual([]);
    expect(run.state.peers).toEqual([{ peer: 'a', isLinked: true, height: 5, earliestHeight: 0, failures: 0, pausedUntilMs: 0 }]);
  });
});

describe('a peer that fails', () => {
  test('by silence is given up at the deadline, and asked for less later', () => {
    const run = new SyncRun(10);
    run.claim('a', 12, 0);
    expect(run.wake(9_999)).toEqual([]);
    expect(run.wake(10_000)).toEqual([]);
    expect(run.state.ranges).toEqual([]);
    expect(run.wake(10_999)).toEqual([]);
    expect(run.wake(11_000)).toEqual(['#1 a: blocks 11+1']);
    expect(run.answer(0, 'a', fetchedBlocks(11, 2), 11_500)).toEqual([]);
  });

  test('to be quick with the next blocks is joined by another after two seconds, and the first answer counts', () => {
    const run = new SyncRun(10);
    run.claim('slow', 12, 0);
    run.claim('quick', 12, 0);
    expect(run.wake(1_999)).toEqual([]);
    expect(run.wake(2_000)).toEqual(['#1 quick: blocks 11+2']);
    expect(run.wake(4_000)).toEqual([]);
    expect(run.answer(1, 'quick', fetchedBlocks(11, 2), 4_100)).toEqual(['apply 11 of quick']);
    expect(run.answer(0, 'slow', fetchedBlocks(11, 2), 4_200)).toEqual([]);
    expect(run.state.buffered.map(({ height, peer }) => [height, peer])).toEqual([[12, 'quick']]);
  });

  test.each([
    ['an empty answer', { type: 'blocksReceived', requestId: 0, peer: 'a', blocks: [], nowMs: 100 }],
    ['a declined request', { type: 'requestFailed', requestId: 0, peer: 'a', nowMs: 100 }],
  ] as const)('by %s is left alone for a second, and others are asked', (_, input) => {
    const run = new SyncRun(10);
    run.claim('a', 12, 0);
    run.claim('b', 12, 0);
    expect(run.act(input)).toEqual(['#1 b: blocks 11+2']);
    expect(run.state.peers[0]).toEqual({ peer: 'a', isLinked: true, height: 12, earliestHeight: 0, failures: 1, pausedUntilMs: 1_100 });
  });

  test('again and again is left alone for twice as long each time, up to a minute: no hot loop (GHSA-cpqw-5g6w-h8rr)', () => {
    const run = new SyncRun(10);
    run.claim('a', 1_000, 0);
    const pausesMs: number[] = [];
    let nowMs = 0;
    while (pausesMs.length < 9) {
      const [request] = run.state.ranges;
      run.act({ type: 'requestFailed', requestId: request?.requestId ?? -1, peer: 'a', nowMs });
      for (const { requestId } of run.state.ranges) run.act({ type: 'requestFailed', requestId, peer: 'a', nowMs });
      const pausedUntilMs = run.state.peers[0]?.pausedUntilMs ?? 0;
      pausesMs.push(pausedUntilMs - nowMs);
      nowMs = pausedUntilMs;
      expect(run.wake(nowMs)).toHaveLength(1);
    }
    // The first failure was of two requests at once.
    expect(pausesMs).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  });

  test('by losing its link with requests open is remembered; with none it is forgotten', () => {
    const run = new SyncRun(10);
    run.claim('a', 12, 0);
    run.claim('b', 10, 0);
    run.act({ type: 'peerGone', peer: 'a', nowMs: 5 });
    run.act({ type: 'peerGone', peer: 'b', nowMs: 5 });
    expect(run.state.peers).toEqual([{ peer: 'a', isLinked: false, height: 12, earliestHeight: 0, failures: 1, pausedUntilMs: 1_005 }]);
    expect(run.state.ranges).toEqual([]);
  });

  test('is asked for nothing more before what it sent is judged, unless that is what comes next', () => {
    const run = new SyncRun(10);
    run.claim('a', 100, 0);
    run.act({ type: 'requestFailed', requestId: 0, peer: 'a', nowMs: 0 });
    run.act({ type: 'requestFailed', requestId: 1, peer: 'a', nowMs: 0 });
    expect(run.wake(2_000)).toEqual(['#2 a: blocks 11+1']);
    expect(run.answer(2, 'a', fetchedBlocks(11, 1), 2_001)).toEqual(['apply 11 of a']);
    expect(run.wake(2_500)).toEqual([]);
    expect(run.commit(11, 2_600)).toEqual([expect.stringContaining(' a: blocks 12+')]);
  });

  test('makes up for it with blocks that are committed', () => {
    const run = new SyncRun(10);
    run.claim('a', 12, 0);
    run.act({ type: 'requestFailed', requestId: 0, peer: 'a', nowMs: 0 });
    expect(progressOf(run.state).targetHeight).toBe(10);
    expect(run.wake(1_000)).toEqual(['#1 a: blocks 11+1']);
    run.answer(1, 'a', fetchedBlocks(11, 1), 1_001);
    run.commit(11, 1_002);
    expect(run.state.peers[0]?.failures).toBe(0);
    expect(progressOf(run.state).targetHeight).toBe(12);
  });
});

describe('limits', () => {
  test('of bytes hold requests back while blocks wait, and never those that come next', () => {
    const limits = { ...SMALL_LIMITS, answerBytesMax: 1_000, bufferBytesMax: 4_500, requestsPerPeerMax: 4, requestsMax: 10 };
    const run = new SyncRun(10, limits);
    expect(run.claim('a', 100, 0)).toEqual(['#0 a: blocks 11+2', '#1 a: blocks 13+2']);
    expect(run.answer(1, 'a', [fetchedBlock(13, 50), fetchedBlock(14, 10)], 1)).toEqual(['#2 a: blocks 15+2']);
    expect(run.answer(2, 'a', [fetchedBlock(15, 400), fetchedBlock(16, 300)], 2)).toEqual([]);
    run.claim('b', 100, 3);
    expect(run.act({ type: 'requestFailed', requestId: 0, peer: 'a', nowMs: 4 })).toEqual(['#3 b: blocks 11+2']);
  });

  test('of bytes make the highest blocks give way to those that come next', () => {
    const limits = { ...SMALL_LIMITS, answerBytesMax: 1_000, bufferBytesMax: 3_000, requestsPerPeerMax: 4, requestsMax: 10 };
    const run = new SyncRun(10, limits);
    run.state = {
      ...run.state,
      buffered: [13, 14, 15].map((height) => ({ height, peer: 'gone', bytes: 900, block: fetchedBlock(height, 770) })),
    };
    expect(run.claim('a', 100, 0)).toEqual(['#0 a: blocks 11+2']);
    expect(run.state.buffered.map(({ height }) => height)).toEqual([13, 14]);
  });

  test('of peers hold: one that is gone gives way, a linked one does not', () => {
    const run = new SyncRun(10, { ...SMALL_LIMITS, peersMax: 2 });
    run.claim('a', 12, 0);
    run.claim('b', 10, 0);
    run.claim('c', 10, 0);
    expect(run.state.peers.map(({ peer }) => peer)).toEqual(['a', 'b']);
    run.act({ type: 'peerGone', peer: 'a', nowMs: 1 });
    run.claim('c', 10, 2);
    expect(run.state.peers.map(({ peer }) => peer)).toEqual(['b', 'c']);
  });
});

test('says that the next block is pruned everywhere', () => {
  const run = new SyncRun(10);
  run.act({ type: 'peerClaimed', peer: 'a', height: 100, earliestHeight: 50, nowMs: 0 });
  expect(progressOf(run.state)).toEqual({
    height: 10,
    targetHeight: 100,
    requests: 0,
    bufferedBlocks: 0,
    bufferedBytes: 0,
    believedPeers: 1,
    isNextPruned: true,
  });
});

test('sets its alarm again when it was woken too early', () => {
  const run = new SyncRun(10);
  run.claim('a', 11, 0);
  expect(run.tell({ type: 'woken', nowMs: 250 })).toEqual([{ type: 'wakeAt', atMs: 300 }]);
});
