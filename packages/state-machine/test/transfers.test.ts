import { describe, expect, test } from 'vitest';
import { accountTable, feeEscrow, lotTable, splitLotId } from '../src/index.ts';
import { askTransfer, fund, lotField, lotFigures, UNKNOWN_ID } from './support/requests.ts';
import { addressOf, cryptography, NEW_LOT, type OwnFields, TestChain, testGenesis } from './support/test-chain.ts';

/*
 * Goal: money from member to member: who may do what to a request, what moves, what is recorded, and which reason is given first.
 * Method: alice has 100 mUSD; codes, records and figures of both sides are compared.
 */

const ZERO = new Uint8Array(20) as never;
const escrow = feeEscrow(cryptography);

const funded = (): TestChain => {
  const chain = new TestChain();
  fund(chain, 'alice');
  return chain;
};

const figures = (chain: TestChain, ...names: readonly string[]) =>
  names.map((name) => {
    const { amount, pendingIn, pendingOut } = chain.holding(name, 'mUSD');
    return [amount, pendingIn, pendingOut];
  });

const openLots = (chain: TestChain, name: string) => chain.read(accountTable, addressOf(name))?.openLots;

const edit = (chain: TestChain, name: string, change: object): void => {
  chain.write((state) => {
    const account = state.get(accountTable, addressOf(name));
    if (account !== undefined) state.set(accountTable, addressOf(name), { ...account, ...change });
  });
};

describe('Transfer', () => {
  const fields = { to: addressOf('bob'), asset: 'mUSD', amount: 30n, memo: 'rent' };

  test('in an immediate asset moves at once and stores no lot', () => {
    const chain = funded();
    const { id, code, records } = chain.run('alice', 'Transfer', fields);
    expect([code, records, figures(chain, 'alice', 'bob'), chain.lot(id)]).toEqual([
      'OK',
      ['S5 E04 30 mUSD transfer', 'S2 E06 30 mUSD transfer'],
      [
        [70n, 0n, 0n],
        [30n, 0n, 0n],
      ],
      undefined,
    ]);
    const [out, into] = chain.blocks.at(-1)?.records ?? [];
    expect([out?.business.memo, into?.business.memo]).toEqual(['rent', '']);
    for (const record of [out, into]) {
      expect(record?.transaction).toEqual({
        lot: id,
        asset: 'mUSD',
        amount: 30n,
        from: addressOf('alice'),
        to: addressOf('bob'),
        revision: 0,
        actor: addressOf('alice'),
        txId: id,
        height: 3,
        index: 0,
      });
    }
    expect([chain.holding('bob', 'mUSD').state, openLots(chain, 'alice')]).toEqual([5, 0]);
  });

  test('in an asset that wants a confirm is a request', () => {
    const chain = new TestChain();
    fund(chain, 'alice', 100n, 'mBOND');
    const { id, code, records } = chain.run('alice', 'Transfer', { ...fields, asset: 'mBOND' });
    expect([code, records, lotFigures(chain, id), chain.lot(id)?.reference]).toEqual([
      'OK',
      ['S5 E04 30 mBOND transfer'],
      [2, 30n, 0],
      'rent',
    ]);
    expect([chain.amount('alice', 'mBOND'), chain.amount('bob', 'mBOND')]).toEqual([70n, 0n]);
  });

  test('to a payee who confirms himself is a request without expiry', () => {
    const chain = funded();
    chain.run('bob', 'SetAccount', { autoAccept: false, dailyLimit: 0n });
    const { id } = chain.run('alice', 'Transfer', fields);
    expect([lotFigures(chain, id), chain.lot(id)?.expiresAt, openLots(chain, 'alice')]).toEqual([[2, 30n, 0], 0, 1]);
    expect(chain.run('bob', 'ConfirmTransfer', { lot: lotField(id), revision: 0, amount: 30n }).code).toBe('OK');
    expect(figures(chain, 'alice', 'bob')).toEqual([
      [70n, 0n, 0n],
      [30n, 0n, 0n],
    ]);
  });

  test.each<[string, Partial<OwnFields<'Transfer'>>, string]>([
    ['everything', { amount: 100n }, 'OK'],
    ['more than there is', { amount: 101n }, 'INSUFFICIENT_BALANCE'],
    ['nothing', { amount: 0n }, 'AMOUNT_INVALID'],
    ['to oneself', { to: addressOf('alice') }, 'INVALID_COUNTERPARTY'],
    ['to nobody', { to: ZERO }, 'INVALID_COUNTERPARTY'],
    ['to an escrow', { to: escrow }, 'INVALID_COUNTERPARTY'],
    ['an unknown asset', { asset: 'mNONE' }, 'UNKNOWN_ASSET'],
    ['a malformed asset', { asset: 'm US' }, 'UNKNOWN_ASSET'],
    ['an unknown asset to oneself', { asset: 'mNONE', to: addressOf('alice') }, 'UNKNOWN_ASSET'],
    ['more than there is to oneself', { amount: 101n, to: addressOf('alice') }, 'INSUFFICIENT_BALANCE'],
    ['nothing to oneself', { amount: 0n, to: addressOf('alice') }, 'AMOUNT_INVALID'],
  ])('of %s', (_name, change, code) => {
    const chain = funded();
    const before = chain.entriesBut('alice');
    expect(chain.run('alice', 'Transfer', { ...fields, ...change }).code).toBe(code);
    if (code !== 'OK') expect(chain.entriesBut('alice')).toEqual(before);
  });

  test('counts open requests only where it opens one', () => {
    const chain = funded();
    edit(chain, 'alice', { openLots: 64 });
    expect(chain.run('alice', 'Transfer', fields).code).toBe('OK');
    chain.run('bob', 'SetAccount', { autoAccept: false, dailyLimit: 0n });
    expect([
      chain.run('alice', 'Transfer', { ...fields, amount: 0n }).code,
      chain.run('alice', 'Transfer', { ...fields, amount: 99n }).code,
    ]).toEqual(['LIMIT_EXCEEDED', 'INSUFFICIENT_BALANCE']);
  });
});

