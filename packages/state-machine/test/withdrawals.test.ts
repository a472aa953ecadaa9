import type { LotId } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { accountTable, assetTable, auditState, holdingTable, withdrawalDayTable } from '../src/index.ts';
import { askDeposit, askTransfer, askWithdrawal, fund, lotField, lotFigures, TERMS, UNKNOWN_ID } from './support/requests.ts';
import { addressOf, cryptography, NEW_LOT, type OwnFields, START_SEC, TestChain } from './support/test-chain.ts';

/*
 * Goal: money out through gateways: who may ask, confirm and reject, the daily limit, and closing a holding for good.
 * Method: alice has 100 mUSD; codes, records, lots, figures and supply are compared. START_SEC is a UTC day's eighth hour.
 */

const DAY = 86_400;

const funded = (dailyLimit = 0n): TestChain => {
  const chain = new TestChain();
  fund(chain, 'alice');
  if (dailyLimit > 0n) chain.run('alice', 'SetAccount', { autoAccept: true, dailyLimit });
  return chain;
};

const amend = (chain: TestChain, id: Uint8Array, change: Partial<OwnFields<'RequestWithdrawal'>>, name = 'alice') => {
  const fields = { lot: lotField(id), asset: 'mUSD', amount: 40n, destination: 'IBAN 2', expiresAt: 0 };
  return chain.run(name, 'RequestWithdrawal', { ...fields, ...change });
};

const counted = (chain: TestChain) => chain.read(withdrawalDayTable, { owner: addressOf('alice'), asset: 'mUSD' });

describe('RequestWithdrawal', () => {
  test('holds the money and names the destination', () => {
    const chain = funded();
    const { id, code, records } = askWithdrawal(chain);
    expect([code, records, lotFigures(chain, id), chain.holding('alice', 'mUSD'), chain.supply('mUSD')]).toEqual([
      'OK',
      ['S5 E10 40 mUSD request'],
      [4, 40n, 0],
      { amount: 60n, state: 5, pendingIn: 0n, pendingOut: 40n },
      100n,
    ]);
    expect(chain.lot(id)).toMatchObject({ requested: 40n, reference: 'IBAN 1', closes: false });
    expect([chain.blocks.at(-1)?.records[0]?.business.memo, chain.read(accountTable, addressOf('alice'))?.openLots]).toEqual(['IBAN 1', 1]);
  });

  const start = funded().nowSec + 1;
  test.each<[string, Partial<OwnFields<'RequestWithdrawal'>>, string]>([
    ['of everything', { amount: 100n }, 'OK'],
    ['of more than there is', { amount: 101n }, 'INSUFFICIENT_BALANCE'],
    ['of nothing', { amount: 0n }, 'AMOUNT_INVALID'],
    ['to nowhere', { destination: '' }, 'INVALID_FIELD'],
    ['of nothing to nowhere', { amount: 0n, destination: '' }, 'AMOUNT_INVALID'],
    ['of an unknown asset', { asset: 'mNONE' }, 'UNKNOWN_ASSET'],
    ['expired now', { expiresAt: start }, 'REQUEST_EXPIRED'],
    ['expired now, of more than there is', { expiresAt: start, amount: 101n }, 'REQUEST_EXPIRED'],
    ['expiring in a second', { expiresAt: start + 1 }, 'OK'],
    ['expiring after a year', { expiresAt: start + 31_536_001 }, 'INVALID_FIELD'],
    ['of an unknown lot', { lot: UNKNOWN_ID }, 'UNKNOWN_LOT'],
  ])('%s', (_name, change, code) => {
    const fields = { lot: NEW_LOT, asset: 'mUSD', amount: 40n, destination: 'IBAN 1', expiresAt: 0 };
    expect(funded().run('alice', 'RequestWithdrawal', { ...fields, ...change }).code).toBe(code);
  });

  test('of an asset without gateways, and with too many requests open', () => {
    const chain = funded();
    chain.write((state) => {
      const account = state.get(accountTable, addressOf('alice'));
      const asset = state.get(assetTable, 'mUSD');
      if (asset !== undefined) state.set(assetTable, 'mUSD', { ...asset, gateways: [], threshold: 0 });
      if (account !== undefined) state.set(accountTable, addressOf('alice'), { ...account, openLots: 63 });
    });
    const close = () => chain.run('alice', 'CloseHolding', { asset: 'mUSD', destination: 'x' }).code;
    expect([askWithdrawal(chain).code, askWithdrawal(chain, { amount: 0n }).code, close()]).toEqual([
      'INVALID_FIELD',
      'AMOUNT_INVALID',
      'INVALID_FIELD',
    ]);
    askTransfer(chain, { amount: 1n });
    expect([askWithdrawal(chain, { amount: 0n }).code, askWithdrawal(chain, { amount: 200n }).code, close()]).toEqual([
      'LIMIT_EXCEEDED',
      'INSUFFICIENT_BALANCE',
      'LIMIT_EXCEEDED',
    ]);
  });
});

