import { RESULT_CODES, type ResultCode, type TransactionType } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { accountTable } from '../src/index.ts';
import { askCredit, askDeposit, askTransfer, askWithdrawal, fund, lotField, TERMS } from './support/requests.ts';
import { addressOf, NEW_LOT, type OwnFields, START_SEC, TestChain } from './support/test-chain.ts';

/*
 * Goal: when several reasons apply, the earliest in the documented order is reported. Method: for each operation a list of single faults,
 * each with its code; then every pair of faults at once. Faults of the same field are not combined. For an input that names a lot,
 * UNKNOWN_LOT and DFSM_ILLEGAL come before NOT_PERMITTED, because authority follows from the request (decision 12).
 */

type Fault = {
  readonly code: ResultCode;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Fields it is about though it leaves them alone. */
  readonly about?: readonly string[];
  /** Another sender. */
  readonly sender?: string;
  readonly account?: {
    readonly name: string;
    readonly level?: number;
    readonly freeze?: number;
    readonly openLots?: number;
    readonly dailyLimit?: bigint;
  };
};

type Case = {
  readonly type: TransactionType;
  readonly sender: string;
  readonly prepare: (chain: TestChain) => object;
  readonly faults: readonly Fault[];
  readonly namesLot?: boolean;
};

const level = (name: string): Fault => ({ code: 'LEVEL_TOO_LOW', account: { name, level: 1 } });
const frozen = (name: string, freeze = 1): Fault => ({ code: 'FROZEN', account: { name, freeze } });
const unknownAsset: Fault = { code: 'UNKNOWN_ASSET', fields: { asset: 'mNONE' } };
const expired: Fault = { code: 'REQUEST_EXPIRED', fields: { expiresAt: START_SEC } };
const tooLate: Fault = { code: 'INVALID_FIELD', fields: { expiresAt: START_SEC + 50_000_000 } };
const tooMuch: Fault = { code: 'INSUFFICIENT_BALANCE', fields: { amount: 1001n } };
const nothing: Fault = { code: 'AMOUNT_INVALID', fields: { amount: 0n } };
const toOneself: Fault = { code: 'INVALID_COUNTERPARTY', fields: { to: addressOf('alice') } };
const tooMany: Fault = { code: 'LIMIT_EXCEEDED', account: { name: 'alice', openLots: 64 } };
const limited: Fault = { code: 'LIMIT_EXCEEDED', about: ['amount'], account: { name: 'alice', dailyLimit: 1n } };
const unknownLot: Fault = { code: 'UNKNOWN_LOT', fields: { lot: new Uint8Array(32).fill(9) } };
const stale: Fault = { code: 'STALE_REVISION', fields: { revision: 3 } };
const stranger: Fault = { code: 'NOT_PERMITTED', sender: 'carol' };
const usedReference: Fault = { code: 'REFERENCE_USED', fields: { externalRef: 'in-1' } };
const noReference: Fault = { code: 'INVALID_FIELD', fields: { externalRef: '' } };

const terms = { asset: 'mUSD', amount: 40n, expiresAt: 0 };