describe('RequestTransfer', () => {
  const fields = { lot: NEW_LOT, to: addressOf('bob'), asset: 'mUSD', amount: 40n, expiresAt: 0, memo: '' };

  test('holds the money and tells both sides', () => {
    const chain = funded();
    const { id, code, records } = askTransfer(chain);
    expect([code, records, lotFigures(chain, id), figures(chain, 'alice', 'bob')]).toEqual([
      'OK',
      ['S5 E04 40 mUSD request'],
      [2, 40n, 0],
      [
        [60n, 0n, 40n],
        [0n, 40n, 0n],
      ],
    ]);
    expect(chain.lot(id)).toMatchObject({
      owner: addressOf('alice'),
      requester: addressOf('alice'),
      counterparty: addressOf('bob'),
      reference: 'rent',
    });
    expect(openLots(chain, 'alice')).toBe(1);
  });

  const start = funded().nowSec + 1;
  test.each<[string, Partial<OwnFields<'RequestTransfer'>>, string]>([
    ['everything', { amount: 100n }, 'OK'],
    ['more than there is', { amount: 101n }, 'INSUFFICIENT_BALANCE'],
    ['nothing', { amount: 0n }, 'AMOUNT_INVALID'],
    ['to oneself', { to: addressOf('alice') }, 'INVALID_COUNTERPARTY'],
    ['to nobody', { to: ZERO }, 'INVALID_COUNTERPARTY'],
    ['to an escrow', { to: escrow }, 'INVALID_COUNTERPARTY'],
    ['an unknown asset', { asset: 'mNONE' }, 'UNKNOWN_ASSET'],
    ['expired a second ago', { expiresAt: start - 1 }, 'REQUEST_EXPIRED'],
    ['expired now', { expiresAt: start }, 'REQUEST_EXPIRED'],
    ['expiring in a second', { expiresAt: start + 1 }, 'OK'],
    ['expiring in a year', { expiresAt: start + 31_536_000 }, 'OK'],
    ['expiring after a year', { expiresAt: start + 31_536_001 }, 'INVALID_FIELD'],
    ['expired and too much', { expiresAt: start, amount: 101n }, 'REQUEST_EXPIRED'],
    ['too much to oneself', { amount: 101n, to: addressOf('alice') }, 'INSUFFICIENT_BALANCE'],
    ['nothing to oneself', { amount: 0n, to: addressOf('alice') }, 'AMOUNT_INVALID'],
    ['to oneself, expiring after a year', { to: addressOf('alice'), expiresAt: start + 31_536_001 }, 'INVALID_COUNTERPARTY'],
    ['of an unknown lot', { lot: UNKNOWN_ID }, 'UNKNOWN_LOT'],
  ])('%s', (_name, change, code) => {
    const chain = funded();
    expect(chain.run('alice', 'RequestTransfer', { ...fields, ...change }).code).toBe(code);
  });

  test('stops at the number of open requests, and goes on when one is closed', () => {
    const chain = new TestChain(testGenesis({ parameters: { feePerTransaction: '0', feePerByte: '0', openLotsPerAccountMax: '2' } }));
    fund(chain, 'alice');
    const first = askTransfer(chain, { amount: 1n });
    askTransfer(chain, { amount: 1n });
    expect([
      askTransfer(chain, { amount: 1n }).code,
      askTransfer(chain, { amount: 99n }).code,
      askTransfer(chain, { amount: 0n }).code,
    ]).toEqual(['LIMIT_EXCEEDED', 'INSUFFICIENT_BALANCE', 'LIMIT_EXCEEDED']);
    chain.run('bob', 'RejectTransfer', { lot: lotField(first.id), revision: 0, reason: '' });
    expect(askTransfer(chain, { amount: 1n }).code).toBe('OK');
  });
});

