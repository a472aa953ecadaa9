import { describe, expect, test } from 'vitest';
import { accountTable, assetTable, effectiveLevel, SPENDING_LEVELS } from '../src/index.ts';
import { askCredit, askDeposit, askTransfer, askWithdrawal, fund, lotField, TERMS } from './support/requests.ts';
import { addressOf, START_SEC, TestChain, type TestRun } from './support/test-chain.ts';

/*
 * Goal: which level each use of money needs, when a level counts as expired, and what an asset may demand besides (D11).
 * Method: the same operations under every level; the second before, at and after an expiry.
 */

const setLevel = (chain: TestChain, name: string, level: number, levelExpiresAt = 0): void => {
  chain.write((state) => {
    const account = state.get(accountTable, addressOf(name));
    if (account !== undefined) state.set(accountTable, addressOf(name), { ...account, level, levelExpiresAt });
  });
};

const chainWithMoney = (): TestChain => {
  const chain = new TestChain();
  fund(chain, 'alice');
  fund(chain, 'bob');
  return chain;
};

type Row = readonly [what: string, who: 'alice' | 'bob', least: number, prepare: (chain: TestChain) => () => TestRun];

const payment = { to: addressOf('carol'), asset: 'mUSD', amount: 5n, memo: '' };

const rows: readonly Row[] = [
  ['asking for a deposit', 'alice', 0, (chain) => () => askDeposit(chain, 'alice')],
  ['joining', 'alice', 0, (chain) => () => chain.run('alice', 'Join', {})],
  [
    'receiving',
    'bob',
    0,
    (chain) => {
      const { id } = askTransfer(chain);
      return () => chain.run('bob', 'ConfirmTransfer', { lot: lotField(id), revision: 0, amount: 40n });
    },
  ],
  [
    'taking money back',
    'alice',
    0,
    (chain) => {
      const { id } = askTransfer(chain);
      return () => chain.run('alice', 'RejectTransfer', { lot: lotField(id), revision: 0, reason: '' });
    },
  ],
  [
    'borrowing what was offered',
    'bob',
    0,
    (chain) => {
      const { id } = askCredit(chain, 'alice');
      return () => chain.run('bob', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS });
    },
  ],
  [
    'repaying',
    'bob',
    SPENDING_LEVELS.premium,
    (chain) => {
      const { id } = askCredit(chain, 'alice');
      chain.run('bob', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS });
      return () => chain.run('bob', 'RepayCredit', { debt: lotField(id), amount: 1n });
    },
  ],
  ['a plain transfer', 'alice', SPENDING_LEVELS.transfer, (chain) => () => chain.run('alice', 'Transfer', payment)],
  ['asking somebody to accept', 'alice', SPENDING_LEVELS.transfer, (chain) => () => askTransfer(chain)],
  [
    'a delegate’s transfer, by the owner’s level',
    'alice',
    SPENDING_LEVELS.transfer,
    (chain) => {
      chain.run('alice', 'SetDelegate', { delegate: addressOf('newcomer'), asset: 'mUSD', dailyLimit: 9n, expiresAt: 0 });
      return () => chain.run('newcomer', 'DelegatedTransfer', { owner: addressOf('alice'), ...payment });
    },
  ],
  ['offering credit', 'alice', SPENDING_LEVELS.transfer, (chain) => () => askCredit(chain, 'alice')],
  ['applying for credit', 'bob', SPENDING_LEVELS.transfer, (chain) => () => askCredit(chain, 'bob')],
  [
    'lending to an applicant',
    'alice',
    SPENDING_LEVELS.transfer,
    (chain) => {
      const { id } = askCredit(chain, 'bob');
      return () => chain.run('alice', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS });
    },
  ],
  ['withdrawing', 'alice', SPENDING_LEVELS.withdrawal, (chain) => () => askWithdrawal(chain)],
  [
    'withdrawing everything',
    'alice',
    SPENDING_LEVELS.withdrawal,
    (chain) => () => chain.run('alice', 'CloseHolding', { asset: 'mUSD', destination: 'x' }),
  ],
];