const cases: readonly Case[] = [
  {
    type: 'Transfer',
    sender: 'alice',
    prepare: () => ({ to: addressOf('bob'), asset: 'mUSD', amount: 40n, memo: '' }),
    faults: [level('alice'), frozen('alice'), unknownAsset, tooMuch, nothing, toOneself, { ...frozen('bob', 2), about: ['to', 'asset'] }],
  },
  {
    type: 'RequestTransfer',
    sender: 'alice',
    prepare: () => ({ ...terms, lot: NEW_LOT, to: addressOf('bob'), memo: '' }),
    faults: [level('alice'), frozen('alice'), unknownAsset, expired, tooMuch, tooMany, nothing, toOneself, tooLate],
  },
  {
    type: 'RequestDeposit',
    sender: 'alice',
    prepare: () => ({ ...terms, lot: NEW_LOT, reference: '' }),
    faults: [unknownAsset, expired, tooMany, nothing, tooLate],
  },
  {
    type: 'RequestWithdrawal',
    sender: 'alice',
    prepare: () => ({ ...terms, lot: NEW_LOT, destination: 'IBAN' }),
    faults: [
      level('alice'),
      frozen('alice'),
      unknownAsset,
      expired,
      tooMuch,
      tooMany,
      limited,
      nothing,
      tooLate,
      { code: 'INVALID_FIELD', fields: { destination: '' } },
    ],
  },
  {
    type: 'RequestCredit',
    sender: 'alice',
    prepare: (chain) => ({
      ...terms,
      lot: NEW_LOT,
      lender: addressOf('alice'),
      borrower: addressOf('bob'),
      termsHash: TERMS,
      dueAt: chain.nowSec + 100,
    }),
    faults: [
      stranger,
      level('alice'),
      frozen('alice'),
      unknownAsset,
      expired,
      tooMuch,
      tooMany,
      nothing,
      { code: 'INVALID_COUNTERPARTY', fields: { borrower: addressOf('alice') } },
      { code: 'INVALID_FIELD', fields: { dueAt: START_SEC } },
    ],
  },
  {
    type: 'ConfirmTransfer',
    sender: 'bob',
    namesLot: true,
    prepare: (chain) => ({ lot: lotField(askTransfer(chain).id), revision: 0, amount: 40n }),
    faults: [unknownLot, stranger, frozen('bob', 2), stale, { code: 'AMOUNT_INVALID', fields: { amount: 41n } }],
  },
  {
    type: 'ConfirmDeposit',
    sender: 'gateway',
    namesLot: true,
    prepare: (chain) => ({ lot: lotField(askDeposit(chain, 'alice').id), revision: 0, amount: 100n, externalRef: 'new' }),
    faults: [unknownLot, stranger, stale, usedReference, nothing, noReference],
  },
  {
    type: 'ConfirmWithdrawal',
    sender: 'gateway',
    namesLot: true,
    prepare: (chain) => ({ lot: lotField(askWithdrawal(chain).id), revision: 0, externalRef: 'new' }),
    faults: [unknownLot, stranger, frozen('alice', 3), stale, usedReference, noReference],
  },
  {
    type: 'RejectDeposit',
    sender: 'gateway',
    namesLot: true,
    prepare: (chain) => ({ lot: lotField(askDeposit(chain, 'alice').id), revision: 0, reason: 'no' }),
    faults: [unknownLot, stranger, stale, { code: 'INVALID_FIELD', fields: { reason: '' } }],
  },
  {
    type: 'ConfirmCredit',
    sender: 'alice',
    namesLot: true,
    prepare: (chain) => ({ lot: lotField(askCredit(chain, 'bob').id), revision: 0, termsHash: TERMS }),
    faults: [
      unknownLot,
      stranger,
      level('alice'),
      frozen('alice'),
      frozen('bob', 2),
      stale,
      { code: 'TERMS_MISMATCH', fields: { termsHash: NEW_LOT } },
    ],
  },
];

const submit = ({ type, sender, prepare }: Case, faults: readonly Fault[]): ResultCode => {
  const chain = new TestChain();
  fund(chain, 'alice', 1000n);
  const fields = prepare(chain);
  chain.write((state) => {
    for (const { account } of faults) {
      if (account === undefined) continue;
      const { name, ...change } = account;
      const known = state.get(accountTable, addressOf(name));
      if (known !== undefined) state.set(accountTable, addressOf(name), { ...known, ...change });
    }
  });
  const who = faults.find((fault) => fault.sender !== undefined)?.sender ?? sender;
  const changed = Object.assign({}, fields, ...faults.map((fault) => fault.fields ?? {}));
  return chain.run(who, type as 'Join', changed as OwnFields<'Join'>).code;
};

const rank = (code: ResultCode, namesLot: boolean): number => {
  const position = RESULT_CODES.indexOf(code);
  const aboutTheLot = code === 'UNKNOWN_LOT' || code === 'DFSM_ILLEGAL';
  return namesLot && aboutTheLot ? RESULT_CODES.indexOf('NOT_PERMITTED') - 0.5 : position;
};

const overlap = (left: Fault, right: Fault): boolean => {
  const fieldsOf = ({ fields = {}, about = [] }: Fault): readonly string[] => [...Object.keys(fields), ...about];
  return fieldsOf(left).some((name) => fieldsOf(right).includes(name));
};

describe.each(cases)('$type', (each) => {
  const { faults, namesLot = false } = each;

  test('without a fault is OK', () => {
    expect(submit(each, [])).toBe('OK');
  });

  test('with each single fault says so', () => {
    expect(faults.map((fault) => submit(each, [fault]))).toEqual(faults.map(({ code }) => code));
  });

  const combinations = faults
    .map((left, index) => [index, left.code, left, faults.slice(index + 1).filter((right) => !overlap(left, right))] as const)
    .filter(([, , , rights]) => rights.length > 0);

  test.each(combinations)(
    'with fault %i, %s, and each later one names the earlier in the order of codes',
    (_index, _code, left, rights) => {
      const verdicts = rights.map((right) => `${right.code}: ${submit(each, [left, right])}`);
      const first = (right: Fault) => (rank(left.code, namesLot) <= rank(right.code, namesLot) ? left.code : right.code);
      expect(verdicts).toEqual(rights.map((right) => `${right.code}: ${first(right)}`));
    },
  );
});
