import { encodeTransaction, type SignedTransaction } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBatch } from '../../src/transactions/transaction-batch.ts';
import { CrashingDisk } from '../support/crashing-disk.ts';
import { openJournal } from './journal-run.ts';
import { addressOf, declared, idOf, TestChain, transfer, transfers, verified } from './test-chain.ts';
import { inShort, TestService, type TestServiceOptions } from './test-service.ts';

/*
 * Goal: what was promised before a restart keeps its place and its nonce, whatever comes first after it, and is answered for truthfully at every moment.
 * Method: scripts of restarts in which peers, clients and blocks are faster than the journal, and random ones.
 */

const batchOf = (...transactions: readonly SignedTransaction[]): Uint8Array => encodeBatch(transactions.map(encodeTransaction));
const statusIn = (run: TestService, each: SignedTransaction): unknown =>
  run.chain.ledger.isCommitted(idOf(each)) ? 'committed' : (run.service.statusOf(idOf(each))?.status ?? 'unknown');

/** One transaction is looked at in each slice. */
const SLOW = { limits: { sliceUs: 1 } };

/** Lets so many transactions be looked at. */
function look({ service, clock }: TestService, count: number): void {
  const left = service.sizes.unread - count;
  while (service.sizes.unread > left) expect(clock.runNext()).toBe(true);
}

/** A service that has promised these, and then was killed and started again; a peer is linked, and nothing has been looked at. */
async function restartWith(promised: readonly SignedTransaction[], options: TestServiceOptions = {}): Promise<TestService> {
  const first = await TestService.start();
  expect(await first.submit(promised)).toEqual(promised.map(() => 'ok'));
  const again = await TestService.start({ chain: first.chain, disk: first.disk.afterKill(), ...options });
  again.service.connected('p');
  return again;
}

describe('what was promised keeps its nonce', () => {
  const a0 = transfer('a', 0);
  const rival = transfer('a', 0, { amount: 2n });

  test('when a peer sends another with the same one first', async () => {
    const run = await restartWith([transfer('b', 0), a0]);
    run.service.received('p', batchOf(rival));
    expect(statusIn(run, a0)).toBe('pending');
    run.clock.advance(50);
    expect([a0, rival].map((each) => statusIn(run, each))).toEqual(['pending', 'unknown']);
    expect(run.service.counters.refused).toEqual({ NONCE_TAKEN: 1 });
    await run.commit();
    expect([a0, rival].map((each) => statusIn(run, each))).toEqual(['committed', 'unknown']);
  });

  test('when a client hands another in first, who is told', async () => {
    const run = await restartWith([transfer('b', 0), a0]);
    expect(await run.submit([rival, a0])).toEqual(['NONCE_TAKEN', 'ok']);
    expect(statusIn(run, a0)).toBe('pending');
  });

  test('until a block has another: then it is rejected, whether it has been looked at or not, and after one more restart', async () => {
    const run = await restartWith([transfer('b', 0), a0]);
    const wait = run.service.settled(idOf(a0), new AbortController().signal);
    await run.commit([verified(rival)]);
    expect([run.service.statusOf(idOf(a0)), run.service.find(idOf(a0))]).toEqual([{ status: 'rejected', code: 'NONCE_USED' }, undefined]);
    run.clock.advance(50);
    await wait;
    expect([run.service.statusOf(idOf(a0)), run.service.find(idOf(a0))]).toEqual([{ status: 'rejected', code: 'NONCE_USED' }, undefined]);
    const again = await TestService.start({ chain: run.chain, disk: run.disk.afterKill() });
    expect([again.service.statusOf(idOf(a0)), again.service.sizes.unread]).toEqual([{ status: 'rejected', code: 'NONCE_USED' }, 1]);
  });
});

describe('what was promised keeps its place', () => {
  test('when peers and clients are faster, and the mempool is smaller than before', async () => {
    const promised = transfers('a', 0, 3);
    const run = await restartWith(promised, { mempoolLimits: { transactionsMax: 2 } });
    run.service.received('p', batchOf(transfer('b', 0), transfer('c', 0)));
    expect(await run.submit([transfer('d', 0)])).toEqual(['MEMPOOL_FULL']);
    expect(promised.map((each) => statusIn(run, each))).toEqual(['pending', 'pending', 'pending']);
    expect([run.service.sizes.transactions, run.service.counters.refused]).toEqual([3, { MEMPOOL_FULL: 3 }]);
    expect((await run.commit()).transactions).toEqual(promised.map(verified));
  });

  test('when a peer sends it again before the one in front of it: it waits for that one as long as it is valid', async () => {
    const first = await TestService.start();
    first.service.connected('p');
    first.service.received('p', batchOf(transfer('a', 0)));
    first.clock.advance(10);
    expect(await first.submit([transfer('a', 1)])).toEqual(['ok']);
    const run = await TestService.start({ chain: first.chain, disk: first.disk.afterKill() });
    run.service.connected('p');
    run.service.received('p', batchOf(transfer('a', 1)));
    run.clock.advance(60_000);
    expect([statusIn(run, transfer('a', 1)), run.service.sizes.parked, run.service.counters.duplicatesReceived]).toEqual(['pending', 0, 1]);
    run.service.received('p', batchOf(transfer('a', 0)));
    run.clock.advance(10);
    expect((await run.commit()).transactions).toEqual([transfer('a', 0), transfer('a', 1)].map(verified));
  });
});

