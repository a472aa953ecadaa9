import { FREEZE } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { accountTable, assetTable, holdingTable } from '../src/index.ts';
import { askCredit, askDeposit, askTransfer, askWithdrawal, fund, lotField, TERMS } from './support/requests.ts';
import { addressOf, NEW_LOT, TestChain, type TestRun } from './support/test-chain.ts';

/*
 * Goal: what each freeze forbids. Method: every operation with money, under a freeze of the account, the asset or the holding, of each
 * depth; the table names the weakest freeze that forbids it. Alice pays, lends or withdraws, bob receives or borrows.
 */

const { none, shallow, deep, legalHold } = FREEZE;
const never = legalHold + 1;
type Target = 'account' | 'holding' | 'asset';

const impose = (chain: TestChain, target: Target, name: string, freeze: number): void => {
  const owner = addressOf(name);
  chain.write((state) => {
    const account = state.get(accountTable, owner);
    const asset = state.get(assetTable, 'mUSD');
    const holding = state.get(holdingTable, { owner, asset: 'mUSD' });
    if (target === 'account' && account !== undefined) state.set(accountTable, owner, { ...account, freeze });
    if (target === 'asset' && asset !== undefined) state.set(assetTable, 'mUSD', { ...asset, freeze });
    if (target === 'holding' && holding !== undefined) state.set(holdingTable, { owner, asset: 'mUSD' }, { ...holding, freeze });
  });
};

type Row = {
  readonly what: string;
  /** Whose account or holding is frozen. */
  readonly frozen: 'alice' | 'bob';
  /** Weakest freeze of that account or holding that forbids it. */
  readonly from: number;
  /** Weakest freeze of the asset that forbids it, where that is another: it freezes both sides. */
  readonly assetFrom?: number;
  /** Runs before the freeze; returns the operation. */
  readonly prepare: (chain: TestChain) => () => TestRun;
};

const transferFields = { to: addressOf('bob'), asset: 'mUSD', amount: 5n, memo: '' };

