import { describe, expect, test } from 'vitest';
import { hashOf, SyncRun } from './fetched-blocks.ts';

/*
 * Goal: how bodies of undecided blocks are found. Method: scripts of inputs, and everything that comes of each.
 */

/** A run at height 10 with these peers linked, none of them ahead. */
function runWith(...peers: readonly string[]): SyncRun {
  const run = new SyncRun(10);
  for (const peer of peers) run.claim(peer, 10, 0);
  return run;
}

function want(run: SyncRun, first: number, holders: readonly string[], nowMs: number, height = 11): readonly string[] {
  return run.act({ type: 'bodyWanted', height, blockHash: hashOf(first), holders, nowMs });
}

function answer(run: SyncRun, requestId: number, peer: string, result: 'found' | 'absent' | 'wrong', nowMs: number): readonly string[] {
  return run.act({ type: 'bodyAnswered', requestId, peer, result, nowMs });
}

describe('a body', () => {
  test('is asked for from one holder, then from the others in turn, then from everybody, three at a time', () => {
    const run = runWith('a', 'b', 'c', 'd');
    expect(want(run, 7, ['c', 'b'], 0)).toEqual(['#0 c: body 7 of 11']);
    expect(run.wake(499)).toEqual([]);
    expect(run.wake(500)).toEqual(['#1 b: body 7 of 11']);
    expect(run.wake(1_000)).toEqual(['#2 a: body 7 of 11']);
    expect(run.wake(1_500)).toEqual([]);
    expect(answer(run, 1, 'b', 'absent', 1_600)).toEqual(['#3 d: body 7 of 11']);
  });

  test('is the only thing that the alarm is set for', () => {
    const run = runWith('a', 'b');
    expect(run.tell({ type: 'bodyWanted', height: 11, blockHash: hashOf(7), holders: ['b'], nowMs: 20 })).toEqual([
      { type: 'requestBody', requestId: 0, peer: 'b', height: 11, blockHash: hashOf(7) },
      { type: 'wakeAt', atMs: 520 },
    ]);
  });

  test('that a peer does not have is asked for from the next at once, and from the first again after a pause', () => {
    const run = runWith('a', 'b');
    want(run, 7, [], 0);
    expect(answer(run, 0, 'a', 'absent', 10)).toEqual(['#1 b: body 7 of 11']);
    expect(answer(run, 1, 'b', 'absent', 20)).toEqual([]);
    expect(run.wake(510)).toEqual(['#2 a: body 7 of 11']);
    expect(run.state.peers.map(({ failures }) => failures)).toEqual([0, 0]);
  });

  test('that was found is asked for no more, and late answers are of no concern', () => {
    const run = runWith('a', 'b');
    want(run, 7, [], 0);
    run.wake(500);
    expect(answer(run, 1, 'b', 'found', 600)).toEqual([]);
    expect(answer(run, 0, 'a', 'wrong', 700)).toEqual([]);
    expect([run.state.bodies, run.state.bodyRequests]).toEqual([[], []]);
    expect(run.wake(10_000)).toEqual([]);
  });

  test.each([
    ['came with a proposal', { type: 'bodyReceived', blockHash: hashOf(7), nowMs: 1 }],
    ['is of a height that is decided', { type: 'heightCommitted', height: 11, nowMs: 1 }],
  ] as const)('that %s is asked for no more', (_, input) => {
    const run = runWith('a', 'b');
    want(run, 7, [], 0);
    expect(run.act(input)).toEqual([]);
    expect([run.state.bodies, run.state.bodyRequests]).toEqual([[], []]);
  });

  test('of another hash cuts the peer, and the next is asked (ASA-2025-002)', () => {
    const run = runWith('a', 'b');
    want(run, 7, [], 0);
    expect(answer(run, 0, 'a', 'wrong', 600)).toEqual(['cut a: BODY_WRONG', '#1 b: body 7 of 11']);
  });

  test('that a peer keeps silent about counts as a failure of that peer after the deadline', () => {
    const run = runWith('a', 'b');
    want(run, 7, [], 0);
    run.wake(500);
    expect(run.wake(9_999)).toEqual([]);
    expect(run.wake(10_000)).toEqual(['#2 a: body 7 of 11']);
    expect(run.state.peers.map(({ failures }) => failures)).toEqual([1, 0]);
  });

  test('is asked for from a peer that is paused only when nobody else is left', () => {
    const run = runWith('a', 'b', 'c');
    want(run, 7, ['a'], 0);
    run.act({ type: 'requestFailed', requestId: 0, peer: 'a', nowMs: 1 });
    want(run, 8, ['a'], 2);
    expect(run.state.bodyRequests.map(({ peer, blockHash }) => [peer, blockHash[0]])).toEqual([['b', 8]]);
    expect(answer(run, 1, 'b', 'absent', 3)).toEqual(['#2 c: body 8 of 11']);
    expect(answer(run, 2, 'c', 'absent', 4)).toEqual(['#3 a: body 8 of 11']);
  });

  test('that nobody linked has waits for the first peer to come', () => {
    const run = runWith();
    expect(want(run, 7, ['a'], 0)).toEqual([]);
    expect(run.claim('b', 10, 9_000)).toEqual(['#0 b: body 7 of 11']);
  });

  test('that is wanted again is asked for once, of the new holders first', () => {
    const run = runWith('a', 'b', 'c');
    want(run, 7, ['a'], 0);
    expect(want(run, 7, ['c'], 100)).toEqual([]);
    expect(run.wake(500)).toEqual(['#1 c: body 7 of 11']);
  });

  test('of a committed height is not looked for', () => {
    expect(want(runWith('a'), 7, ['a'], 0, 10)).toEqual([]);
  });
});

test('no more bodies are looked for than the limit, nor more at a time from one peer', () => {
  const run = runWith('a', 'b');
  want(run, 7, ['a'], 0);
  want(run, 8, ['a'], 0);
  expect(want(run, 9, ['a'], 0)).toEqual([]);
  expect(run.state.bodies.map(({ blockHash }) => blockHash[0])).toEqual([7, 8]);
  const busy = new SyncRun(10, { ...run.state.limits, bodyRequestsPerPeerMax: 1 });
  busy.claim('a', 10, 0);
  busy.claim('b', 10, 0);
  expect(want(busy, 7, ['a'], 0)).toEqual(['#0 a: body 7 of 11']);
  expect(want(busy, 8, ['a'], 0)).toEqual(['#1 b: body 8 of 11']);
});