describe('while the journal is looked at', () => {
  const promised = [...transfers('a', 0, 3), ...transfers('b', 0, 2)];
  const fresh = transfer('c', 0);

  test('everything promised is there at each moment, and peers and clients have their turn after it', async () => {
    const run = await restartWith(promised, SLOW);
    const answered = run.service.submit([fresh, transfer('b', 1)].map(declared));
    run.service.received('p', batchOf(transfer('d', 0)));
    const unread: number[] = [];
    for (let slice = 0; slice <= promised.length; slice++) {
      expect(promised.map((each) => statusIn(run, each))).toEqual(promised.map(() => 'pending'));
      expect(promised.map((each) => run.service.find(idOf(each)))).toEqual(promised.map(verified));
      expect(['a', 'b', 'c'].map((account) => run.service.pendingNonce(addressOf(account)))).toEqual([3, 2, 0]);
      expect([run.service.counters.admitted.client, run.service.counters.admitted.peer]).toEqual([0, 0]);
      unread.push(run.service.sizes.unread);
      if (slice < promised.length) look(run, 1);
    }
    expect(unread).toEqual([8, 7, 6, 5, 4, 3]);
    run.clock.advance(20);
    expect((await answered).map(inShort)).toEqual(['ok', 'ok']);
    expect(run.service.counters).toMatchObject({ admitted: { client: 1, peer: 1, journal: 5 }, verified: 7, refused: {} });
  });

  test('of clients only so many wait, and the others are told to come again', async () => {
    const run = await restartWith(promised, { limits: { ...SLOW.limits, unreadOfClientsMax: 1 } });
    expect(await run.submit([fresh, transfer('d', 0)])).toEqual(['ok', 'MEMPOOL_BUSY']);
  });

  test('what has expired does not count for the next nonce', async () => {
    const run = await restartWith([transfer('a', 0), transfer('a', 1, { validForSec: 2 }), transfer('a', 2)], SLOW);
    await run.commit([], 2_000);
    const seen = [run.service.pendingNonce(addressOf('a'))];
    while (run.service.sizes.unread > 0) {
      look(run, 1);
      seen.push(run.service.pendingNonce(addressOf('a')));
    }
    expect(seen).toEqual([1, 1, 1, 1]);
  });

  test.each(['killed', 'stopped'] as const)('a service that is %s loses nothing, and answers what clients wait for', async (how) => {
    for (let looked = 0; looked <= promised.length; looked++) {
      const run = await restartWith(promised, SLOW);
      const answered = run.service.submit([fresh].map(declared));
      look(run, looked);
      if (how === 'stopped') {
        run.service.stop();
        expect((await answered).map(inShort)).toEqual(['MEMPOOL_STOPPED']);
      }
      const again = await TestService.start({ chain: run.chain, disk: run.disk.afterKill() });
      again.service.connected('p');
      again.service.received('p', batchOf(transfer('a', 0, { amount: 2n }), transfer('b', 1, { amount: 2n })));
      again.clock.advance(50);
      expect(promised.map((each) => statusIn(again, each))).toEqual(promised.map(() => 'pending'));
      expect([statusIn(again, fresh), again.service.counters.refused]).toEqual(['unknown', { NONCE_TAKEN: 2 }]);
    }
  });
});

/** A disk with a journal of these, in this order. */
function diskWith(promised: readonly SignedTransaction[]): CrashingDisk {
  const disk = new CrashingDisk();
  const { journal } = openJournal(disk.fileSystem);
  journal.append(promised.map((each) => ({ type: 'transaction', raw: encodeTransaction(each) })));
  journal.stop();
  return disk;
}

test('a journal that was written anew, and has lost its order, is looked at in that of the nonces', async () => {
  const run = await TestService.start({ disk: diskWith([2, 0, 1].map((nonce) => transfer('a', nonce))), ...SLOW });
  const seen = [];
  for (let looked = 0; looked < 3; looked++) {
    look(run, 1);
    seen.push([run.service.candidates().length, run.service.pendingNonce(addressOf('a'))]);
  }
  expect(seen).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
});

