import type { TransactionType } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { accountTable } from '../src/index.ts';
import { UNKNOWN_ID } from './support/requests.ts';
import { addressOf, type OwnFields, TestChain } from './support/test-chain.ts';

/* Goal: what concerns the sender alone is judged before any lot is looked at. Method: each amendment of a lot that does not exist. */

const terms = { lot: UNKNOWN_ID, asset: 'mUSD', amount: 1n, expiresAt: 0 };
const AMENDMENTS: { readonly [Type in TransactionType]?: OwnFields<Type> } = {
  RequestTransfer: { ...terms, to: addressOf('bob'), memo: '' },
  RequestCredit: { ...terms, lender: addressOf('bob'), borrower: addressOf('alice'), termsHash: UNKNOWN_ID, dueAt: 2 ** 40 },
  RequestWithdrawal: { ...terms, destination: 'IBAN 1' },
};

const SENDERS = [
  ['of level 2', { level: 2 }, 'UNKNOWN_LOT'],
  ['of level 1', { level: 1 }, 'LEVEL_TOO_LOW'],
  ['whose level 2 has expired', { level: 2, levelExpiresAt: 1 }, 'LEVEL_TOO_LOW'],
  ['whose account is frozen', { level: 2, freeze: 1 }, 'FROZEN'],
  ['of level 1 whose account is frozen', { level: 1, freeze: 1 }, 'LEVEL_TOO_LOW'],
] as const;

describe.each(Object.entries(AMENDMENTS))('%s of an unknown lot', (type, fields) => {
  test.each(SENDERS)('by a sender %s', (_name, change, code) => {
    const chain = new TestChain();
    chain.write((state) => {
      const account = state.get(accountTable, addressOf('alice'));
      if (account !== undefined) state.set(accountTable, addressOf('alice'), { ...account, ...change });
    });
    expect(chain.run('alice', type as 'RequestTransfer', fields as OwnFields<'RequestTransfer'>).code).toBe(code);
  });
});
