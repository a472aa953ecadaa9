import { describe, expect, test } from 'vitest';
import { idOf, transfer, verified } from './test-chain.ts';
import { TestService } from './test-service.ts';

/*
 * Goal: what becomes of a transaction is told to whoever asks or waits, also after a restart. Method: scripts of blocks and time.
 */

const idle = new AbortController().signal;

/** Whether a promise has been kept by now. */
async function isKept(promise: Promise<unknown>): Promise<boolean> {
  let kept = false;
  void promise.then(() => {
    kept = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return kept;
}

type Ending = {
  readonly name: string;
  readonly status: unknown;
  readonly end: (run: TestService) => Promise<unknown>;
};

const sent = transfer('a', 0, { validForSec: 60 });
const id = idOf(sent);

const ENDINGS: readonly Ending[] = [
  { name: 'committed', status: undefined, end: (run) => run.commit() },
  { name: 'expired', status: { status: 'expired' }, end: (run) => run.commit([], 60_000) },
  {
    name: 'rejected, because another took its nonce',
    status: { status: 'rejected', code: 'NONCE_USED' },
    end: (run) => run.commit([verified(transfer('a', 0, { amount: 2n }))]),
  },
];

describe.each(ENDINGS)('a transaction that is $name', ({ status, end }) => {
  test('was pending, and whoever waits for it is told', async () => {
    const run = await TestService.start();
    await run.submit([sent]);
    expect([run.service.statusOf(id), run.service.find(id)]).toEqual([{ status: 'pending' }, verified(sent)]);
    const settled = [run.service.settled(id, idle), run.service.settled(id, idle)];
    expect([await isKept(Promise.race(settled)), run.service.sizes.waiting]).toEqual([false, 2]);
    await end(run);
    await Promise.all(settled);
    expect([run.service.statusOf(id), run.service.find(id), run.service.sizes.waiting]).toEqual([status, undefined, 0]);
    await run.service.settled(id, idle);
  });

  test('has the same status after a restart, whether that was before or after its end', async () => {
    const run = await TestService.start();
    await run.submit([sent]);
    const early = run.disk.afterKill();
    await end(run);
    run.clock.advance(10);
    for (const disk of [early, run.disk.afterKill()]) {
      const again = await TestService.start({ chain: run.chain, disk });
      again.clock.advance(10);
      expect([again.service.statusOf(id), again.service.sizes.transactions]).toEqual([status, 0]);
    }
  });
});

describe('after a restart', () => {
  test('a promised transaction is pending from the first moment on, then again a candidate', async () => {
    const run = await TestService.start();
    await run.submit([transfer('a', 0), transfer('a', 1)]);
    const again = await TestService.start({ chain: run.chain, disk: run.disk.afterKill() });
    expect([again.service.statusOf(idOf(transfer('a', 0))), again.service.hasCandidates()]).toEqual([{ status: 'pending' }, false]);
    again.clock.advance(10);
    expect(again.service.counters.admitted).toEqual({ client: 0, peer: 0, journal: 2 });
    expect(again.workTold).toBe(1);
    expect((await again.commit()).transactions).toEqual([verified(transfer('a', 0)), verified(transfer('a', 1))]);
  });

  test('a status is remembered for a day of block time, through restarts', async () => {
    const run = await TestService.start();
    await run.submit([sent]);
    await run.commit([], 60_000);
    run.clock.advance(10);
    const second = await TestService.start({ chain: run.chain, disk: run.disk.afterKill() });
    await second.commit([], 86_399_000);
    expect(second.service.statusOf(id)).toEqual({ status: 'expired' });
    const third = await TestService.start({ chain: run.chain, disk: second.disk.afterKill() });
    expect(third.service.statusOf(id)).toEqual({ status: 'expired' });
    await third.commit([], 1_000);
    expect(third.service.statusOf(id)).toBeUndefined();
    const fourth = await TestService.start({ chain: run.chain, disk: third.disk.afterKill() });
    fourth.clock.advance(10);
    expect([fourth.service.statusOf(id), fourth.service.sizes.journalSegments]).toEqual([undefined, 0]);
  });
});

describe('waiting for the end of a transaction', () => {
  test('is given up with the signal, before or after it began', async () => {
    const run = await TestService.start();
    const controller = new AbortController();
    const waiting = run.service.settled(id, controller.signal);
    expect(await isKept(waiting)).toBe(false);
    controller.abort();
    await waiting;
    await run.service.settled(id, controller.signal);
    expect(run.service.sizes.waiting).toBe(0);
  });

  test('ends when the service stops, and is not begun after it', async () => {
    const run = await TestService.start();
    const waiting = run.service.settled(id, idle);
    run.service.stop();
    await waiting;
    await run.service.settled(id, idle);
  });

  test('is over at once for what a block has', async () => {
    const run = await TestService.start();
    await run.commit([verified(sent)]);
    await run.service.settled(id, idle);
    expect(run.service.sizes.waiting).toBe(0);
  });
});
