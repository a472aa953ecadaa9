import { ChainError, encodeTransaction } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { encodeBatch } from '../../src/transactions/transaction-batch.ts';
import { addressOf, declared, idOf, transfer, transfers, verified } from './test-chain.ts';
import { TestService } from './test-service.ts';

/*
 * Goal: signatures are verified once, wherever a transaction is seen first, and never for so long that everything else waits. Method: the same transactions
 * by each way in each order, counting.
 */

const sent = transfer('a', 0);
const raw = encodeTransaction(sent);

const WAYS: Readonly<Record<string, (run: TestService) => unknown>> = {
  'a peer': (run) => {
    run.service.received('p', encodeBatch([raw.slice()]));
    run.clock.advance(10);
  },
  'another peer': (run) => {
    run.service.received('q', encodeBatch([raw.slice()]));
    run.clock.advance(10);
  },
  'a client': (run) => run.submit([sent]),
  'a proposed block': (run) => run.service.verify(raw.slice()),
  'another proposed block': (run) => run.service.verify(raw.slice()),
};

const PAIRS = Object.keys(WAYS).flatMap((first) => Object.keys(WAYS).map((second) => ({ first, second })));

describe('a transaction is verified once', () => {
  test.each(PAIRS.filter(({ first, second }) => first !== second))('when $first has it, and then $second', async ({ first, second }) => {
    const run = await TestService.start();
    for (const peer of ['p', 'q']) run.service.connected(peer);
    await WAYS[first]?.(run);
    expect(run.service.counters.verified).toBe(1);
    await WAYS[second]?.(run);
    expect(run.service.verify(raw)).toEqual(verified(sent));
    expect(run.service.counters.verified).toBe(1);
  });

  test('when it comes back from the journal and is in a proposed block', async () => {
    const first = await TestService.start();
    await first.submit([sent]);
    for (const isBlockFirst of [true, false]) {
      const run = await TestService.start({ chain: first.chain, disk: first.disk.afterKill() });
      if (isBlockFirst) run.service.verify(raw);
      run.clock.advance(10);
      expect(run.service.verify(raw)).toEqual(verified(sent));
      expect([run.service.counters.verified, run.service.sizes.remembered]).toEqual([1, 0]);
    }
  });
});

describe('a transaction of a proposed block', () => {
  test('is that of these very bytes: with another sponsor it is another one', async () => {
    const run = await TestService.start();
    await run.submit([sent]);
    const sponsored = transfer('a', 0, { sponsor: 'b' });
    expect(idOf(sponsored)).toEqual(idOf(sent));
    expect(run.service.verify(encodeTransaction(sponsored))).toEqual(verified(sponsored));
    expect(run.service.verify(raw)).toEqual(verified(sent));
    expect(run.service.counters).toMatchObject({ verified: 2, verifiedBefore: 1 });
  });

  test('is none with a wrong signature, and not even bytes of one throw what `decodeTransaction` throws', async () => {
    const run = await TestService.start();
    expect(run.service.verify(encodeTransaction(transfer('a', 0, { chainId: 8 })))).toBeUndefined();
    expect(() => run.service.verify(Uint8Array.of(1, 2, 3))).toThrow(ChainError);
    expect(run.service.sizes.remembered).toBe(0);
  });

  test('is remembered until it is committed, or too many are', async () => {
    const run = await TestService.start({ limits: { rememberedMax: 3 } });
    for (const each of transfers('a', 0, 5)) run.service.verify(encodeTransaction(each));
    expect(run.service.sizes.remembered).toBe(3);
    for (const each of transfers('a', 0, 5)) run.service.verify(encodeTransaction(each));
    await run.commit(transfers('a', 0, 5).map(verified));
    expect([run.service.counters.verified, run.service.sizes.remembered]).toEqual([10, 0]);
  });
});

describe('slices', () => {
  test('let other things have their turn, however much there is to verify', async () => {
    const run = await TestService.start({ limits: { sliceUs: 1_000 } });
    const answered = run.service.submit(transfers('a', 0, 60).map(declared));
    const seen: number[] = [];
    const watch = (): void => {
      seen.push(run.service.counters.verified);
      if (run.service.sizes.unread > 0) run.clock.schedule(0, watch);
    };
    run.clock.schedule(0, watch);
    run.clock.advance(0);
    const steps = seen.slice(1).map((count, index) => count - (seen[index] ?? 0));
    expect([seen.at(-1), Math.max(...steps)]).toEqual([60, 9]);
    run.clock.advance(10);
    expect((await answered).every(({ ok }) => ok)).toBe(true);
  });

  test('end with the last transaction: nothing is due afterwards', async () => {
    const run = await TestService.start();
    await run.submit([sent]);
    expect(run.clock.pending).toBe(0);
  });
});

describe('the committed state', () => {
  test('answers for the next block as soon as one is committed', async () => {
    const run = await TestService.start();
    const { ledger } = run.chain;
    const facts = (): unknown => [ledger.nonceOf(addressOf('poor')), ledger.feeBalanceOf(addressOf('poor')), ledger.tip().timeSec];
    const before = facts();
    await run.commit([verified(transfer('poor', 0, { amount: 3n }))], 2_500);
    expect([before, facts()]).toEqual([
      [0, 20n, 1_700_000_000],
      [1, 7n, 1_700_000_002],
    ]);
  });

  test('is read anew after many reads', async () => {
    const { ledger } = (await TestService.start()).chain;
    const balances = new Set(Array.from({ length: 10_010 }, () => ledger.feeBalanceOf(addressOf('poor'))));
    expect([...balances]).toEqual([20n]);
  });

  test('names fee and payer', async () => {
    const { ledger } = (await TestService.start()).chain;
    const dues = [sent, transfer('a', 0, { sponsor: 'b' })].map((each) => ledger.feeDue(verified(each)));
    expect(dues).toEqual([
      { fee: 10n, payer: addressOf('a') },
      { fee: 10n, payer: addressOf('b') },
    ]);
  });
});
