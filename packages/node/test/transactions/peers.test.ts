import { encodeTransaction, RAW_TRANSACTION_BYTES_MAX, type SignedTransaction } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { decodeBatch, encodeBatch } from '../../src/transactions/transaction-batch.ts';
import { addressOf, declared, idOf, transfer, transfers, verified } from './test-chain.ts';
import { inShort, TestService, type TestServiceOptions } from './test-service.ts';

/*
 * Goal: what one node takes from its peers and tells them, when, and what happens to a peer that breaks the rules. Method: a service with its messages in hand.
 */

const batchOf = (...transactions: readonly SignedTransaction[]): Uint8Array => encodeBatch(transactions.map(encodeTransaction));

/** A service with these peers linked, and nothing sent yet. */
async function startWith(peers: readonly string[], options: TestServiceOptions = {}): Promise<TestService> {
  const run = await TestService.start(options);
  for (const peer of peers) run.service.connected(peer);
  run.clock.advance(0);
  return run;
}

/** Ids of what each peer was sent, since the last time. */
function takeSent(run: TestService): Readonly<Record<string, readonly string[]>> {
  const sent: Record<string, string[]> = {};
  for (const { peer, message } of run.sent.splice(0)) {
    const read = decodeBatch(message);
    if (!('transactions' in read)) throw new Error('a batch is sent');
    sent[peer] = [...(sent[peer] ?? []), ...read.transactions.map((raw) => NAMES.get(raw.join()) ?? 'unknown')];
  }
  return sent;
}

const NAMES = new Map(
  ['a', 'b', 'c'].flatMap((from) => transfers(from, 0, 40).map((each, nonce) => [encodeTransaction(each).join(), `${from}${nonce}`])),
);

describe('what clients hand in', () => {
  test('is sent to all peers in one batch within five milliseconds, after it is durable', async () => {
    const run = await startWith(['p', 'q']);
    const answered = run.service.submit(transfers('a', 0, 3).map(declared));
    run.clock.advance(4);
    expect([run.sent, run.service.counters.journalWrites]).toEqual([[], 0]);
    run.clock.advance(1);
    expect(run.service.counters).toMatchObject({ journalWrites: 1, batchesSent: 2, transactionsSent: 6 });
    expect(takeSent(run)).toEqual({ p: ['a0', 'a1', 'a2'], q: ['a0', 'a1', 'a2'] });
    expect((await answered).map(inShort)).toEqual(['ok', 'ok', 'ok']);
    run.clock.advance(10_000);
    expect(run.sent).toEqual([]);
  });

  test('is sent at once when a batch is full', async () => {
    const run = await startWith(['p'], { limits: { batchBytes: 400, sliceUs: 1_000_000 } });
    void run.service.submit(transfers('a', 0, 4).map(declared));
    run.clock.advance(0);
    expect(run.sent.map(({ message }) => decodeBatch(message))).toEqual([
      { transactions: transfers('a', 0, 2).map(encodeTransaction) },
      { transactions: transfers('a', 2, 4).map(encodeTransaction) },
    ]);
  });

  test('is not sent to a peer that has sent it meanwhile', async () => {
    const run = await startWith(['p', 'q']);
    void run.service.submit(transfers('a', 0, 2).map(declared));
    run.clock.advance(1);
    run.service.received('p', batchOf(transfer('a', 1)));
    run.clock.advance(10);
    expect(takeSent(run)).toEqual({ p: ['a0'], q: ['a0', 'a1'] });
  });

  test('is not sent any more once a block has it', async () => {
    const run = await startWith([]);
    await run.submit(transfers('a', 0, 2));
    await run.commit([verified(transfer('a', 0))]);
    run.service.connected('p');
    run.clock.advance(1_000);
    expect(takeSent(run)).toEqual({ p: ['a1'] });
  });
});

