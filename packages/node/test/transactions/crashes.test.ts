import { encodeHex, type SignedTransaction } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { fileError } from '../../src/file-system/file-error.ts';
import { refusalOf } from '../../src/mempool/refusal.ts';
import { encodeBatch } from '../../src/transactions/transaction-batch.ts';
import { Crash, CrashingDisk, POWER_LOSSES } from '../support/crashing-disk.ts';
import { declared, idOf, TestChain, transfer, transfers, verified } from './test-chain.ts';
import { TestService } from './test-service.ts';

/*
 * Goal: nothing that a client was promised is lost, whenever the power goes; and what was refused because the disk was full is nowhere. Method: one life of a
 * service, ended at each of its operations on the disk, on a disk of which many states are possible afterwards; and a disk that is full once.
 */

/** What clients were told. */
type Answers = { readonly promised: SignedTransaction[]; readonly refused: SignedTransaction[] };

const LIMITS = { segmentBytes: 500, journalBytesMax: 1_200 };
/** A transaction in short: its account's address ends with these digits, and its nonce. */
const nameOf = ({ message: { from, nonce, validUntil } }: SignedTransaction): string =>
  `${encodeHex(from).slice(-4)} ${nonce} ${validUntil}`;

const FULL = fileError('FILE_NO_SPACE', 'write', '/disk');
const SENT = [...transfers('a', 0, 8), ...transfers('b', 0, 4), transfer('c', 0, { validForSec: 2 })];

/** What a block of another node has, whatever became of it here. */
const ELSEWHERE = transfers('a', 0, 3);

/** A life with blocks, restarts, expiries and full files; ends early with the disk. */
async function live(chain: TestChain, disk: CrashingDisk, answers: Answers): Promise<void> {
  let run = await TestService.start({ chain, disk, limits: LIMITS });
  const submit = async (...transactions: readonly SignedTransaction[]): Promise<void> => {
    const answered = run.service.submit(transactions.map(declared)).then((outcomes) => {
      outcomes.forEach((outcome, index) => {
        (outcome.ok ? answers.promised : answers.refused).push(transactions[index] as SignedTransaction);
      });
    });
    // Long enough for whatever waits for an earlier nonce that was refused.
    run.clock.advance(6_000);
    await answered;
  };
  await submit(transfer('a', 0), transfer('c', 0, { validForSec: 2 }));
  await submit(transfer('a', 2), transfer('a', 1));
  await run.commit(ELSEWHERE.map(verified));
  await submit(...transfers('a', 3, 6));
  await submit(transfer('b', 0));
  // Another node's block takes the nonce of one that waits here.
  await run.commit([verified(transfer('b', 0, { amount: 2n }))], 2_000);
  run.service.stop();
  run = await TestService.start({ chain, disk, limits: LIMITS });
  run.clock.advance(20);
  await submit(transfer('b', 1), transfer('b', 2));
  await run.commit();
  await submit(transfer('a', 6), transfer('a', 7), transfer('b', 3));
  run.service.stop();
}

async function liveOn(disk: CrashingDisk): Promise<Answers & { readonly chain: TestChain; readonly ended: unknown }> {
  const answers: Answers = { promised: [], refused: [] };
  const chain = await TestChain.create();
  try {
    await live(chain, disk, answers);
    return { ...answers, chain, ended: undefined };
  } catch (ended) {
    return { ...answers, chain, ended };
  }
}

/** What a start finds of each transaction. */
async function fates(chain: TestChain, disk: CrashingDisk): Promise<ReadonlyMap<SignedTransaction, string>> {
  const { service, clock } = await TestService.start({ chain, disk, limits: LIMITS });
  clock.advance(50);
  return new Map(
    SENT.map((each) => {
      const id = idOf(each);
      return [each, chain.ledger.isCommitted(id) ? 'committed' : (service.statusOf(id)?.status ?? 'unknown')];
    }),
  );
}

const calm = new CrashingDisk();
const calmLife = await liveOn(calm);
const CALLS = calm.calls.length;

test('a life that nothing happens to has an answer to everything', async () => {
  expect([calmLife.ended, calmLife.promised.length, calmLife.refused]).toEqual([undefined, SENT.length, []]);
  expect(CALLS).toBeGreaterThan(60);
  const found = [...(await fates(calmLife.chain, calm.afterKill())).values()];
  const count = (fate: string): number => found.filter((each) => each === fate).length;
  expect(['committed', 'pending', 'expired', 'rejected', 'unknown'].map(count)).toEqual([8, 3, 1, 1, 0]);
});

test('the power goes at any operation: what was promised is still there, or has ended', async () => {
  for (let at = 0; at < CALLS; at++) {
    const disk = new CrashingDisk({ at, as: 'crash' });
    const { promised, chain, ended } = await liveOn(disk);
    expect(ended).toBeInstanceOf(Crash);
    for (const { name, choice } of POWER_LOSSES) {
      const found = await fates(chain, disk.afterPowerLoss(choice()));
      const lost = promised.filter((each) => found.get(each) === 'unknown').map(nameOf);
      expect(lost, `power lost at operation ${at}, ${name}`).toEqual([]);
    }
  }
});

