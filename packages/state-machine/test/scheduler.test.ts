import { describe, expect, test } from 'vitest';
import { accountTable, SCHEDULE_KINDS, StateOverlay, systemAddress } from '../src/index.ts';
import { statusOf } from './support/consortium.ts';
import { askDeposit, askTransfer, fund, lotField } from './support/requests.ts';
import { addressOf, cryptography, describe as describeRecord, TestChain, testGenesis } from './support/test-chain.ts';

/*
 * Goal: work that is due runs at the start of a block, in order of second, kind and id, so many at most, and the rest first next time.
 * Method: requests that expire together, seen by the records of the blocks; items put into the schedule out of order.
 */

const RETENTION_SEC = 2_592_000;

const chainWith = (change: Record<string, string> = {}): TestChain => {
  const chain = new TestChain(testGenesis({ parameters: { feePerTransaction: '0', feePerByte: '0', ...change } }));
  fund(chain, 'alice');
  return chain;
};

const inByteOrder = (left: Uint8Array, right: Uint8Array) => Buffer.compare(left, right);

describe('scheduled work', () => {
  test('of one second runs by id, whatever the order of the requests, before the transactions of the block', () => {
    const chain = chainWith();
    const expiresAt = chain.nowSec + 20;
    const lots = [1n, 2n, 3n, 4n, 5n].map((amount) => askTransfer(chain, { amount, expiresAt }).id);
    const payment = chain.transaction('alice', 'Transfer', { to: addressOf('bob'), asset: 'mUSD', amount: 100n, memo: '' });
    const { records, receipts } = chain.block([payment], expiresAt - chain.nowSec);
    expect(records.slice(0, 5).map(({ transaction }) => transaction.lot)).toEqual([...lots].sort(inByteOrder));
    expect([receipts[0]?.code, receipts[0]?.firstRecord]).toEqual(['OK', 5]);
    for (const { transaction, business } of records.slice(0, 5)) {
      expect([transaction.actor, transaction.txId, transaction.index, business.reason]).toEqual([
        systemAddress(cryptography),
        new Uint8Array(32),
        0,
        'expired',
      ]);
    }
  });

  test('of an earlier second runs first', () => {
    const chain = chainWith();
    const t = chain.nowSec + 20;
    for (const offset of [3, 1, 2]) askTransfer(chain, { amount: BigInt(offset), expiresAt: t + offset });
    expect(chain.wait(60)).toEqual([1, 2, 3].map((amount) => `S2 E05 ${amount} mUSD reject (expired)`));
  });

  test('stops at the cap of a block; the rest is done first in the next, before what fell due since', () => {
    const chain = chainWith({ scheduledWorkPerBlockMax: '2' });
    const t = chain.nowSec + 20;
    for (const amount of [1n, 2n, 3n, 4n, 5n]) askTransfer(chain, { amount, expiresAt: t + Number(amount) });
    const amounts = () => chain.wait(t + 5 - chain.nowSec > 0 ? t + 5 - chain.nowSec : 1).map((record) => record.split(' ')[2]);
    expect([amounts(), amounts(), amounts(), amounts()]).toEqual([['1', '2'], ['3', '4'], ['5'], []]);
  });

  test('of all kinds in one second runs by kind', () => {
    const items = [
      { dueSec: 5, kind: 3, id: new Uint8Array(32).fill(1) },
      { dueSec: 5, kind: 1, id: new Uint8Array(32).fill(9) },
      { dueSec: 2 ** 33, kind: 1, id: new Uint8Array(32).fill(0) },
      { dueSec: 5, kind: 2, id: new Uint8Array(32).fill(0) },
      { dueSec: 5, kind: 1, id: new Uint8Array(32).fill(8) },
      { dueSec: 4, kind: 3, id: new Uint8Array(32).fill(255) },
    ];
    const chain = new TestChain();
    chain.write((state) => {
      for (const item of items.slice(0, 3)) state.schedule(item);
    });
    const state = new StateOverlay(chain.state);
    for (const item of items.slice(3)) state.schedule(item);
    const order: unknown[] = [];
    for (let item = state.nextDue(2 ** 33); item !== undefined; item = state.nextDue(2 ** 33)) {
      order.push(items.findIndex(({ dueSec, kind, id }) => dueSec === item.dueSec && kind === item.kind && id.join() === item.id.join()));
      state.unschedule(item);
    }
    expect(order).toEqual([5, 4, 1, 3, 0, 2]);
    expect(new StateOverlay(chain.state).nextDue(4)).toBeUndefined();
    expect(new StateOverlay(chain.state).nextDue(5)?.kind).toBe(1);
  });

  test('kinds are numbered in the order in which they run', () => {
    expect(SCHEDULE_KINDS).toEqual({ lotExpiry: 1, proposalDeadline: 2, closedLotPurge: 3 });
  });

  test('whose reason is gone does nothing', () => {
    const chain = chainWith();
    const { id } = askTransfer(chain, { expiresAt: chain.nowSec + 500 });
    const proposal = chain.run('operator0', 'ProposeRole', { account: addressOf('bob'), role: 'arbiter', grant: true }).id;
    const before = statusOf(chain, proposal);
    const dueSec = chain.nowSec + 1;
    chain.write((state) => {
      state.schedule({ dueSec, kind: SCHEDULE_KINDS.lotExpiry, id });
      state.schedule({ dueSec, kind: SCHEDULE_KINDS.lotExpiry, id: new Uint8Array(32).fill(3) });
      state.schedule({ dueSec, kind: SCHEDULE_KINDS.closedLotPurge, id });
      state.schedule({ dueSec, kind: SCHEDULE_KINDS.closedLotPurge, id: new Uint8Array(32).fill(3) });
      state.schedule({ dueSec, kind: SCHEDULE_KINDS.proposalDeadline, id: new Uint8Array(32).fill(3) });
    });
    expect([chain.wait(5), chain.lot(id)?.state, before, statusOf(chain, proposal)]).toEqual([[], 2, 'OPEN', 'OPEN']);
    expect(new StateOverlay(chain.state).nextDue(chain.nowSec)).toBeUndefined();
  });

  test('a request resolved before its expiry leaves nothing to do', () => {
    const chain = chainWith();
    const { id } = askTransfer(chain, { expiresAt: chain.nowSec + 10 });
    chain.run('bob', 'ConfirmTransfer', { lot: lotField(id), revision: 0, amount: 40n });
    expect([chain.wait(20), new StateOverlay(chain.state).nextDue(chain.nowSec), chain.amount('bob', 'mUSD')]).toEqual([
      [],
      undefined,
      40n,
    ]);
  });
});