describe('an amendment of a transfer', () => {
  const amend = (chain: TestChain, id: Uint8Array, change: Partial<OwnFields<'RequestTransfer'>>, name = 'alice') =>
    chain.run(name, 'RequestTransfer', {
      lot: lotField(id),
      to: addressOf('bob'),
      asset: 'mUSD',
      amount: 40n,
      expiresAt: 0,
      memo: 'new',
      ...change,
    });

  test('raises, lowers and turns to another payee', () => {
    const chain = funded();
    const { id } = askTransfer(chain);
    expect([amend(chain, id, { amount: 100n }).records, figures(chain, 'alice', 'bob')]).toEqual([
      ['S2 E04 100 mUSD amend'],
      [
        [0n, 0n, 100n],
        [0n, 100n, 0n],
      ],
    ]);
    amend(chain, id, { amount: 10n });
    expect(figures(chain, 'alice', 'bob')).toEqual([
      [90n, 0n, 10n],
      [0n, 10n, 0n],
    ]);
    amend(chain, id, { amount: 20n, to: addressOf('carol') });
    expect([figures(chain, 'alice', 'bob', 'carol'), lotFigures(chain, id), chain.lot(id)?.reference]).toEqual([
      [
        [80n, 0n, 20n],
        [0n, 0n, 0n],
        [0n, 20n, 0n],
      ],
      [2, 20n, 3],
      'new',
    ]);
    expect(chain.run('bob', 'ConfirmTransfer', { lot: lotField(id), revision: 3, amount: 20n }).code).toBe('NOT_PERMITTED');
    expect(chain.run('carol', 'ConfirmTransfer', { lot: lotField(id), revision: 3, amount: 20n }).code).toBe('OK');
    expect(openLots(chain, 'alice')).toBe(0);
  });

  test('moves the expiry: the old second does nothing, the new one rejects', () => {
    const chain = funded();
    const t = chain.nowSec;
    const { id } = askTransfer(chain, { expiresAt: t + 10 });
    amend(chain, id, { expiresAt: t + 20 });
    expect(chain.wait(t + 10 - chain.nowSec)).toEqual([]);
    expect(chain.wait(t + 20 - chain.nowSec)).toEqual(['S2 E05 40 mUSD reject (expired)']);
    const never = askTransfer(chain, { expiresAt: chain.nowSec + 5 }).id;
    amend(chain, never, {});
    expect([chain.wait(100), chain.lot(never)?.state]).toEqual([[], 2]);
  });

  const start = funded().nowSec;
  test.each<[string, string, Partial<OwnFields<'RequestTransfer'>>, string]>([
    ['by its payee', 'bob', {}, 'NOT_PERMITTED'],
    ['by a stranger', 'carol', {}, 'NOT_PERMITTED'],
    ['above what there is', 'alice', { amount: 101n }, 'INSUFFICIENT_BALANCE'],
    ['to nothing', 'alice', { amount: 0n }, 'AMOUNT_INVALID'],
    ['to oneself', 'alice', { to: addressOf('alice') }, 'INVALID_COUNTERPARTY'],
    ['to another asset', 'alice', { asset: 'MTN' }, 'INVALID_FIELD'],
    ['to a time that is past', 'alice', { expiresAt: start }, 'REQUEST_EXPIRED'],
    ['to a time too far', 'alice', { expiresAt: start + 40_000_000 }, 'INVALID_FIELD'],
    ['past and too much', 'alice', { expiresAt: start, amount: 101n }, 'REQUEST_EXPIRED'],
    ['too much, to oneself', 'alice', { amount: 101n, to: addressOf('alice') }, 'INSUFFICIENT_BALANCE'],
    ['to oneself in another asset', 'alice', { to: addressOf('alice'), asset: 'MTN' }, 'INVALID_COUNTERPARTY'],
  ])('%s', (_name, who, change, code) => {
    const chain = funded();
    const { id } = askTransfer(chain);
    expect(amend(chain, id, change, who).code).toBe(code);
    expect(lotFigures(chain, id)).toEqual([2, 40n, 0]);
  });

  test('is too late when the expiry has come and its work has not', () => {
    const chain = new TestChain(testGenesis({ parameters: { feePerTransaction: '0', feePerByte: '0', scheduledWorkPerBlockMax: '1' } }));
    fund(chain, 'alice');
    const expiresAt = chain.nowSec + 10;
    const lots = [askTransfer(chain, { amount: 1n, expiresAt }).id, askTransfer(chain, { amount: 2n, expiresAt }).id];
    const waiting = [...lots].sort((left, right) => Buffer.compare(left, right))[1] as Uint8Array;
    const late = chain.transaction('alice', 'RequestTransfer', {
      lot: lotField(waiting),
      to: addressOf('bob'),
      asset: 'mUSD',
      amount: 3n,
      expiresAt: 0,
      memo: '',
    });
    const confirm = chain.transaction('bob', 'ConfirmTransfer', { lot: lotField(waiting), revision: 0, amount: 1n });
    const reject = chain.transaction('bob', 'RejectTransfer', { lot: lotField(waiting), revision: 0, reason: '' });
    expect(chain.block([late, confirm, reject], expiresAt - chain.nowSec).receipts.map(({ code }) => code)).toEqual([
      'REQUEST_EXPIRED',
      'REQUEST_EXPIRED',
      'OK',
    ]);
  });
});