describe('what a peer sends', () => {
  test('is admitted, and sent on to others after half a second, never back', async () => {
    const run = await startWith(['p', 'q', 'r']);
    run.service.received('p', batchOf(transfer('a', 0), transfer('b', 0)));
    run.clock.advance(100);
    run.service.received('q', batchOf(transfer('b', 0)));
    run.clock.advance(149);
    expect([run.sent, run.service.sizes.transactions, run.workTold]).toEqual([[], 2, 1]);
    run.clock.advance(351);
    expect(takeSent(run)).toEqual({ q: ['a0'], r: ['a0', 'b0'] });
    run.clock.advance(10_000);
    expect(run.sent).toEqual([]);
    expect(run.service.counters).toMatchObject({ transactionsReceived: 3, duplicatesReceived: 1, verified: 2, admitted: { peer: 2 } });
  });

  test('is not sent on when a block has it by then', async () => {
    const run = await startWith(['p', 'q']);
    run.service.received('p', batchOf(transfer('a', 0)));
    run.clock.advance(100);
    await run.commit();
    run.clock.advance(10_000);
    expect(run.sent).toEqual([]);
  });

  test('is not written to the journal, unless a client hands it in too', async () => {
    const run = await startWith(['p']);
    run.service.received('p', batchOf(...transfers('a', 0, 2)));
    run.clock.advance(100);
    expect([run.service.sizes.transactions, run.service.counters.journalWrites]).toEqual([2, 0]);
    expect(await run.submit([transfer('a', 1)])).toEqual(['ok']);
    const again = await TestService.start({ chain: run.chain, disk: run.disk.afterPowerLoss(() => 0) });
    again.clock.advance(10);
    expect([again.service.find(idOf(transfer('a', 0))), again.service.find(idOf(transfer('a', 1)))]).toEqual([
      undefined,
      verified(transfer('a', 1)),
    ]);
  });

  test('may have gaps for a while, whoever closes them', async () => {
    const run = await startWith(['p', 'q']);
    run.service.received('p', batchOf(transfer('a', 1)));
    run.clock.advance(100);
    run.service.received('q', batchOf(transfer('a', 0)));
    run.clock.advance(100);
    expect([run.service.candidates().length, run.service.pendingNonce(addressOf('a'))]).toEqual([2, 2]);
    run.clock.advance(1_000);
    expect(takeSent(run)).toEqual({ p: ['a0'], q: ['a1'] });
  });

  test.each([
    ['expired', transfer('a', 0, { validForSec: 0 }), 'EXPIRED'],
    ['far ahead', transfer('a', 40), 'NONCE_TOO_HIGH'],
    ['not payable', transfer('nobody', 0), 'INSUFFICIENT_FEE_BALANCE'],
  ])('is refused without verification when it is %s, and the peer stays', async (_, sent, code) => {
    const run = await startWith(['p'], { mempoolLimits: { nonceAheadMax: 20 } });
    run.service.received('p', batchOf(sent));
    run.clock.advance(100);
    expect(run.service.counters).toMatchObject({ verified: 0, refused: { [code]: 1 }, peersCut: 0 });
    expect(run.cut).toEqual([]);
  });

  test('is nothing to a service whose peer is not linked, or that does not run', async () => {
    const run = await startWith(['p']);
    run.service.received('q', batchOf(transfer('a', 0)));
    run.service.disconnected('p');
    run.service.received('p', batchOf(transfer('a', 0)));
    run.service.stop();
    run.service.connected('p');
    run.service.received('p', batchOf(transfer('a', 0)));
    run.clock.advance(100);
    expect([run.service.counters.transactionsReceived, run.cut, run.sent]).toEqual([0, [], []]);
  });
});

describe('a peer is cut', () => {
  const wrongSponsor = encodeTransaction(transfer('a', 0, { sponsor: 'b' }));
  wrongSponsor.set([(wrongSponsor.at(-3) ?? 0) ^ 1], wrongSponsor.length - 3);
  test.each([
    ['no batch', Uint8Array.of(1), 'a batch of transactions is empty'],
    ['a batch of another version', Uint8Array.of(9, 0, 1, 1), 'a batch of transactions has version 9, not 1'],
    ['no transaction', encodeBatch([Uint8Array.of(1, 2, 3)]), 'a transaction was sent on that is MALFORMED'],
    ['one that is too long', encodeBatch([new Uint8Array(RAW_TRANSACTION_BYTES_MAX)]), 'a transaction was sent on that is MALFORMED'],
    ['one of another chain', batchOf(transfer('a', 0, { chainId: 8 })), 'a transaction was sent on that is BAD_SIGNATURE'],
    ['one with a wrong signature of the sponsor', encodeBatch([wrongSponsor]), 'a transaction was sent on that is BAD_SIGNATURE'],
  ])('that sends %s: once, and nothing more of it is looked at', async (_, message, reason) => {
    const run = await startWith(['p', 'q']);
    run.service.received('p', batchOf(transfer('c', 0)));
    run.service.received('p', message);
    run.service.received('p', batchOf(transfer('b', 0)));
    run.service.received('p', message);
    run.clock.advance(100);
    run.service.received('p', batchOf(transfer('b', 0)));
    run.clock.advance(1_000);
    expect(run.cut).toEqual([{ peer: 'p', reason }]);
    expect(run.service.find(idOf(transfer('b', 0)))).toBeUndefined();
    expect([run.service.sizes.unread, run.service.counters.peersCut]).toEqual([0, 1]);
  });

  test('and may come back', async () => {
    const run = await startWith(['p']);
    run.service.received('p', Uint8Array.of(1));
    run.service.disconnected('p');
    run.service.connected('p');
    run.service.received('p', batchOf(transfer('a', 0)));
    run.clock.advance(100);
    expect(run.service.sizes.transactions).toBe(1);
  });

  test('but not for what another one has spoiled: a wrong sponsor does not stand in the way of the right one', async () => {
    const run = await startWith(['p', 'q']);
    run.service.received('p', encodeBatch([wrongSponsor]));
    run.service.received('q', batchOf(transfer('a', 0, { sponsor: 'b' })));
    run.clock.advance(100);
    expect(run.cut.map(({ peer }) => peer)).toEqual(['p']);
    expect(run.service.find(idOf(transfer('a', 0)))).toEqual(verified(transfer('a', 0, { sponsor: 'b' })));
  });
});