describe('an amendment of a withdrawal', () => {
  test('raises, lowers and redirects', () => {
    const chain = funded();
    const { id } = askWithdrawal(chain);
    expect([amend(chain, id, { amount: 100n }).records, chain.holding('alice', 'mUSD')]).toEqual([
      ['S4 E10 100 mUSD amend'],
      { amount: 0n, state: 5, pendingIn: 0n, pendingOut: 100n },
    ]);
    expect([amend(chain, id, { amount: 10n }).code, chain.holding('alice', 'mUSD')]).toEqual([
      'OK',
      { amount: 90n, state: 5, pendingIn: 0n, pendingOut: 10n },
    ]);
    expect(chain.lot(id)).toMatchObject({ state: 4, amount: 10n, requested: 10n, revision: 2, reference: 'IBAN 2' });
    const confirm = (revision: number) =>
      chain.run('gateway', 'ConfirmWithdrawal', { lot: lotField(id), revision, externalRef: 'out' }).code;
    expect([confirm(1), confirm(2), chain.supply('mUSD')]).toEqual(['STALE_REVISION', 'OK', 90n]);
  });

  const start = funded().nowSec;
  test.each<[string, string, Partial<OwnFields<'RequestWithdrawal'>>, string]>([
    ['by a stranger of level 2', 'bob', {}, 'NOT_PERMITTED'],
    ['above what there is', 'alice', { amount: 101n }, 'INSUFFICIENT_BALANCE'],
    ['to nothing', 'alice', { amount: 0n }, 'AMOUNT_INVALID'],
    ['to nowhere', 'alice', { destination: '' }, 'INVALID_FIELD'],
    ['to another asset', 'alice', { asset: 'mBOND' }, 'INVALID_FIELD'],
    ['to a time that is past', 'alice', { expiresAt: start }, 'REQUEST_EXPIRED'],
    ['to a time too far', 'alice', { expiresAt: start + 40_000_000 }, 'INVALID_FIELD'],
  ])('%s', (_name, who, change, code) => {
    const chain = funded();
    const { id } = askWithdrawal(chain);
    expect(amend(chain, id, change, who).code).toBe(code);
    expect(lotFigures(chain, id)).toEqual([4, 40n, 0]);
  });
});

describe('ConfirmWithdrawal', () => {
  test.each([
    ['the gateway', 'gateway', 0, 'out', 'OK'],
    ['the gateway without a reference', 'gateway', 0, '', 'INVALID_FIELD'],
    ['the gateway with a used reference', 'gateway', 0, 'in-1', 'REFERENCE_USED'],
    ['the gateway, another revision', 'gateway', 1, 'out', 'STALE_REVISION'],
    ['the gateway, another revision, used reference', 'gateway', 1, 'in-1', 'STALE_REVISION'],
    ['the owner', 'alice', 0, 'out', 'NOT_PERMITTED'],
    ['an arbiter, while nothing is claimed', 'arbiter', 0, 'out', 'NOT_PERMITTED'],
    ['a gateway of another asset', 'gateway2', 0, 'out', 'NOT_PERMITTED'],
  ])('by %s', (_name, who, revision, externalRef, code) => {
    const chain = funded();
    const { id } = askWithdrawal(chain);
    const run = chain.run(who, 'ConfirmWithdrawal', { lot: lotField(id), revision, externalRef });
    expect(run.code).toBe(code);
    const done = code === 'OK';
    expect([run.records, lotFigures(chain, id), chain.holding('alice', 'mUSD'), chain.supply('mUSD')]).toEqual([
      done ? ['S4 E12 40 mUSD confirm'] : [],
      [done ? 6 : 4, 40n, 0],
      { amount: 60n, state: 5, pendingIn: 0n, pendingOut: done ? 0n : 40n },
      done ? 60n : 100n,
    ]);
    if (done)
      expect(chain.blocks.at(-1)?.records[0]).toMatchObject({ transaction: { to: new Uint8Array(20) }, business: { externalRef: 'out' } });
  });

  test.each([
    [-1, 'OK'],
    [0, 'DFSM_ILLEGAL'],
    [1, 'DFSM_ILLEGAL'],
  ])('at expiry %i s is %s', (offset, code) => {
    const chain = funded();
    const expiresAt = chain.nowSec + 10;
    const { id } = askWithdrawal(chain, { expiresAt });
    const late = chain.transaction('gateway', 'ConfirmWithdrawal', { lot: lotField(id), revision: 0, externalRef: 'out' });
    const block = chain.block([late], expiresAt + offset - chain.nowSec);
    expect([block.receipts[0]?.code, chain.supply('mUSD')]).toEqual([code, code === 'OK' ? 60n : 100n]);
    if (code !== 'OK') expect(block.records.map(({ state, input }) => [state, input])).toEqual([['S4', 'E11']]);
  });
});

