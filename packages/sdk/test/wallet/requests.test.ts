// Goal: how a delivery talks to a node: how much it sends at once, how long it waits, and what it makes of errors about a whole request.
// Method: a delivery without a network; a node that answers what a test wants, and operations that are signed by name.

import type { SignedTransaction } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { NodeError, type RpcClient } from '../../src/index.ts';
import { Delivery, type DeliveryOptions } from '../../src/wallet/delivery.ts';
import type { Entry } from '../../src/wallet/entry.ts';
import { Outbox } from '../../src/wallet/outbox.ts';

type Refusal = { readonly code: string; readonly retryAfterMs?: number };
/** What became of one transaction, or of a whole request. */
type Answer = 'taken' | Refusal | ((memos: readonly string[]) => readonly ('taken' | Refusal)[]);

const GENESIS = `0x${'00'.repeat(32)}`;
const errorOf = ({ code, ...rest }: Refusal) => ({ code: -32000, message: code, data: { code, ...rest } });

/** Delivers operations to a node that answers requests in turn, and then takes and commits everything. */
async function deliver(count: number, answers: readonly Answer[], more: Partial<DeliveryOptions> & { jsonBytes?: number } = {}) {
  const outbox = new Outbox({ windowMax: 1000, queueMax: 1000 });
  const requests: (readonly string[])[] = [];
  const pauses: number[] = [];
  const taken = new Set<string>();
  const committed = new Map<string, number>();
  let turns = 0;
  const rest = [...answers];
  const memoOf = ({ message }: SignedTransaction): string => (message as unknown as { memo: string }).memo;

  const receive = (transactions: readonly SignedTransaction[]): readonly unknown[] => {
    const memos = transactions.map(memoOf);
    requests.push(memos);
    const answer = rest.shift() ?? 'taken';
    if (typeof answer === 'object') throw new NodeError(errorOf(answer), 'node');
    const each = answer === 'taken' ? memos.map(() => 'taken' as const) : answer(memos);
    return each.map((one, index) => {
      if (one !== 'taken') return { error: errorOf(one) };
      taken.add(memos[index] ?? '');
      return { id: `${memos[index]}` };
    });
  };
  const look = (calls: readonly { method: string; parameters: { id: string } }[]): readonly unknown[] => {
    for (const memo of taken) if (!committed.has(memo)) committed.set(memo, committed.size);
    const results = [
      { genesisHash: GENESIS },
      { height: 1, timestampMs: 1000, earliestHeight: 0 },
      { nonce: committed.size, pendingNonce: committed.size },
    ];
    const found = calls.slice(3).map(({ parameters: { id } }) => {
      if (committed.has(id)) return { ok: true, result: { status: 'committed', height: 1, index: 0, receipt: null } };
      return { ok: false, error: new NodeError(errorOf({ code: 'UNKNOWN_TRANSACTION' }), 'node') };
    });
    return [...results.map((result) => ({ ok: true, result })), ...found];
  };
  const rpc = {
    urls: ['node'],
    turn: () => {
      turns += 1;
    },
    batch: async (calls: never) => look(calls),
    call: async (_method: string, { transactions }: { transactions: readonly SignedTransaction[] }) => receive(transactions),
  } as unknown as RpcClient;

  const delivery = new Delivery({
    rpc,
    outbox,
    address: '0x',
    genesisHash: GENESIS,
    chainLost: () => {},
    signNext: async () => {
      const next = outbox.takeToSign();
      if (next === undefined) return;
      const { memo } = next.entry.operation.fields as unknown as { memo: string };
      const transaction = { message: { nonce: next.nonce, validUntil: 9, memo } } as unknown as SignedTransaction;
      outbox.signedAs(next.entry, { transaction, id: memo, jsonBytes: more.jsonBytes ?? 100, height: 1 });
    },
    chunkMax: 8,
    pollMs: 10,
    pauseMsMax: 100,
    sleep: async (durationMs) => {
      pauses.push(durationMs);
      await new Promise((resolve) => setImmediate(resolve));
    },
    signal: new AbortController().signal,
    ...more,
  });
  const entries: readonly Entry[] = Array.from({ length: count }, (_, index) =>
    outbox.add({ type: 'Transfer', fields: { memo: String(index) } } as never, {}),
  );
  delivery.wake();
  const outcomes = await Promise.all(entries.map(({ ended }) => ended.wait()));
  const statuses = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.code : outcome.status));
  return { sizes: requests.map(({ length }) => length), requests, pauses, statuses, turns };
}

const all = (count: number, status = 'committed'): readonly string[] => Array.from({ length: count }, () => status);

describe('requests', () => {
  test('have as many transactions as may be, in order, without a pause in between', async () => {
    const { requests, sizes, statuses, pauses } = await deliver(20, []);
    expect({ sizes, statuses, pauses }).toEqual({ sizes: [8, 8, 4], statuses: all(20), pauses: [10] });
    expect(requests.flat()).toEqual(all(20).map((_, index) => String(index)));
  });

  test('have as many bytes as a node reads at most', async () => {
    const { sizes } = await deliver(7, [], { jsonBytes: 200_000 });
    expect(sizes).toEqual([2, 2, 2, 1]);
    expect((await deliver(3, [], { jsonBytes: 600_000 })).sizes).toEqual([1, 1, 1]);
  });

  test('become smaller after a refusal and larger again after that', async () => {
    const refuseAll = (memos: readonly string[]) => memos.map(() => ({ code: 'MEMPOOL_FULL' }));
    const { sizes, statuses, turns } = await deliver(30, [refuseAll]);
    expect({ sizes, statuses, turns }).toEqual({ sizes: [8, 2, 4, 8, 8, 8], statuses: all(30), turns: 1 });
  });
});

describe('an error about a whole request', () => {
  test('that says that nothing was looked at leaves everything as it was', async () => {
    const limited = { code: 'RATE_LIMITED', retryAfterMs: 700 };
    const refused = () => [{ code: 'FROZEN' }];
    // Had the first request counted as sent, the refusal after it would not be the end.
    expect(await deliver(1, [limited, refused])).toMatchObject({ sizes: [1, 1], statuses: ['FROZEN'], pauses: [700] });
  });

  test('that says that it will always be so is the refusal of each', async () => {
    expect(await deliver(2, [{ code: 'INVALID_PARAMS' }])).toMatchObject({ sizes: [2], statuses: all(2, 'INVALID_PARAMS') });
  });

  test('of which nobody knows how far it came leaves it to the chain', async () => {
    const refused = (memos: readonly string[]) => memos.map(() => ({ code: 'FROZEN' }));
    const { statuses, sizes } = await deliver(2, [{ code: 'INTERNAL_ERROR' }, refused]);
    expect({ statuses, sizes: sizes.slice(0, 2) }).toEqual({ statuses: all(2), sizes: [2, 2] });
  });

  test('is followed by longer and longer pauses', async () => {
    const failing = Array.from({ length: 6 }, () => ({ code: 'TIMEOUT' }));
    const { pauses } = await deliver(1, failing);
    expect(pauses).toEqual([20, 40, 80, 100, 100, 100, 10]);
  });
});

test('a node that does not know whether it has a transaction is not taken at its word', async () => {
  const undecided = () => [{ code: 'MEMPOOL_NOT_DURABLE' }];
  const refused = () => [{ code: 'FROZEN' }];
  const { statuses, turns } = await deliver(1, [undecided, refused]);
  expect({ statuses, turns }).toEqual({ statuses: ['committed'], turns: 1 });
});