describe('a closed lot', () => {
  test.each([
    [-1, 5],
    [0, undefined],
    [1, undefined],
  ])('at the end of its retention %i s is in state %s', (offset, state) => {
    const chain = chainWith();
    const { id } = askTransfer(chain);
    chain.run('bob', 'RejectTransfer', { lot: lotField(id), revision: 0, reason: '' });
    expect(chain.wait(RETENTION_SEC + offset)).toEqual([]);
    expect(chain.lot(id)?.state).toBe(state);
  });

  test('is unknown afterwards, for amendments and rejections alike', () => {
    const chain = chainWith({ closedLotRetentionSec: '5' });
    const { id } = askDeposit(chain, 'alice');
    const reject = () => chain.run('gateway', 'RejectDeposit', { lot: lotField(id), revision: 0, reason: 'no' }).code;
    expect([reject(), reject(), chain.wait(10), reject()]).toEqual(['OK', 'DFSM_ILLEGAL', [], 'UNKNOWN_LOT']);
    expect(chain.read(accountTable, addressOf('alice'))?.openLots).toBe(0);
  });

  test('without retention is forgotten in the next block', () => {
    const chain = chainWith({ closedLotRetentionSec: '0' });
    const { id } = askTransfer(chain, { expiresAt: chain.nowSec + 5 });
    const { records } = chain.block([], 10);
    expect([records.map(describeRecord), chain.lot(id)]).toEqual([['S2 E05 40 mUSD reject (expired)'], undefined]);
  });
});