describe('RejectWithdrawal', () => {
  test.each([
    ['the gateway with a reason', 'gateway', 0, 'no', 'OK'],
    ['the gateway without a reason', 'gateway', 0, '', 'INVALID_FIELD'],
    ['the owner', 'alice', 0, '', 'OK'],
    ['a stranger', 'bob', 0, 'no', 'NOT_PERMITTED'],
    ['an arbiter, while nothing is claimed', 'arbiter', 0, 'no', 'NOT_PERMITTED'],
    ['the owner, another revision', 'alice', 1, '', 'STALE_REVISION'],
  ])('by %s', (_name, who, revision, reason, code) => {
    const chain = funded();
    const { id } = askWithdrawal(chain);
    const run = chain.run(who, 'RejectWithdrawal', { lot: lotField(id), revision, reason });
    const done = code === 'OK';
    expect([run.code, lotFigures(chain, id), chain.amount('alice', 'mUSD')]).toEqual([
      code,
      done ? [5, 0n, 0] : [4, 40n, 0],
      done ? 100n : 60n,
    ]);
  });
});

describe('the daily limit', () => {
  test('holds for the sum of a UTC day, cancelled requests included', () => {
    const chain = funded(50n);
    expect(askWithdrawal(chain, { amount: 51n }).code).toBe('LIMIT_EXCEEDED');
    const { id } = askWithdrawal(chain, { amount: 30n });
    chain.run('alice', 'RejectWithdrawal', { lot: lotField(id), revision: 0, reason: '' });
    expect([
      askWithdrawal(chain, { amount: 21n }).code,
      askWithdrawal(chain, { amount: 20n }).code,
      askWithdrawal(chain, { amount: 1n }).code,
    ]).toEqual(['LIMIT_EXCEEDED', 'OK', 'LIMIT_EXCEEDED']);
    expect(counted(chain)).toEqual({ day: Math.floor(START_SEC / DAY), requested: 50n });
  });

  test.each([
    [-1, 'LIMIT_EXCEEDED'],
    [0, 'OK'],
    [1, 'OK'],
  ])('at midnight %i s a new request is %s', (offset, code) => {
    const chain = funded(50n);
    askWithdrawal(chain, { amount: 50n });
    const midnight = (Math.floor(START_SEC / DAY) + 1) * DAY;
    chain.wait(midnight - 10 - chain.nowSec);
    const fields = { lot: NEW_LOT, asset: 'mUSD', amount: 50n, destination: 'x', expiresAt: 0 };
    const next = chain.transaction('alice', 'RequestWithdrawal', fields);
    expect(chain.block([next], 10 + offset).receipts[0]?.code).toBe(code);
    expect(counted(chain)?.requested).toBe(50n);
  });

  test('counts what an amendment adds, gives nothing back for what it takes, and lets it be lowered under any limit', () => {
    const chain = funded(50n);
    const { id } = askWithdrawal(chain, { amount: 30n });
    expect([amend(chain, id, { amount: 51n }).code, amend(chain, id, { amount: 50n }).code, counted(chain)?.requested]).toEqual([
      'LIMIT_EXCEEDED',
      'OK',
      50n,
    ]);
    expect([amend(chain, id, { amount: 10n }).code, amend(chain, id, { amount: 11n }).code, counted(chain)?.requested]).toEqual([
      'OK',
      'LIMIT_EXCEEDED',
      50n,
    ]);
    chain.run('alice', 'SetAccount', { autoAccept: true, dailyLimit: 1n });
    expect([amend(chain, id, { amount: 9n }).code, amend(chain, id, { amount: 10n }).code]).toEqual(['OK', 'LIMIT_EXCEEDED']);
  });

  test.each<[string, bigint, readonly bigint[], bigint | undefined, bigint | undefined]>([
    ['raised', 50n, [80n], 50n, 80n],
    ['taken away', 50n, [0n], 50n, undefined],
    ['lowered', 50n, [30n], 30n, 30n],
    ['lowered and raised again', 50n, [30n, 80n], 30n, 80n],
    ['raised and lowered again', 50n, [80n, 30n], 30n, 30n],
    ['raised twice', 50n, [80n, 90n], 50n, 90n],
    ['taken away and set again', 50n, [0n, 80n], 50n, 80n],
    ['set where there was none', 0n, [30n], 30n, 30n],
    ['set where there was none, and taken away', 0n, [30n, 0n], 30n, undefined],
    ['not set where there was none', 0n, [0n], undefined, undefined],
    ['set to what it was', 50n, [50n], 50n, 50n],
  ])('%s: what holds on that day, and from midnight on', (_name, first, changes, thatDay, fromMidnight) => {
    const chain = funded(first);
    fund(chain, 'alice', 900n);
    chain.wait(DAY);
    for (const dailyLimit of changes) chain.run('alice', 'SetAccount', { autoAccept: true, dailyLimit });
    /** Codes of the largest request that should be possible in the block at a second, after one that is too large by one. */
    const atLimit = (atSec: number, limit: bigint | undefined): readonly string[] => {
      chain.wait(atSec - 1 - chain.nowSec);
      const amounts = limit === undefined ? [200n] : [limit + 1n, limit];
      const requests = amounts.map((amount) =>
        chain.transaction('alice', 'RequestWithdrawal', { lot: NEW_LOT, asset: 'mUSD', amount, destination: 'x', expiresAt: 0 }),
      );
      return chain.block(requests, 1).receipts.map(({ code }) => code);
    };
    const expected = (limit: bigint | undefined): readonly string[] => (limit === undefined ? ['OK'] : ['LIMIT_EXCEEDED', 'OK']);
    const midnight = (Math.floor(START_SEC / DAY) + 2) * DAY;
    expect([atLimit(midnight - 2, thatDay), atLimit(midnight, fromMidnight)]).toEqual([expected(thatDay), expected(fromMidnight)]);
  });

  test('is one limit for each asset', () => {
    const chain = funded(50n);
    fund(chain, 'alice', 100n, 'mBOND');
    expect([askWithdrawal(chain, { amount: 50n }).code, askWithdrawal(chain, { asset: 'mBOND', amount: 50n }).code]).toEqual(['OK', 'OK']);
  });

  test('comes after the balance and before the number of requests', () => {
    const chain = funded(50n);
    expect([
      askWithdrawal(chain, { amount: 101n }).code,
      chain.run('alice', 'CloseHolding', { asset: 'mUSD', destination: '' }).code,
    ]).toEqual(['INSUFFICIENT_BALANCE', 'LIMIT_EXCEEDED']);
  });
});