describe('ConfirmTransfer', () => {
  test.each([
    ['the payee, all', 'bob', 0, 40n, 'OK'],
    ['the payee, a part', 'bob', 0, 1n, 'OK'],
    ['the payee, nothing', 'bob', 0, 0n, 'AMOUNT_INVALID'],
    ['the payee, more than requested', 'bob', 0, 41n, 'AMOUNT_INVALID'],
    ['the payee, another revision', 'bob', 1, 40n, 'STALE_REVISION'],
    ['the payee, another revision and too much', 'bob', 1, 41n, 'STALE_REVISION'],
    ['the payer', 'alice', 0, 40n, 'NOT_PERMITTED'],
    ['a stranger', 'carol', 0, 40n, 'NOT_PERMITTED'],
    ['an arbiter, where no product holds the money', 'arbiter', 0, 40n, 'NOT_PERMITTED'],
    ['the payer, another revision', 'alice', 1, 40n, 'NOT_PERMITTED'],
  ])('by %s', (_name, who, revision, amount, code) => {
    const chain = funded();
    const { id } = askTransfer(chain);
    expect(chain.run(who, 'ConfirmTransfer', { lot: lotField(id), revision, amount }).code).toBe(code);
    expect(chain.lot(id)?.state).toBe(code === 'OK' ? 5 : 2);
  });

  test('of a part names the lot of the rest and its parent', () => {
    const chain = funded();
    const { id } = askTransfer(chain);
    chain.run('bob', 'ConfirmTransfer', { lot: lotField(id), revision: 0, amount: 25n });
    const [part, rest] = chain.blocks.at(-1)?.records ?? [];
    expect([part?.transaction.lot, part?.transaction.amount, part?.business.parentLot]).toEqual([id, 25n, new Uint8Array(32)]);
    expect([rest?.transaction.lot, rest?.transaction.amount, rest?.business.parentLot]).toEqual([splitLotId(cryptography, id, 1), 15n, id]);
    expect(chain.lot(id)).toMatchObject({ state: 5, amount: 0n, owner: addressOf('bob') });
    expect([openLots(chain, 'alice'), figures(chain, 'alice', 'bob')]).toEqual([
      0,
      [
        [75n, 0n, 0n],
        [25n, 0n, 0n],
      ],
    ]);
  });

  test('an arbiter confirms where the money lies in a product’s escrow, the escrow itself never', () => {
    const chain = funded();
    const { id } = askTransfer(chain);
    edit(chain, 'alice', { escrow: true });
    expect(chain.run('alice', 'ConfirmTransfer', { lot: lotField(id), revision: 0, amount: 40n }).code).toBe('NOT_PERMITTED');
    expect(chain.run('carol', 'ConfirmTransfer', { lot: lotField(id), revision: 0, amount: 40n }).code).toBe('NOT_PERMITTED');
    expect(chain.run('arbiter', 'ConfirmTransfer', { lot: lotField(id), revision: 0, amount: 40n }).code).toBe('OK');
    expect(chain.amount('bob', 'mUSD')).toBe(40n);
  });

  test.each([
    [-1, 'OK', 5],
    [0, 'DFSM_ILLEGAL', 5],
    [1, 'DFSM_ILLEGAL', 5],
  ])('at expiry %i s is %s', (offset, code, state) => {
    const chain = funded();
    const expiresAt = chain.nowSec + 10;
    const { id } = askTransfer(chain, { expiresAt });
    const confirm = chain.transaction('bob', 'ConfirmTransfer', { lot: lotField(id), revision: 0, amount: 40n });
    const block = chain.block([confirm], expiresAt + offset - chain.nowSec);
    expect([block.receipts[0]?.code, chain.lot(id)?.state, chain.amount('bob', 'mUSD')]).toEqual([code, state, code === 'OK' ? 40n : 0n]);
  });
});

