import { EMPTY_HOLDING } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { accountTable, debtTable, feeEscrow, holdingTable } from '../src/index.ts';
import { activate, askCredit, fund, lotField, lotFigures, TERMS, UNKNOWN_ID } from './support/requests.ts';
import { addressOf, cryptography, NEW_LOT, type OwnFields, TestChain } from './support/test-chain.ts';

/*
 * Goal (D13 and the cells of E07 to E09): offers and applications for credit, the debt they leave and its repayment.
 * Method: alice lends to bob; codes, records, figures of both sides and the debt are compared.
 */

const OTHER_TERMS = new Uint8Array(32).fill(8) as never;

const funded = (amount = 100n): TestChain => {
  const chain = new TestChain();
  fund(chain, 'alice', amount);
  activate(chain, 'bob');
  return chain;
};

const figures = (chain: TestChain) =>
  ['alice', 'bob'].map((name) => {
    const { amount, pendingIn, pendingOut } = chain.holding(name, 'mUSD');
    return [amount, pendingIn, pendingOut];
  });

const openCounts = (chain: TestChain) =>
  ['alice', 'bob'].map((name) => {
    const account = chain.read(accountTable, addressOf(name));
    return [account?.openLots ?? 0, account?.openDebts ?? 0];
  });

const parties = { lender: addressOf('alice'), borrower: addressOf('bob') };
const confirm = (chain: TestChain, name: string, id: Uint8Array, change: Partial<OwnFields<'ConfirmCredit'>> = {}) =>
  chain.run(name, 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS, ...change });
const amend = (chain: TestChain, name: string, id: Uint8Array, change: Partial<OwnFields<'RequestCredit'>> = {}) =>
  chain.run(name, 'RequestCredit', {
    lot: lotField(id),
    ...parties,
    asset: 'mUSD',
    amount: 40n,
    termsHash: OTHER_TERMS,
    dueAt: chain.nowSec + 500,
    expiresAt: 0,
    ...change,
  });