describe('a disk that is full', () => {
  test('at any operation: what could not be kept is refused and never heard of again, and the node goes on', async () => {
    let refusals = 0;
    for (let at = 0; at < CALLS; at++) {
      const disk = new CrashingDisk({ at, as: 'FILE_NO_SPACE' });
      const { promised, refused, chain, ended } = await liveOn(disk);
      if (ended !== undefined) continue;
      refusals += refused.length;
      const refusedHere = refused.filter((each) => !ELSEWHERE.includes(each));
      for (const { choice } of POWER_LOSSES.slice(0, 3)) {
        const found = await fates(chain, disk.afterPowerLoss(choice()));
        const wrong = {
          lost: promised.filter((each) => found.get(each) === 'unknown').map(nameOf),
          back: refusedHere.filter((each) => found.get(each) !== 'unknown').map((each) => `${nameOf(each)} ${found.get(each)}`),
        };
        expect(wrong, `full at operation ${at}`).toEqual({ lost: [], back: [] });
      }
    }
    expect(refusals).toBeGreaterThan(20);
  });

  /** A service on a disk that is full when asked to be, for one write and all after it. */
  async function startOn(disk: CrashingDisk, isFull: () => boolean): Promise<TestService> {
    const { fileSystem } = disk;
    const full: typeof fileSystem = {
      ...fileSystem,
      open: (path, mode) => {
        const file = fileSystem.open(path, mode);
        return {
          ...file,
          write: (position, bytes) => {
            file.write(position, bytes);
            if (isFull()) throw FULL;
          },
        };
      },
    };
    const run = await TestService.start({ disk: Object.assign(Object.create(disk), { fileSystem: full }) as CrashingDisk });
    run.service.connected('p');
    return run;
  }

  const notDurable = { ok: false, ...refusalOf('MEMPOOL_NOT_DURABLE') };

  test('refuses for a second, tells nobody of what it refused, and takes it afterwards', async () => {
    let isFull = false;
    const run = await startOn(new CrashingDisk(), () => isFull);
    expect(await run.submit([transfer('a', 0)])).toEqual(['ok']);
    const sent = run.sent.length;
    isFull = true;
    const both = run.service.submit([transfer('a', 1), transfer('b', 0)].map(declared));
    run.clock.advance(10);
    expect(await both).toEqual([notDurable, notDurable]);
    isFull = false;
    expect(await run.submit([transfer('b', 0)])).toEqual(['MEMPOOL_NOT_DURABLE']);
    expect([run.service.sizes.transactions, run.service.pendingNonce(transfer('a', 0).message.from), run.sent.length]).toEqual([
      1,
      1,
      sent,
    ]);
    // What peers send needs no space.
    run.service.received('p', encodeBatch([verified(transfer('c', 0)).bytes]));
    run.clock.advance(1_000);
    expect(run.service.sizes.transactions).toBe(2);
    expect(await run.submit([transfer('a', 1), transfer('b', 0)])).toEqual(['ok', 'ok']);
    expect(run.incidents.map(({ type }) => type)).toEqual(['full']);
  });

  test('is told how a transaction ended when it has space again', async () => {
    let isFull = false;
    const run = await startOn(new CrashingDisk(), () => isFull);
    expect(await run.submit([transfer('c', 0, { validForSec: 2 })])).toEqual(['ok']);
    isFull = true;
    await run.commit([], 3_000);
    run.clock.advance(10);
    isFull = false;
    run.clock.advance(2_000);
    expect(run.service.counters).toMatchObject({ journalWrites: 2, journalFailures: 1 });
  });

  test('cannot promise what a peer has sent too, but keeps it', async () => {
    const run = await startOn(new CrashingDisk(), () => true);
    run.service.received('p', encodeBatch([verified(transfer('a', 0)).bytes]));
    run.clock.advance(10);
    const answered = run.service.submit([declared(transfer('a', 0))]);
    run.clock.advance(10);
    expect([await answered, run.service.find(idOf(transfer('a', 0)))]).toEqual([[notDurable], verified(transfer('a', 0))]);
  });
});

describe('a disk that fails', () => {
  test('stops the node, once, and nothing more is taken from clients', async () => {
    const errors: unknown[] = [];
    const disk = new CrashingDisk({ at: calm.calls.findIndex((call) => call.startsWith('sync ')), as: 'FILE_FAILED' });
    const run = await TestService.start({ disk, failed: (error) => errors.push(error) });
    expect(await run.submit([transfer('a', 0)])).toEqual(['MEMPOOL_NOT_DURABLE']);
    run.clock.advance(10_000);
    expect(await run.submit([transfer('b', 0)])).toEqual(['MEMPOOL_NOT_DURABLE']);
    await run.commit([verified(transfer('a', 0))]);
    run.service.stop();
    expect(errors).toEqual([expect.objectContaining({ code: 'JOURNAL_WRITE_FAILED' })]);
    expect(run.service.sizes.transactions).toBe(0);
  });
});