describe('RejectTransfer', () => {
  test.each([
    ['the payee', 'bob', 0, 'OK'],
    ['the payer, who may take it back', 'alice', 0, 'OK'],
    ['an arbiter', 'arbiter', 0, 'OK'],
    ['a stranger', 'carol', 0, 'NOT_PERMITTED'],
    ['a gateway', 'gateway', 0, 'NOT_PERMITTED'],
    ['the payee, another revision', 'bob', 1, 'STALE_REVISION'],
    ['a stranger, another revision', 'carol', 1, 'NOT_PERMITTED'],
  ])('by %s', (_name, who, revision, code) => {
    const chain = funded();
    const { id } = askTransfer(chain);
    expect(chain.run(who, 'RejectTransfer', { lot: lotField(id), revision, reason: 'no' }).code).toBe(code);
    expect(figures(chain, 'alice', 'bob')).toEqual(
      code === 'OK'
        ? [
            [100n, 0n, 0n],
            [0n, 0n, 0n],
          ]
        : [
            [60n, 0n, 40n],
            [0n, 40n, 0n],
          ],
    );
  });

  test('by the payer is refused where the request is not revocable', () => {
    const chain = funded();
    const { id } = askTransfer(chain);
    chain.write((state) => {
      const lot = state.get(lotTable, id);
      if (lot !== undefined) state.set(lotTable, id, { ...lot, revocable: false });
    });
    const reject = (name: string) => chain.run(name, 'RejectTransfer', { lot: lotField(id), revision: 0, reason: '' }).code;
    expect([reject('alice'), reject('bob')]).toEqual(['NOT_PERMITTED', 'OK']);
  });

  test('of an unknown lot', () => {
    expect(funded().run('bob', 'RejectTransfer', { lot: UNKNOWN_ID, revision: 0, reason: '' }).code).toBe('UNKNOWN_LOT');
  });
});