describe('D13 credit of 500', () => {
  test('offered and accepted', () => {
    const chain = funded(800n);
    const offer = askCredit(chain, 'alice', { amount: 500n });
    expect([offer.code, offer.records, lotFigures(chain, offer.id), figures(chain), openCounts(chain)]).toEqual([
      'OK',
      ['S5 E07 500 mUSD offer'],
      [3, 500n, 0],
      [
        [300n, 0n, 500n],
        [0n, 500n, 0n],
      ],
      [
        [1, 0],
        [0, 0],
      ],
    ]);
    const { dueAt } = chain.lot(offer.id) ?? {};
    const accepted = confirm(chain, 'bob', offer.id);
    expect([accepted.code, accepted.records, figures(chain), openCounts(chain), chain.supply('mUSD')]).toEqual([
      'OK',
      ['S3 E09 500 mUSD confirm'],
      [
        [300n, 0n, 0n],
        [500n, 0n, 0n],
      ],
      [
        [0, 1],
        [0, 1],
      ],
      800n,
    ]);
    expect(chain.read(debtTable, offer.id)).toEqual({
      ...parties,
      asset: 'mUSD',
      principal: 500n,
      outstanding: 500n,
      termsHash: TERMS,
      dueAt,
    });
    expect(chain.lot(offer.id)).toMatchObject({ state: 5, amount: 0n, owner: addressOf('bob') });
  });

  test('applied for and granted', () => {
    const chain = funded(800n);
    const application = askCredit(chain, 'bob', { amount: 500n });
    expect([application.records, lotFigures(chain, application.id), figures(chain), openCounts(chain)]).toEqual([
      ['S5 E07 500 mUSD apply'],
      [3, 0n, 0],
      [
        [800n, 0n, 0n],
        [0n, 500n, 0n],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ]);
    const granted = confirm(chain, 'alice', application.id);
    expect([granted.code, granted.records, figures(chain), openCounts(chain), chain.supply('mUSD')]).toEqual([
      'OK',
      ['S3 E09 500 mUSD confirm'],
      [
        [300n, 0n, 0n],
        [500n, 0n, 0n],
      ],
      [
        [0, 1],
        [0, 1],
      ],
      800n,
    ]);
    expect(chain.read(debtTable, application.id)).toMatchObject({ ...parties, outstanding: 500n });
    const [record] = chain.blocks.at(-1)?.records ?? [];
    expect([record?.transaction.from, record?.transaction.to]).toEqual([parties.lender, parties.borrower]);
  });
});

describe('RequestCredit', () => {
  const start = funded().nowSec + 1;
  const fields = { lot: NEW_LOT, ...parties, asset: 'mUSD', amount: 40n, termsHash: TERMS, dueAt: start + 1000, expiresAt: 0 };
  test.each<[string, string, Partial<OwnFields<'RequestCredit'>>, string]>([
    ['by neither side', 'carol', {}, 'NOT_PERMITTED'],
    ['by neither side, of an unknown lot', 'carol', { lot: UNKNOWN_ID }, 'NOT_PERMITTED'],
    ['of an unknown lot', 'alice', { lot: UNKNOWN_ID }, 'UNKNOWN_LOT'],
    ['of an unknown asset', 'alice', { asset: 'mNONE' }, 'UNKNOWN_ASSET'],
    ['an offer of everything', 'alice', { amount: 100n }, 'OK'],
    ['an offer above what there is', 'alice', { amount: 101n }, 'INSUFFICIENT_BALANCE'],
    ['an application above what there is', 'bob', { amount: 101n }, 'OK'],
    ['an offer of nothing', 'alice', { amount: 0n }, 'AMOUNT_INVALID'],
    ['an application for nothing', 'bob', { amount: 0n }, 'AMOUNT_INVALID'],
    ['to oneself', 'alice', { borrower: addressOf('alice') }, 'INVALID_COUNTERPARTY'],
    ['to an escrow', 'alice', { borrower: feeEscrow(cryptography) }, 'INVALID_COUNTERPARTY'],
    ['from an escrow', 'bob', { lender: feeEscrow(cryptography) }, 'INVALID_COUNTERPARTY'],
    ['due now', 'alice', { dueAt: start }, 'INVALID_FIELD'],
    ['due in a second', 'alice', { dueAt: start + 1 }, 'OK'],
    ['expired now', 'alice', { expiresAt: start }, 'REQUEST_EXPIRED'],
    ['expired now, above what there is', 'alice', { expiresAt: start, amount: 101n }, 'REQUEST_EXPIRED'],
    ['expiring in a second', 'alice', { expiresAt: start + 1 }, 'OK'],
    ['expiring after a year', 'alice', { expiresAt: start + 31_536_001 }, 'INVALID_FIELD'],
  ])('%s', (_name, who, change, code) => {
    expect(funded().run(who, 'RequestCredit', { ...fields, ...change }).code).toBe(code);
  });

  test.each(['alice', 'bob'] as const)('by %s with too many requests open', (opener) => {
    const chain = funded();
    chain.write((state) => {
      const account = state.get(accountTable, addressOf(opener));
      if (account !== undefined) state.set(accountTable, addressOf(opener), { ...account, openLots: 64 });
    });
    expect(askCredit(chain, opener, { amount: 0n }).code).toBe('LIMIT_EXCEEDED');
  });
});

describe('an application', () => {
  const fields = { lot: NEW_LOT, ...parties, asset: 'mUSD', amount: 40n, termsHash: TERMS, dueAt: 2 ** 40, expiresAt: 0 };
  const chainWith = (state: number) => {
    const chain = new TestChain();
    chain.write((overlay) => {
      if (state !== 0) overlay.set(holdingTable, { owner: addressOf('bob'), asset: 'mUSD' }, { ...EMPTY_HOLDING, state });
    });
    return chain;
  };

  test.each([
    ['never funded', 0, 'DFSM_ILLEGAL'],
    ['active, though nothing is left', 5, 'OK'],
    ['closed', 6, 'DFSM_ILLEGAL'],
  ])('from a main lot that is %s (S%i) is %s', (_name, state, code) => {
    const chain = chainWith(state);
    const before = chain.entriesBut('bob');
    const { code: said, records } = chain.run('bob', 'RequestCredit', fields);
    const unchanged = before.size === chain.entriesBut('bob').size;
    expect([said, records, unchanged]).toEqual([code, code === 'OK' ? ['S5 E07 40 mUSD apply'] : [], code !== 'OK']);
  });

  test('from a main lot that is not active is refused for that before its times, and after its asset', () => {
    const codes = [{ asset: 'mNONE' }, { expiresAt: 1 }, { amount: 0n }].map(
      (change) => chainWith(0).run('bob', 'RequestCredit', { ...fields, ...change }).code,
    );
    expect(codes).toEqual(['UNKNOWN_ASSET', 'DFSM_ILLEGAL', 'DFSM_ILLEGAL']);
  });

  test('is not needed by who has never held the asset: credit can be offered', () => {
    const chain = chainWith(0);
    fund(chain, 'alice');
    const { id } = askCredit(chain, 'alice');
    expect([confirm(chain, 'bob', id).code, chain.holding('bob', 'mUSD')]).toEqual([
      'OK',
      { amount: 40n, state: 5, pendingIn: 0n, pendingOut: 0n },
    ]);
  });
});

describe('an amendment of credit', () => {
  test('of an offer holds the new amount and turns to another borrower', () => {
    const chain = funded();
    const { id } = askCredit(chain, 'alice');
    expect(amend(chain, 'alice', id, { amount: 100n }).records).toEqual(['S3 E07 100 mUSD amend']);
    expect(figures(chain)).toEqual([
      [0n, 0n, 100n],
      [0n, 100n, 0n],
    ]);
    amend(chain, 'alice', id, { amount: 10n, borrower: addressOf('carol') });
    expect([figures(chain), chain.holding('carol', 'mUSD').pendingIn, lotFigures(chain, id)]).toEqual([
      [
        [90n, 0n, 10n],
        [0n, 0n, 0n],
      ],
      10n,
      [3, 10n, 2],
    ]);
    expect([
      confirm(chain, 'bob', id, { revision: 2, termsHash: OTHER_TERMS }).code,
      confirm(chain, 'carol', id, { revision: 2, termsHash: OTHER_TERMS }).code,
    ]).toEqual(['NOT_PERMITTED', 'OK']);
  });

  test('of an application changes what is asked for and holds nothing', () => {
    const chain = funded();
    const { id } = askCredit(chain, 'bob');
    amend(chain, 'bob', id, { amount: 90n, expiresAt: chain.nowSec + 60 });
    expect([figures(chain), chain.lot(id)?.requested, lotFigures(chain, id), chain.lot(id)?.termsHash]).toEqual([
      [
        [100n, 0n, 0n],
        [0n, 90n, 0n],
      ],
      90n,
      [3, 0n, 1],
      OTHER_TERMS,
    ]);
    expect(chain.wait(61)).toEqual(['S3 E08 90 mUSD reject (expired)']);
    expect(figures(chain)[1]).toEqual([0n, 0n, 0n]);
  });

  const start = funded().nowSec;
  test.each<[string, string, Partial<OwnFields<'RequestCredit'>>, string]>([
    ['by the other side', 'bob', {}, 'NOT_PERMITTED'],
    ['above what there is', 'alice', { amount: 101n }, 'INSUFFICIENT_BALANCE'],
    ['to nothing', 'alice', { amount: 0n }, 'AMOUNT_INVALID'],
    ['to another asset', 'alice', { asset: 'MTN' }, 'INVALID_FIELD'],
    ['from an offer to an application', 'alice', { lender: addressOf('bob'), borrower: addressOf('alice') }, 'INVALID_FIELD'],
    ['to oneself', 'alice', { borrower: addressOf('alice') }, 'INVALID_COUNTERPARTY'],
    ['to a time that is past', 'alice', { expiresAt: start }, 'REQUEST_EXPIRED'],
    ['due in the past', 'alice', { dueAt: start }, 'INVALID_FIELD'],
  ])('%s', (_name, who, change, code) => {
    const chain = funded();
    const { id } = askCredit(chain, 'alice');
    expect(amend(chain, who, id, change).code).toBe(code);
    expect(lotFigures(chain, id)).toEqual([3, 40n, 0]);
  });

  test('of an application to an offer', () => {
    const chain = funded();
    fund(chain, 'bob');
    const { id } = askCredit(chain, 'bob');
    expect(amend(chain, 'bob', id, { lender: addressOf('bob'), borrower: addressOf('alice') }).code).toBe('INVALID_FIELD');
  });
});

describe('ConfirmCredit', () => {
  test.each<[string, string, Partial<OwnFields<'ConfirmCredit'>>, string]>([
    ['by the borrower', 'bob', {}, 'OK'],
    ['by the lender who offered', 'alice', {}, 'NOT_PERMITTED'],
    ['by a stranger', 'carol', {}, 'NOT_PERMITTED'],
    ['by an arbiter', 'arbiter', {}, 'NOT_PERMITTED'],
    ['quoting another revision', 'bob', { revision: 1 }, 'STALE_REVISION'],
    ['quoting other terms', 'bob', { termsHash: OTHER_TERMS }, 'TERMS_MISMATCH'],
    ['quoting another revision and other terms', 'bob', { revision: 1, termsHash: OTHER_TERMS }, 'STALE_REVISION'],
    ['of an unknown lot', 'bob', { lot: UNKNOWN_ID }, 'UNKNOWN_LOT'],
  ])('%s', (_name, who, change, code) => {
    const chain = funded();
    const { id } = askCredit(chain, 'alice');
    expect(confirm(chain, who, id, change).code).toBe(code);
    expect(chain.read(debtTable, id) === undefined).toBe(code !== 'OK');
  });

  test('of an application needs the money, and that comes before the terms', () => {
    const chain = funded();
    const { id } = askCredit(chain, 'bob', { amount: 101n });
    expect([confirm(chain, 'bob', id).code, confirm(chain, 'alice', id, { termsHash: OTHER_TERMS }).code]).toEqual([
      'NOT_PERMITTED',
      'INSUFFICIENT_BALANCE',
    ]);
    fund(chain, 'alice', 1n);
    expect([confirm(chain, 'alice', id, { termsHash: OTHER_TERMS }).code, confirm(chain, 'alice', id).code]).toEqual([
      'TERMS_MISMATCH',
      'OK',
    ]);
  });

  test.each([
    [-1, 'OK'],
    [0, 'DFSM_ILLEGAL'],
    [1, 'DFSM_ILLEGAL'],
  ])('at expiry %i s is %s', (offset, code) => {
    const chain = funded();
    const expiresAt = chain.nowSec + 10;
    const { id } = askCredit(chain, 'alice', { expiresAt });
    const late = chain.transaction('bob', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS });
    expect(chain.block([late], expiresAt + offset - chain.nowSec).receipts[0]?.code).toBe(code);
    expect(figures(chain)[0]).toEqual(code === 'OK' ? [60n, 0n, 0n] : [100n, 0n, 0n]);
  });
});

