import { describe, expect, test } from 'vitest';
import { keyOf } from '../../src/mempool/byte-key.ts';
import { CLIENT, MempoolRun, PEER, TIP, transaction } from './model-ledger.ts';

/*
 * Goal: transactions that come before the one with the nonce below wait for it, and for nothing else. Method: scripts of arrivals, and everything that
 * comes of each.
 */

const hash = (first: number) => new Uint8Array(32).fill(first) as never;

describe('a transaction that leaves a gap', () => {
  test('waits, and is admitted behind the one that closes it', () => {
    const run = new MempoolRun();
    expect(run.pool.admit(transaction('a', 2), PEER, 100)).toEqual({ outcome: { type: 'parked', untilMs: 5_100 }, changes: [] });
    expect(run.admit(transaction('a', 1))).toEqual(['parked until 5000']);
    expect(run.candidates()).toEqual([]);
    expect(run.pool.statusOf(transaction('a', 2).id)).toBeUndefined();
    expect(run.pool.admit(transaction('a', 0), CLIENT, 200)).toEqual({
      outcome: { type: 'admitted' },
      changes: [
        { type: 'admitted', transaction: transaction('a', 0), source: CLIENT },
        { type: 'admitted', transaction: transaction('a', 1), source: CLIENT },
        { type: 'admitted', transaction: transaction('a', 2), source: PEER },
      ],
    });
    expect(run.candidates()).toEqual(['a0', 'a1', 'a2']);
    expect(run.pool.nextDeadlineMs).toBeUndefined();
  });

  test('is admitted when a block closes the gap', () => {
    const run = new MempoolRun();
    run.admit(transaction('a', 1));
    expect(run.commit([transaction('a', 0)])).toEqual(['admitted a1']);
  });

  test('is dropped when its time is over, and not before', () => {
    const run = new MempoolRun();
    run.admit(transaction('a', 2), CLIENT, 0);
    run.admit(transaction('b', 2), PEER, 1_000);
    expect(run.pool.nextDeadlineMs).toBe(5_000);
    expect(run.pool.dropOverdue(4_999)).toEqual([]);
    expect(run.pool.dropOverdue(5_000)).toEqual([
      {
        type: 'dropped',
        id: transaction('a', 2).id,
        source: CLIENT,
        refusal: { code: 'NONCE_TOO_HIGH', field: 'nonce', remedy: 'Send the transactions with the nonces before this one first.' },
      },
    ]);
    expect(run.pool.nextDeadlineMs).toBe(6_000);
    expect(run.pool.isKnown(transaction('a', 2).id)).toBe(false);
  });

  test('is known while it waits', () => {
    const run = new MempoolRun();
    run.admit(transaction('a', 2));
    expect(run.admit(transaction('a', 2))).toEqual(['known']);
    expect(run.pool.find(transaction('a', 2).id)).toEqual(transaction('a', 2));
  });

  test('is dropped with the reason when it does not fit any more at its turn, and those behind it go on waiting', () => {
    const run = new MempoolRun();
    for (const nonce of [1, 2]) run.admit(transaction('a', nonce));
    run.ledger.setBalance('a', 1n);
    expect(run.admit(transaction('a', 0))).toEqual(['admitted', 'admitted a0', 'dropped a1: INSUFFICIENT_FEE_BALANCE']);
    expect(run.pool.sizes.parked).toBe(1);
  });

  test('is dropped when there is no place for it at its turn', () => {
    const run = new MempoolRun({ transactionsMax: 1 });
    run.admit(transaction('a', 1));
    expect(run.admit(transaction('a', 0))).toEqual(['admitted', 'admitted a0', 'dropped a1: MEMPOOL_FULL']);
  });

  test('ends when a block has it, or another with its nonce', () => {
    const run = new MempoolRun();
    for (const nonce of [1, 2]) run.admit(transaction('a', nonce));
    expect(run.commit([transaction('a', 0), transaction('a', 1), transaction('a', 2, { variant: 1 })])).toEqual([
      'committed a1',
      'dropped a2: NONCE_TOO_LOW',
    ]);
    expect(run.pool.sizes.parked).toBe(0);
  });

  test('is dropped as expired when its time comes too late', () => {
    const run = new MempoolRun();
    run.admit(transaction('a', 1, { validUntil: TIP.timeSec + 1 }));
    expect(run.commit([transaction('a', 0)], TIP.timeSec + 1)).toEqual(['dropped a1: EXPIRED']);
  });
});