describe('CloseHolding', () => {
  const close = (chain: TestChain, change: Partial<OwnFields<'CloseHolding'>> = {}) =>
    chain.run('alice', 'CloseHolding', { asset: 'mUSD', destination: 'IBAN 1', ...change });
  const confirm = (chain: TestChain, id: Uint8Array, revision = 0) =>
    chain.run('gateway', 'ConfirmWithdrawal', { lot: lotField(id), revision, externalRef: `out-${chain.header.height}` }).code;
  const auditOf = (chain: TestChain) => auditState(chain.state.entries(), { cryptography, nativeSupply: chain.supply('MTN') });
  const main = (chain: TestChain) => {
    const { amount, state, generation } = chain.read(holdingTable, { owner: addressOf('alice'), asset: 'mUSD' }) ?? {};
    return [amount, state, generation];
  };

  test('ends in S6, and a later deposit starts the next generation at S0', () => {
    const chain = funded();
    const { id, code, records } = close(chain);
    expect([code, records, lotFigures(chain, id), chain.lot(id)?.closes, main(chain)]).toEqual([
      'OK',
      ['S5 E10 100 mUSD close'],
      [4, 100n, 0],
      true,
      [0n, 5, 0],
    ]);
    expect([confirm(chain, id), main(chain), chain.supply('mUSD')]).toEqual(['OK', [0n, 6, 0], 0n]);
    const again = askDeposit(chain, 'alice');
    expect([again.records, main(chain)]).toEqual([['S0 E01 100 mUSD request'], [0n, 6, 0]]);
    chain.run('gateway', 'ConfirmDeposit', { lot: lotField(again.id), revision: 0, amount: 100n, externalRef: 'in-again' });
    expect([main(chain), askDeposit(chain, 'alice').records]).toEqual([[100n, 5, 1], ['S5 E01 100 mUSD request']]);
  });

  test('rejected, leaves everything as it was', () => {
    const chain = funded();
    const { id } = close(chain);
    chain.run('gateway', 'RejectWithdrawal', { lot: lotField(id), revision: 0, reason: 'no' });
    expect(main(chain)).toEqual([100n, 5, 0]);
  });

  test('does not close when money has come in meanwhile', () => {
    const chain = funded();
    const { id } = close(chain);
    fund(chain, 'alice', 1n);
    expect([confirm(chain, id), main(chain)]).toEqual(['OK', [1n, 5, 0]]);
  });

  test.each<[string, (chain: TestChain) => { readonly id: LotId }, readonly [bigint, bigint], (chain: TestChain, id: LotId) => void]>([
    [
      'a deposit',
      (chain) => askDeposit(chain, 'alice'),
      [100n, 0n],
      (chain, id) => chain.run('gateway', 'RejectDeposit', { lot: lotField(id), revision: 0, reason: 'no' }),
    ],
    [
      'a transfer to its owner',
      (chain) => {
        fund(chain, 'bob');
        const fields = { lot: NEW_LOT, to: addressOf('alice'), asset: 'mUSD', amount: 40n, expiresAt: 0, memo: '' };
        return chain.run('bob', 'RequestTransfer', fields);
      },
      [40n, 0n],
      (chain, id) => chain.run('alice', 'RejectTransfer', { lot: lotField(id), revision: 0, reason: '' }),
    ],
    [
      'an application for credit',
      (chain) => {
        const parties = { lender: addressOf('bob'), borrower: addressOf('alice') };
        const terms = { asset: 'mUSD', amount: 40n, termsHash: TERMS, dueAt: chain.nowSec + 1000, expiresAt: 0 };
        return chain.run('alice', 'RequestCredit', { lot: NEW_LOT, ...parties, ...terms });
      },
      [40n, 0n],
      (chain, id) => chain.run('bob', 'RejectCredit', { lot: lotField(id), revision: 0, reason: '' }),
    ],
    [
      'a transfer of what has come in since',
      (chain) => {
        fund(chain, 'alice');
        return askTransfer(chain, { amount: 100n });
      },
      [0n, 100n],
      (chain, id) => chain.run('bob', 'ConfirmTransfer', { lot: lotField(id), revision: 0, amount: 100n }),
    ],
  ])('does not close over %s in flight, and a later one may', (_name, begin, [pendingIn, pendingOut], settle) => {
    const chain = funded();
    const closing = close(chain).id;
    const { id } = begin(chain);
    expect([confirm(chain, closing), chain.holding('alice', 'mUSD')]).toEqual(['OK', { amount: 0n, state: 5, pendingIn, pendingOut }]);
    expect([lotFigures(chain, closing)?.[0], auditOf(chain)]).toEqual([6, []]);
    settle(chain, id);
    fund(chain, 'alice', 5n);
    const { id: again } = close(chain);
    expect([confirm(chain, again), main(chain), auditOf(chain)]).toEqual(['OK', [0n, 6, 0], []]);
  });

  test('amended, is an ordinary withdrawal', () => {
    const chain = funded();
    const { id } = close(chain);
    amend(chain, id, { amount: 100n });
    expect([chain.lot(id)?.closes, confirm(chain, id, 1), main(chain)]).toEqual([false, 'OK', [0n, 5, 0]]);
  });

  test('an ordinary withdrawal of everything does not close', () => {
    const chain = funded();
    const { id } = askWithdrawal(chain, { amount: 100n });
    expect([confirm(chain, id), main(chain)]).toEqual(['OK', [0n, 5, 0]]);
  });

  test.each<[string, (chain: TestChain) => unknown, Partial<OwnFields<'CloseHolding'>>, string]>([
    ['with money on its way out', (chain) => askTransfer(chain), {}, 'OBLIGATIONS_OPEN'],
    ['with money on its way in', (chain) => askDeposit(chain, 'alice'), {}, 'OBLIGATIONS_OPEN'],
    ['of an empty holding', () => undefined, { asset: 'mBOND' }, 'AMOUNT_INVALID'],
    ['of an unknown asset', () => undefined, { asset: 'mNONE' }, 'UNKNOWN_ASSET'],
    ['to nowhere', () => undefined, { destination: '' }, 'INVALID_FIELD'],
    ['to nowhere with money on its way', (chain) => askTransfer(chain), { destination: '' }, 'INVALID_FIELD'],
  ])('%s', (_name, prepare, change, code) => {
    const chain = funded();
    prepare(chain);
    expect(close(chain, change).code).toBe(code);
  });

  test('is held to the daily limit', () => {
    expect([close(funded(99n)).code, close(funded(100n)).code]).toEqual(['LIMIT_EXCEEDED', 'OK']);
  });
});