describe('a credit that is due', () => {
  const confirmAt = (offset: number, change: Partial<OwnFields<'ConfirmCredit'>> = {}) => {
    const chain = funded();
    const { id } = askCredit(chain, 'alice');
    const dueAt = chain.lot(id)?.dueAt ?? 0;
    // Near the end, so that the transaction itself is not out of date.
    chain.wait(dueAt - 100 - chain.nowSec);
    const late = chain.transaction('bob', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS, ...change });
    const code = chain.block([late], dueAt + offset - chain.nowSec).receipts[0]?.code;
    return { code, chain, id };
  };

  test.each([
    [-1, 'OK'],
    [0, 'REQUEST_EXPIRED'],
    [1, 'REQUEST_EXPIRED'],
  ])('is confirmed at %i s with %s', (offset, code) => {
    const { chain, code: said, id } = confirmAt(offset);
    expect([said, chain.read(debtTable, id) === undefined, lotFigures(chain, id)]).toEqual([
      code,
      code !== 'OK',
      code === 'OK' ? [5, 0n, 0] : [3, 40n, 0],
    ]);
    expect(figures(chain)[0]).toEqual(code === 'OK' ? [60n, 0n, 0n] : [60n, 0n, 40n]);
  });

  test('is refused for that before its terms are compared, and after its revision', () => {
    expect([confirmAt(0, { termsHash: OTHER_TERMS }).code, confirmAt(0, { revision: 1 }).code]).toEqual([
      'REQUEST_EXPIRED',
      'STALE_REVISION',
    ]);
  });

  test('can still be taken back', () => {
    const { chain, id } = confirmAt(0);
    expect([chain.run('alice', 'RejectCredit', { lot: lotField(id), revision: 0, reason: '' }).code, figures(chain)[0]]).toEqual([
      'OK',
      [100n, 0n, 0n],
    ]);
  });
});

