import type { DeclaredTransaction, SignedTransaction } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import type { AdmissionCode } from '../../src/mempool/refusal.ts';
import { refusalOf } from '../../src/mempool/refusal.ts';
import { addressOf, declared, genesisHash, idOf, transfer, transfers, verified } from './test-chain.ts';
import { TestService } from './test-service.ts';

/*
 * Goal: what clients are told of what they hand in, and when. Method: a service over a real ledger, a disk and a clock in memory; time passes only when
 * a test says so.
 */

const syncs = ({ disk }: TestService): number => disk.calls.filter((call) => call.startsWith('sync ') || call.startsWith('rename ')).length;

describe('transactions of clients', () => {
  test('are answered once they are durable, those of five milliseconds together', async () => {
    const run = await TestService.start();
    const answered: string[] = [];
    const submit = (name: string, transaction: SignedTransaction): void => {
      void run.service.submit([declared(transaction)]).then(() => answered.push(name));
    };
    submit('first', transfer('a', 0));
    run.clock.advance(3);
    submit('second', transfer('b', 0));
    run.clock.advance(1);
    await Promise.resolve();
    expect([run.service.sizes.transactions, answered, run.service.counters.journalWrites]).toEqual([2, [], 0]);
    const before = syncs(run);
    run.clock.advance(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect([answered, run.service.counters.journalWrites]).toEqual([['first', 'second'], 1]);
    expect(syncs(run) - before).toBe(2);
  });

  test('go into a block in turn, and leave nothing behind', async () => {
    const run = await TestService.start();
    expect(await run.submit([...transfers('a', 0, 3), transfer('b', 0)])).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect([run.workTold, run.service.hasCandidates(), run.service.pendingNonce(addressOf('a'))]).toEqual([1, true, 3]);
    const block = await run.commit();
    const expected = [transfer('a', 0), transfer('b', 0), transfer('a', 1), transfer('a', 2)];
    expect(block.transactions).toEqual(expected.map(verified));
    const { journalBytes, ...sizes } = run.service.sizes;
    expect(sizes).toEqual({
      ...{ transactions: 0, bytes: 0, parked: 0, overtaken: 0, accounts: 0, readyAccounts: 0, heldAccounts: 0, payers: 0 },
      ...{ verifying: 0, pinnedBlocks: 0, ended: 0, unread: 0, journalSegments: 1, remembered: 0, waiting: 0 },
    });
    expect(journalBytes).toBeGreaterThan(0);
    expect(run.service.counters).toEqual({
      ...{ submitted: 4, admitted: { client: 4, peer: 0, journal: 0 }, refused: {}, ended: { committed: 4, expired: 0, rejected: 0 } },
      ...{ verified: 4, verifiedBefore: 0, batchesReceived: 0, transactionsReceived: 0, duplicatesReceived: 0, batchesIgnored: 0 },
      ...{ batchesSent: 0, transactionsSent: 0, batchesDelayed: 0, peersCut: 0, journalWrites: 1, journalFailures: 0 },
    });
  });

  test('are durable before a block is offered them, however soon it asks', async () => {
    const run = await TestService.start();
    const answered = run.service.submit([declared(transfer('a', 0))]);
    run.clock.advance(0);
    expect(run.service.counters.journalWrites).toBe(0);
    expect(run.service.candidates()).toEqual([verified(transfer('a', 0))]);
    expect(run.service.counters.journalWrites).toBe(1);
    expect(await answered).toEqual([{ ok: true, id: idOf(transfer('a', 0)) }]);
  });

  test('that are handed in again get the same id, pending or committed, and are in a block once', async () => {
    const run = await TestService.start();
    const twice = [transfer('a', 0), transfer('a', 0)];
    expect(await run.submit(twice)).toEqual(['ok', 'ok']);
    expect(await run.submit(twice)).toEqual(['ok', 'ok']);
    expect((await run.commit()).transactions).toHaveLength(1);
    expect(await run.submit(twice)).toEqual(['ok', 'ok']);
    expect(run.service.sizes.transactions).toBe(0);
  });

  test('in the wrong order are all taken', async () => {
    const run = await TestService.start();
    expect(await run.submit(transfers('a', 0, 5).toReversed())).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    expect((await run.commit()).transactions).toHaveLength(5);
  });

  test('that wait for an earlier nonce are answered when it comes, with any other that had the same question', async () => {
    const run = await TestService.start();
    const early = [run.service.submit([declared(transfer('a', 1))]), run.service.submit([declared(transfer('a', 1))])];
    run.clock.advance(4_000);
    const { sizes, counters } = run.service;
    expect([sizes.parked, run.service.statusOf(idOf(transfer('a', 1))), counters.journalWrites]).toEqual([1, undefined, 0]);
    expect(await run.submit([transfer('a', 0)])).toEqual(['ok']);
    const ok = [{ ok: true, id: idOf(transfer('a', 1)) }];
    expect(await Promise.all(early)).toEqual([ok, ok]);
  });

  test('are told that a block has them while they wait for an earlier nonce', async () => {
    const run = await TestService.start();
    const early = run.service.submit([declared(transfer('a', 1))]);
    run.clock.advance(10);
    await run.commit(transfers('a', 0, 2).map(verified));
    expect(await early).toEqual([{ ok: true, id: idOf(transfer('a', 1)) }]);
    run.clock.advance(10_000);
    expect(run.service.sizes.parked).toBe(0);
  });

  test('pay their fees by sponsors too', async () => {
    const run = await TestService.start();
    expect(await run.submit([transfer('a', 0, { sponsor: 'b' })])).toEqual(['ok']);
    const { receipts } = await run.commit();
    expect(receipts.map(({ feePayer }) => feePayer)).toEqual([addressOf('b')]);
  });

  test('of none at all get no outcome', async () => {
    const run = await TestService.start();
    expect(await run.service.submit([])).toEqual([]);
  });
});

type Row = {
  readonly name: string;
  readonly sent: DeclaredTransaction;
  readonly code: AdmissionCode;
  readonly field?: string;
  readonly prepare?: (run: TestService) => Promise<unknown>;
};

const good = transfer('a', 0);
const { signature } = good;
const forged = { ...good, signature: signature.with(40, (signature[40] ?? 0) ^ 1) as typeof signature };
const elsewhere = { chainId: 8, genesisHash };
const tooLong = { ...good, message: { ...good.message, memo: 'm'.repeat(257) } } as SignedTransaction;

const REFUSED: readonly Row[] = [
  { name: 'that cannot be written down', sent: declared(tooLong), code: 'MALFORMED', field: 'memo' },
  { name: 'with a wrong signature', sent: declared(forged), code: 'BAD_SIGNATURE' },
  { name: 'of another chain that does not say so', sent: declared(transfer('a', 0, { chainId: 8 })), code: 'BAD_SIGNATURE' },
  {
    name: 'of another chain that says so',
    sent: { transaction: transfer('a', 0, { chainId: 8 }), domain: elsewhere },
    code: 'WRONG_CHAIN',
  },
  { name: 'of this chain that says it is of another', sent: { transaction: good, domain: elsewhere }, code: 'BAD_SIGNATURE' },
  { name: 'that has expired', sent: declared(transfer('a', 0, { validForSec: 0 })), code: 'EXPIRED' },
  { name: 'that is valid for too long', sent: declared(transfer('a', 0, { validForSec: 3_601 })), code: 'EXPIRED' },
  {
    name: 'whose nonce is used',
    sent: declared(transfer('a', 0, { amount: 2n })),
    code: 'NONCE_TOO_LOW',
    prepare: (run) => run.commit([verified(good)]),
  },
  { name: 'whose nonce is far ahead', sent: declared(transfer('a', 2_000)), code: 'NONCE_TOO_HIGH' },
  { name: 'with a gap that nobody closes', sent: declared(transfer('a', 1)), code: 'NONCE_TOO_HIGH' },
  {
    name: 'whose nonce another one has',
    sent: declared(transfer('a', 0, { amount: 2n })),
    code: 'NONCE_TAKEN',
    prepare: (run) => run.submit([good]),
  },
  { name: 'with too low a fee', sent: declared(transfer('a', 0, { maxFee: 9n })), code: 'FEE_TOO_LOW' },
  { name: 'of somebody without MTN', sent: declared(transfer('nobody', 0)), code: 'INSUFFICIENT_FEE_BALANCE' },
  {
    name: 'of somebody who has promised his MTN for others',
    sent: declared(transfer('poor', 2)),
    code: 'INSUFFICIENT_FEE_BALANCE',
    prepare: (run) => run.submit(transfers('poor', 0, 2)),
  },
  {
    name: 'of somebody without a level, whose fee another pays',
    sent: declared(transfer('nobody', 0, { sponsor: 'b' })),
    code: 'LEVEL_TOO_LOW',
  },
];

describe('a transaction is refused', () => {
  test.each(REFUSED)('$name', async ({ sent, code, field, prepare }) => {
    const run = await TestService.start();
    await prepare?.(run);
    const { transactions } = run.service.sizes;
    const answered = run.service.submit([sent]);
    run.clock.advance(6_000);
    expect(await answered).toEqual([{ ok: false, ...refusalOf(code), ...(field === undefined ? {} : { field }) }]);
    expect([run.service.sizes.transactions, run.service.counters.refused]).toEqual([transactions, { [code]: 1 }]);
  });

  test('when more are handed in than can be looked at, and only then', async () => {
    const run = await TestService.start({ limits: { unreadOfClientsMax: 3 } });
    expect(await run.submit(transfers('a', 0, 5))).toEqual(['ok', 'ok', 'ok', 'MEMPOOL_BUSY', 'MEMPOOL_BUSY']);
    expect(await run.submit(transfers('a', 3, 5))).toEqual(['ok', 'ok']);
  });

  test('when all places are taken, and again when there is room once more', async () => {
    const run = await TestService.start({ mempoolLimits: { transactionsMax: 2 } });
    expect(await run.submit([...transfers('a', 0, 2), transfer('b', 0)])).toEqual(['ok', 'ok', 'MEMPOOL_FULL']);
    await run.commit();
    expect(await run.submit([transfer('b', 0)])).toEqual(['ok']);
  });

  test('before the service runs and after it was stopped, whatever it waited for', async () => {
    const run = await TestService.start();
    const waiting = [run.service.submit([declared(transfer('b', 1))])];
    run.clock.advance(10);
    waiting.push(run.service.submit([declared(transfer('a', 0))]));
    run.clock.advance(0);
    waiting.push(run.service.submit([declared(transfer('c', 0))]));
    run.service.stop();
    run.service.stop();
    waiting.push(run.service.submit([declared(transfer('d', 0))]));
    const stopped = [{ ok: false, ...refusalOf('MEMPOOL_STOPPED') }];
    // What was admitted is made durable and promised; the rest is refused.
    expect(await Promise.all(waiting)).toEqual([stopped, [{ ok: true, id: idOf(transfer('a', 0)) }], stopped, stopped]);
    expect(run.clock.pending).toBe(0);
  });
});

describe('candidates that cannot pay at present', () => {
  test('are not offered until they can', async () => {
    const run = await TestService.start();
    expect(await run.submit([transfer('poor', 0), transfer('poor', 1), transfer('a', 0)])).toEqual(['ok', 'ok', 'ok']);
    // Another node's block has a transfer that spends what was to pay the fee.
    await run.commit([verified(transfer('a', 0))]);
    await run.commit([verified(transfer('poor', 0, { amount: 10n }))]);
    expect(run.service.statusOf(idOf(transfer('poor', 0)))).toEqual({ status: 'rejected', code: 'NONCE_USED' });
    expect(run.service.hasCandidates()).toBe(true);
    const block = await run.commit();
    expect([block.transactions, run.service.hasCandidates()]).toEqual([[], false]);
    expect(run.service.statusOf(idOf(transfer('poor', 1)))).toEqual({ status: 'pending' });
  });
});