describe('a journal that promises two transactions with one nonce', () => {
  const first = transfer('a', 0, { validForSec: 60 });
  const second = transfer('a', 0, { amount: 2n });

  /** A start on what was once written by two nodes, or by one that forgot the first promise. */
  async function startOnBoth(): Promise<TestService> {
    return start(await TestChain.create(), diskWith([first, second, transfer('a', 1)]));
  }

  async function start(chain: TestChain, disk: CrashingDisk): Promise<TestService> {
    const run = await TestService.start({ chain, disk });
    run.clock.advance(10);
    return run;
  }

  test('answers for both until a block has one: the other is rejected then, and after a restart', async () => {
    let run = await startOnBoth();
    for (let restart = 0; restart < 2; restart++) {
      expect([first, second].map((each) => [statusIn(run, each), run.service.find(idOf(each))])).toEqual([
        ['pending', verified(first)],
        ['pending', verified(second)],
      ]);
      expect(await run.submit([second, first])).toEqual(['ok', 'ok']);
      expect([run.service.pendingNonce(addressOf('a')), run.service.sizes.overtaken]).toEqual([2, 1]);
      run = await start(run.chain, run.disk.afterKill());
    }
    const waiting = run.service.settled(idOf(second), new AbortController().signal);
    expect((await run.commit()).transactions).toEqual([first, transfer('a', 1)].map(verified));
    await waiting;
    run.clock.advance(10);
    expect(run.service.sizes).toMatchObject({ overtaken: 0, transactions: 0, ended: 1 });
    expect([first, second].map((each) => statusIn(run, each))).toEqual(['committed', 'rejected']);
    const again = await TestService.start({ chain: run.chain, disk: run.disk.afterKill() });
    expect([again.service.statusOf(idOf(second)), again.service.sizes.ended]).toEqual([{ status: 'rejected', code: 'NONCE_USED' }, 1]);
  });

  test('lets the other in when the first expires', async () => {
    const run = await startOnBoth();
    await run.commit([], 60_000);
    expect([first, second].map((each) => statusIn(run, each))).toEqual(['expired', 'pending']);
    expect((await run.commit()).transactions).toEqual([second, transfer('a', 1)].map(verified));
  });
});

type Event =
  | { readonly type: 'submit'; readonly sent: readonly SignedTransaction[] }
  | { readonly type: 'peer'; readonly sent: readonly SignedTransaction[] }
  | { readonly type: 'block'; readonly isForeign: boolean; readonly sent: readonly SignedTransaction[]; readonly afterMs: number }
  | { readonly type: 'slices'; readonly count: number }
  | { readonly type: 'restart'; readonly isKill: boolean };

const someTransfer = fc
  .record({ from: fc.constantFrom('a', 'b'), nonce: fc.nat(3), amount: fc.constantFrom(1n, 2n), validForSec: fc.constantFrom(5, 600) })
  .map(({ from, nonce, ...options }) => transfer(from, nonce, options));
const someSent = fc.array(someTransfer, { minLength: 1, maxLength: 4 });
const someEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('submit' as const), sent: someSent }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('peer' as const), sent: someSent }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('block' as const),
      isForeign: fc.boolean(),
      sent: fc.array(someTransfer, { maxLength: 2 }),
      afterMs: fc.constantFrom(1_000, 3_000),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('slices' as const), count: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('restart' as const), isKill: fc.boolean() }) },
);

/** What can be told truthfully of a transaction that was promised. */
function truths({ ledger }: TestChain, each: SignedTransaction): readonly string[] {
  const { from, nonce, validUntil } = each.message;
  if (ledger.isCommitted(idOf(each))) return ['committed'];
  const ends = [ledger.nonceOf(from) > nonce ? 'rejected' : '', ledger.tip().timeSec >= validUntil ? 'expired' : ''];
  return ends.some((end) => end !== '') ? ends : ['pending'];
}

test('whatever happens in whatever order, what was promised is answered for truthfully at every moment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someEvent, { maxLength: 25 }), async (events) => {
      const options = { ...SLOW, mempoolLimits: { transactionsMax: 3 } };
      const promised = new Set<SignedTransaction>();
      let run = await TestService.start(options);
      run.service.connected('p');
      for (const event of events) {
        if (event.type === 'submit') {
          void run.service.submit(event.sent.map(declared)).then((outcomes) => {
            for (const [index, { ok }] of outcomes.entries()) if (ok) promised.add(event.sent[index] as SignedTransaction);
          });
        } else if (event.type === 'peer') run.service.received('p', batchOf(...event.sent));
        else if (event.type === 'block') await run.commit(event.isForeign ? event.sent.map(verified) : undefined, event.afterMs);
        else if (event.type === 'slices') for (let count = 0; count < event.count; count++) run.clock.runNext();
        else {
          if (!event.isKill) run.service.stop();
          // Those who were answered before the restart know it.
          await new Promise((resolve) => setImmediate(resolve));
          run = await TestService.start({ chain: run.chain, disk: run.disk.afterKill(), ...options });
          run.service.connected('p');
        }
        await new Promise((resolve) => setImmediate(resolve));
        for (const each of promised) expect(truths(run.chain, each)).toContain(statusIn(run, each));
      }
    }),
    { numRuns: 150 },
  );
});