describe('RejectCredit', () => {
  test.each(['alice', 'bob'] as const)('of what %s opened, by either side, leaves no trace in the figures', (opener) => {
    for (const who of ['alice', 'bob']) {
      const chain = funded();
      const { id } = askCredit(chain, opener);
      const { code, records } = chain.run(who, 'RejectCredit', { lot: lotField(id), revision: 0, reason: 'no' });
      expect([code, records, lotFigures(chain, id), figures(chain), openCounts(chain)]).toEqual([
        'OK',
        ['S3 E08 40 mUSD reject (no)'],
        [5, 0n, 0],
        [
          [100n, 0n, 0n],
          [0n, 0n, 0n],
        ],
        [
          [0, 0],
          [0, 0],
        ],
      ]);
      const [record] = chain.blocks.at(-1)?.records ?? [];
      expect([record?.transaction.from, record?.transaction.to]).toEqual([parties.lender, parties.borrower]);
    }
  });

  test.each([
    ['by a stranger', 'carol', 0, 'NOT_PERMITTED'],
    ['by an arbiter', 'arbiter', 0, 'NOT_PERMITTED'],
    ['quoting another revision', 'bob', 1, 'STALE_REVISION'],
  ])('%s', (_name, who, revision, code) => {
    const chain = funded();
    const { id } = askCredit(chain, 'alice');
    expect(chain.run(who, 'RejectCredit', { lot: lotField(id), revision, reason: '' }).code).toBe(code);
  });
});