test('levels by purpose are those of the rules', () => {
  expect(SPENDING_LEVELS).toEqual({ join: 0, premium: 1, transfer: 2, withdrawal: 2 });
});

describe('the level needed', () => {
  test.each(rows)('for %s', (_what, who, least, prepare) => {
    const codes = [0, 1, 2, 3].map((level) => {
      const chain = chainWithMoney();
      const operation = prepare(chain);
      setLevel(chain, who, level);
      return operation().code;
    });
    expect(codes).toEqual([0, 1, 2, 3].map((level) => (level >= least ? 'OK' : 'LEVEL_TOO_LOW')));
  });

  test.each([
    ['transferring', 'LEVEL_TOO_LOW', (chain: TestChain) => chain.run('alice', 'Transfer', payment)],
    [
      'amending',
      'LEVEL_TOO_LOW',
      (chain: TestChain, id: Uint8Array) => chain.run('alice', 'RequestTransfer', { ...payment, lot: lotField(id), expiresAt: 0 }),
    ],
    ['withdrawing', 'LEVEL_TOO_LOW', (chain: TestChain) => askWithdrawal(chain)],
    ['depositing', 'OK', (chain: TestChain) => askDeposit(chain, 'alice')],
    [
      'repaying',
      'OK',
      (chain: TestChain, _id: Uint8Array, debt: Uint8Array) => chain.run('bob', 'RepayCredit', { debt: lotField(debt), amount: 1n }),
    ],
  ])('may be set higher by the asset: %s is %s', (_what, code, operation) => {
    const chain = chainWithMoney();
    const { id } = askTransfer(chain, { amount: 10n });
    const debt = askCredit(chain, 'alice').id;
    chain.run('bob', 'ConfirmCredit', { lot: lotField(debt), revision: 0, termsHash: TERMS });
    chain.write((state) => {
      const asset = state.get(assetTable, 'mUSD');
      if (asset !== undefined) state.set(assetTable, 'mUSD', { ...asset, minLevel: 3 });
    });
    expect(operation(chain, id, debt).code).toBe(code);
    setLevel(chain, 'alice', 3);
    expect(operation(chain, id, debt).code).toBe('OK');
  });
});

describe('an expiry', () => {
  test.each([
    [-1, ['OK', 'OK', 'OK']],
    [0, ['LEVEL_TOO_LOW', 'LEVEL_TOO_LOW', 'OK']],
    [1, ['LEVEL_TOO_LOW', 'LEVEL_TOO_LOW', 'OK']],
  ])('at t%i: transfer, withdrawal, repayment are %j', (offset, codes) => {
    const expiresAt = START_SEC + 100;
    const chain = chainWithMoney();
    const { id } = askCredit(chain, 'alice');
    chain.run('bob', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS });
    for (const name of ['alice', 'bob']) setLevel(chain, name, 2, expiresAt);
    const withdrawal = { lot: new Uint8Array(32) as never, asset: 'mUSD', amount: 1n, destination: 'x', expiresAt: 0 };
    const transactions = [
      chain.transaction('alice', 'Transfer', payment),
      chain.transaction('alice', 'RequestWithdrawal', withdrawal),
      chain.transaction('bob', 'RepayCredit', { debt: lotField(id), amount: 1n }),
    ];
    const { receipts } = chain.block(transactions, expiresAt + offset - chain.nowSec);
    expect(receipts.map(({ code }) => code)).toEqual(codes);
  });

  test.each([
    [0, 5, 4, 0],
    [1, 5, 6, 1],
    [2, 5, 4, 2],
    [2, 5, 5, 1],
    [3, 5, 4, 3],
    [3, 5, 6, 1],
    [3, 0, 6, 3],
  ])('level %i until %i counts at %i as %i', (level, levelExpiresAt, nowSec, effective) => {
    expect(effectiveLevel({ level, levelExpiresAt } as never, nowSec)).toBe(effective);
  });
});