describe('a peer that was just linked', () => {
  test('is sent everything that waits, what clients handed in and what peers sent', async () => {
    const run = await startWith(['p']);
    await run.submit(transfers('a', 0, 2));
    run.service.received('p', batchOf(...transfers('b', 0, 2)));
    run.clock.advance(1_000);
    takeSent(run);
    run.service.connected('q');
    expect(run.sent).toEqual([]);
    run.clock.advance(1_000);
    expect(takeSent(run)).toEqual({ q: ['a0', 'a1', 'b0', 'b1'] });
  });

  test('is not sent what is not durable yet', async () => {
    const run = await startWith([]);
    void run.service.submit([declared(transfer('a', 0))]);
    run.clock.advance(1);
    run.service.connected('q');
    run.clock.advance(3);
    expect([run.service.sizes.transactions, run.sent]).toEqual([1, []]);
    run.clock.advance(1);
    expect(takeSent(run)).toEqual({ q: ['a0'] });
  });

  test('for the second time may have forgotten everything, its own as well', async () => {
    const run = await startWith(['p']);
    run.service.received('p', batchOf(transfer('b', 0)));
    run.clock.advance(1_000);
    run.service.disconnected('p');
    run.service.connected('p');
    run.clock.advance(1_000);
    expect(takeSent(run)).toEqual({ p: ['b0'] });
  });

  test('gets a few batches at once and the others a little later', async () => {
    const run = await startWith([], { limits: { batchBytes: 1, batchesAtOnceMax: 3, resendMs: 20 } });
    await run.submit(transfers('a', 0, 8));
    run.service.connected('p');
    const counts = [0, 19, 1, 20, 1_000].map((forMs) => {
      run.clock.advance(forMs);
      return run.sent.length;
    });
    expect(counts).toEqual([3, 3, 6, 8, 8]);
    expect(takeSent(run)).toEqual({ p: ['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'] });
  });
});

describe('a link that takes no more', () => {
  test('is tried again from where it was, and holds up no other', async () => {
    let isOpen = false;
    const run = await startWith(['p', 'q'], { send: (peer) => isOpen || peer === 'q' });
    await run.submit(transfers('a', 0, 2));
    await run.submit([transfer('b', 0)]);
    run.clock.advance(100);
    expect(takeSent(run)).toEqual({ q: ['a0', 'a1', 'b0'] });
    expect(run.service.counters.batchesDelayed).toBeGreaterThan(3);
    await run.commit([verified(transfer('a', 0))]);
    isOpen = true;
    run.clock.advance(20);
    expect(takeSent(run)).toEqual({ p: ['a1', 'b0'] });
    run.clock.advance(10_000);
    expect(run.sent).toEqual([]);
  });

  test('leaves nothing behind when it ends', async () => {
    const run = await startWith(['p'], { send: () => false });
    await run.submit([transfer('a', 0)]);
    expect(run.clock.pending).toBe(1);
    run.service.disconnected('p');
    expect(run.clock.pending).toBe(0);
  });
});

describe('a peer that sends more than can be looked at', () => {
  test('has its newest batches ignored, and others are looked at in turn with it', async () => {
    const flood = transfers('a', 0, 30);
    const run = await startWith(['p', 'q'], { limits: { unreadPerPeerMax: 30, sliceUs: 500 } });
    run.service.received('p', batchOf(...flood));
    run.service.received('p', batchOf(transfer('b', 0)));
    run.service.received('q', batchOf(transfer('c', 0)));
    run.clock.runNext();
    expect(run.service.find(idOf(transfer('c', 0)))).toBeDefined();
    expect(run.service.sizes.unread).toBeGreaterThan(20);
    run.clock.advance(100);
    expect(run.service.find(idOf(transfer('b', 0)))).toBeUndefined();
    expect(run.service.counters).toMatchObject({ batchesReceived: 3, batchesIgnored: 1, admitted: { peer: 31 } });
    run.service.received('p', batchOf(transfer('b', 0)));
    run.clock.advance(100);
    expect(run.service.find(idOf(transfer('b', 0)))).toBeDefined();
  });

  test('is limited in bytes too', async () => {
    const batch = batchOf(...transfers('a', 0, 4));
    const run = await startWith(['p'], { limits: { unreadPerPeerBytesMax: batch.length } });
    run.service.received('p', batch);
    run.service.received('p', batchOf(transfer('b', 0)));
    run.clock.advance(100);
    run.service.received('p', batch);
    expect(run.service.counters).toMatchObject({ batchesReceived: 3, batchesIgnored: 1 });
  });
});