describe('RepayCredit', () => {
  const lent = () => {
    const chain = funded();
    const { id } = askCredit(chain, 'alice');
    confirm(chain, 'bob', id);
    const repay = (amount: bigint, name = 'bob') => chain.run(name, 'RepayCredit', { debt: lotField(id), amount });
    return { chain, id, repay };
  };

  test('in parts, by records that quote the debt', () => {
    const { chain, id, repay } = lent();
    const part = repay(15n);
    expect([part.code, part.records, figures(chain), chain.read(debtTable, id)?.outstanding]).toEqual([
      'OK',
      ['S5 E04 15 mUSD repay', 'S2 E06 15 mUSD repay'],
      [
        [75n, 0n, 0n],
        [25n, 0n, 0n],
      ],
      25n,
    ]);
    expect(chain.blocks.at(-1)?.records.map(({ business }) => [business.product, business.productId])).toEqual([
      ['credit', id],
      ['credit', id],
    ]);
    expect([openCounts(chain), repay(25n).code, openCounts(chain), chain.read(debtTable, id)?.outstanding]).toEqual([
      [
        [0, 1],
        [0, 1],
      ],
      'OK',
      [
        [0, 0],
        [0, 0],
      ],
      0n,
    ]);
    expect([repay(1n).code, chain.read(debtTable, id)?.principal]).toEqual(['INSUFFICIENT_BALANCE', 40n]);
  });

  test.each<[string, bigint, string, string]>([
    ['nothing', 0n, 'bob', 'AMOUNT_INVALID'],
    ['more than is owed', 41n, 'bob', 'AMOUNT_INVALID'],
    ['more than there is', 141n, 'bob', 'INSUFFICIENT_BALANCE'],
    ['by the lender', 40n, 'alice', 'NOT_PERMITTED'],
    ['by a stranger', 40n, 'carol', 'NOT_PERMITTED'],
  ])('%s', (_name, amount, who, code) => {
    const { chain, id, repay } = lent();
    fund(chain, 'bob');
    expect([repay(amount, who).code, chain.read(debtTable, id)?.outstanding]).toEqual([code, 40n]);
  });

  test('of an unknown debt', () => {
    expect(funded().run('bob', 'RepayCredit', { debt: UNKNOWN_ID, amount: 1n }).code).toBe('UNKNOWN_DEBT');
  });
});