const rows: readonly Row[] = [
  { what: 'E01', frozen: 'alice', from: never, prepare: (chain) => () => askDeposit(chain, 'alice') },
  {
    what: 'E02',
    frozen: 'alice',
    from: never,
    prepare: (chain) => {
      const { id } = askDeposit(chain, 'alice');
      return () => chain.run('gateway', 'RejectDeposit', { lot: lotField(id), revision: 0, reason: 'no' });
    },
  },
  {
    what: 'E03',
    frozen: 'alice',
    from: never,
    prepare: (chain) => {
      const { id } = askDeposit(chain, 'alice');
      return () => chain.run('gateway', 'ConfirmDeposit', { lot: lotField(id), revision: 0, amount: 100n, externalRef: 'x' });
    },
  },
  { what: 'E04 by the frozen', frozen: 'alice', from: shallow, prepare: (chain) => () => askTransfer(chain) },
  { what: 'E04 to the frozen', frozen: 'bob', from: never, assetFrom: shallow, prepare: (chain) => () => askTransfer(chain) },
  {
    what: 'E04 that amends',
    frozen: 'alice',
    from: shallow,
    prepare: (chain) => {
      const { id } = askTransfer(chain);
      return () => chain.run('alice', 'RequestTransfer', { lot: lotField(id), ...transferFields, expiresAt: 0 });
    },
  },
  {
    what: 'Transfer by the frozen',
    frozen: 'alice',
    from: shallow,
    prepare: (chain) => () => chain.run('alice', 'Transfer', transferFields),
  },
  {
    what: 'Transfer to the frozen',
    frozen: 'bob',
    from: deep,
    assetFrom: shallow,
    prepare: (chain) => () => chain.run('alice', 'Transfer', transferFields),
  },
  {
    what: 'Transfer to the frozen who confirms himself',
    frozen: 'bob',
    from: never,
    assetFrom: shallow,
    prepare: (chain) => {
      chain.run('bob', 'SetAccount', { autoAccept: false, dailyLimit: 0n });
      return () => chain.run('alice', 'Transfer', transferFields);
    },
  },
  {
    what: 'DelegatedTransfer of the frozen',
    frozen: 'alice',
    from: shallow,
    prepare: (chain) => {
      chain.run('alice', 'SetDelegate', { delegate: addressOf('carol'), asset: 'mUSD', dailyLimit: 9n, expiresAt: 0 });
      return () => chain.run('carol', 'DelegatedTransfer', { owner: addressOf('alice'), ...transferFields });
    },
  },
  {
    what: 'E05 by the frozen payee',
    frozen: 'bob',
    from: never,
    prepare: (chain) => {
      const { id } = askTransfer(chain);
      return () => chain.run('bob', 'RejectTransfer', { lot: lotField(id), revision: 0, reason: '' });
    },
  },
  {
    what: 'E05 back to the frozen payer',
    frozen: 'alice',
    from: never,
    prepare: (chain) => {
      const { id } = askTransfer(chain);
      return () => chain.run('bob', 'RejectTransfer', { lot: lotField(id), revision: 0, reason: '' });
    },
  },
  {
    what: 'E06 into the frozen',
    frozen: 'bob',
    from: deep,
    prepare: (chain) => {
      const { id } = askTransfer(chain);
      return () => chain.run('bob', 'ConfirmTransfer', { lot: lotField(id), revision: 0, amount: 40n });
    },
  },
  {
    what: 'E06 out of the frozen',
    frozen: 'alice',
    from: never,
    assetFrom: deep,
    prepare: (chain) => {
      const { id } = askTransfer(chain);
      return () => chain.run('bob', 'ConfirmTransfer', { lot: lotField(id), revision: 0, amount: 40n });
    },
  },
  { what: 'E07 by the frozen lender', frozen: 'alice', from: shallow, prepare: (chain) => () => askCredit(chain, 'alice') },
  { what: 'E07 by the frozen borrower', frozen: 'bob', from: shallow, prepare: (chain) => () => askCredit(chain, 'bob') },
  {
    what: 'E07 that amends',
    frozen: 'alice',
    from: shallow,
    prepare: (chain) => {
      const { id } = askCredit(chain, 'alice');
      const parties = { lender: addressOf('alice'), borrower: addressOf('bob') };
      const terms = { asset: 'mUSD', amount: 5n, termsHash: TERMS, dueAt: chain.nowSec + 1000, expiresAt: 0 };
      return () => chain.run('alice', 'RequestCredit', { lot: lotField(id), ...parties, ...terms });
    },
  },
  {
    what: 'E08',
    frozen: 'alice',
    from: never,
    prepare: (chain) => {
      const { id } = askCredit(chain, 'alice');
      return () => chain.run('alice', 'RejectCredit', { lot: lotField(id), revision: 0, reason: '' });
    },
  },
  {
    what: 'E09 into the frozen borrower',
    frozen: 'bob',
    from: deep,
    prepare: (chain) => {
      const { id } = askCredit(chain, 'alice');
      return () => chain.run('bob', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS });
    },
  },
  {
    what: 'E09 by the frozen lender, who spends now',
    frozen: 'alice',
    from: shallow,
    prepare: (chain) => {
      const { id } = askCredit(chain, 'bob');
      return () => chain.run('alice', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS });
    },
  },
  {
    what: 'E09 of an application into the frozen borrower',
    frozen: 'bob',
    from: deep,
    assetFrom: shallow,
    prepare: (chain) => {
      const { id } = askCredit(chain, 'bob');
      return () => chain.run('alice', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS });
    },
  },
  {
    what: 'repaying by the frozen borrower',
    frozen: 'bob',
    from: shallow,
    prepare: (chain) => {
      const { id } = askCredit(chain, 'alice');
      chain.run('bob', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS });
      return () => chain.run('bob', 'RepayCredit', { debt: lotField(id), amount: 1n });
    },
  },
  {
    what: 'repaying into the frozen lender',
    frozen: 'alice',
    from: deep,
    assetFrom: shallow,
    prepare: (chain) => {
      const { id } = askCredit(chain, 'alice');
      chain.run('bob', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: TERMS });
      return () => chain.run('bob', 'RepayCredit', { debt: lotField(id), amount: 1n });
    },
  },
  { what: 'E10', frozen: 'alice', from: shallow, prepare: (chain) => () => askWithdrawal(chain) },
  {
    what: 'E10 that amends',
    frozen: 'alice',
    from: shallow,
    prepare: (chain) => {
      const { id } = askWithdrawal(chain);
      const fields = { asset: 'mUSD', amount: 5n, destination: 'IBAN 2', expiresAt: 0 };
      return () => chain.run('alice', 'RequestWithdrawal', { lot: lotField(id), ...fields });
    },
  },
  {
    what: 'E10 of everything',
    frozen: 'alice',
    from: shallow,
    prepare: (chain) => () => chain.run('alice', 'CloseHolding', { asset: 'mUSD', destination: 'IBAN 1' }),
  },
  {
    what: 'E11',
    frozen: 'alice',
    from: never,
    prepare: (chain) => {
      const { id } = askWithdrawal(chain);
      return () => chain.run('alice', 'RejectWithdrawal', { lot: lotField(id), revision: 0, reason: '' });
    },
  },
  {
    what: 'E12',
    frozen: 'alice',
    from: legalHold,
    prepare: (chain) => {
      const { id } = askWithdrawal(chain);
      return () => chain.run('gateway', 'ConfirmWithdrawal', { lot: lotField(id), revision: 0, externalRef: 'out' });
    },
  },
];

const targets: readonly Target[] = ['account', 'holding', 'asset'];
const cases = rows.flatMap((row) =>
  targets.map((target) => ({ ...row, target, weakest: target === 'asset' ? (row.assetFrom ?? row.from) : row.from })),
);

describe('a freeze', () => {
  test.each(cases)('of the $target of $frozen: $what', ({ target, frozen, weakest, prepare }) => {
    const codes = [none, shallow, deep, legalHold].map((freeze) => {
      const chain = new TestChain();
      fund(chain, 'alice');
      fund(chain, 'bob');
      const operation = prepare(chain);
      impose(chain, target, frozen, freeze);
      return operation().code;
    });
    expect(codes).toEqual([none, shallow, deep, legalHold].map((freeze) => (freeze >= weakest ? 'FROZEN' : 'OK')));
  });

  test('of one asset leaves the others alone', () => {
    const chain = new TestChain();
    fund(chain, 'alice');
    impose(chain, 'holding', 'alice', legalHold);
    expect(chain.run('alice', 'Transfer', { ...transferFields, asset: 'MTN' }).code).toBe('OK');
    const other = { lot: NEW_LOT, asset: 'mBOND', amount: 1n, reference: '', expiresAt: 0 };
    expect(chain.run('alice', 'RequestDeposit', other).code).toBe('OK');
  });

  test('does not keep a request from expiring', () => {
    const chain = new TestChain();
    fund(chain, 'alice');
    askTransfer(chain, { expiresAt: chain.nowSec + 5 });
    impose(chain, 'account', 'alice', legalHold);
    expect(chain.wait(4)).toEqual(['S2 E05 40 mUSD reject (expired)']);
    expect(chain.amount('alice', 'mUSD')).toBe(100n);
  });
});