describe('when all parking places are taken', () => {
  const LIMITS = { parkedMax: 4, parkedPerAccountMax: 3 };

  test('the highest nonce of the account that has most gives way to an account that has fewer', () => {
    const run = new MempoolRun(LIMITS);
    for (const nonce of [9, 5, 7]) run.admit(transaction('a', nonce), PEER);
    run.admit(transaction('b', 5));
    expect(run.admit(transaction('c', 5))).toEqual(['parked until 5000', 'dropped a9: MEMPOOL_FULL']);
    expect(run.admit(transaction('c', 6))).toEqual(['parked until 5000', 'dropped a7: MEMPOOL_FULL']);
    expect(run.admit(transaction('b', 6))).toEqual(['parked until 5000', 'dropped c6: MEMPOOL_FULL']);
    expect(run.admit(transaction('b', 7))).toEqual(['MEMPOOL_FULL']);
    expect(run.pool.sizes.parked).toBe(4);
  });

  test('one that is pinned stays', () => {
    const run = new MempoolRun(LIMITS);
    for (const nonce of [5, 7, 9]) run.admit(transaction('a', nonce), PEER);
    run.admit(transaction('b', 5));
    run.pool.pin(1, hash(1), [transaction('a', 9).id]);
    expect(run.admit(transaction('c', 5))).toEqual(['parked until 5000', 'dropped a7: MEMPOOL_FULL']);
  });

  test('and all are pinned, nothing gives way', () => {
    const run = new MempoolRun({ parkedMax: 2, parkedPerAccountMax: 2 });
    const parked = [5, 7].map((nonce) => transaction('a', nonce));
    for (const each of parked) run.admit(each);
    run.pool.pin(
      1,
      hash(1),
      parked.map(({ id }) => id),
    );
    expect(run.admit(transaction('c', 5))).toEqual(['MEMPOOL_FULL']);
  });
});

describe('the transactions of a prevoted block', () => {
  test('that are parked wait on until its height is committed', () => {
    const run = new MempoolRun();
    const pinned = transaction('a', 1);
    run.admit(pinned, PEER, 0);
    run.admit(transaction('b', 1), PEER, 0);
    expect(run.pool.pin(1, hash(1), [pinned.id])).toBe(true);
    expect(run.pool.dropOverdue(5_000).map((change) => change.type === 'dropped' && keyOf(change.id))).toEqual([
      keyOf(transaction('b', 1).id),
    ]);
    expect(run.pool.nextDeadlineMs).toBe(10_000);
    expect(run.pool.find(pinned.id)).toEqual(pinned);
    run.commit([]);
    expect(run.pool.dropOverdue(10_000)).toHaveLength(1);
  });

  test('are not dropped at their turn either, whatever has changed', () => {
    const run = new MempoolRun();
    const pinned = transaction('a', 1);
    run.admit(pinned);
    run.pool.pin(1, hash(1), [pinned.id]);
    run.ledger.setBalance('a', 1n);
    expect(run.admit(transaction('a', 0))).toEqual(['admitted', 'admitted a0']);
    expect(run.pool.find(pinned.id)).toEqual(pinned);
  });

  test('do not expire while a block of a later height has them', () => {
    const run = new MempoolRun();
    const pinned = transaction('a', 0);
    run.admit(pinned);
    run.pool.pin(2, hash(1), [pinned.id]);
    run.pool.pin(1, hash(2), [pinned.id]);
    expect(run.commit([], TIP.timeSec + 60)).toEqual([]);
    expect(run.pool.statusOf(pinned.id)).toEqual({ status: 'pending' });
    expect(run.commit([], TIP.timeSec + 61)).toEqual(['expired a0']);
  });

  test('are pinned for a limited number of blocks, each once', () => {
    const run = new MempoolRun({ pinnedBlocksMax: 2 });
    const ids = [transaction('a', 0).id];
    run.admit(transaction('a', 0));
    expect([1, 1, 2, 3].map((first) => run.pool.pin(1, hash(first), ids))).toEqual([true, true, true, false]);
    expect(run.pool.sizes.pinnedBlocks).toBe(2);
    run.commit([]);
    expect(run.pool.sizes.pinnedBlocks).toBe(0);
  });
});
