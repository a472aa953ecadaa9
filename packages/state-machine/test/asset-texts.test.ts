import { NATIVE_ASSET, SUPPLY_MAX, TRANSACTION_TYPES, type TransactionType } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { assetTable, holdingTable, withdrawalDayTable } from '../src/index.ts';
import { askCredit, askDeposit, askTransfer, askWithdrawal, fund, lotField, TERMS } from './support/requests.ts';
import { addressOf, NEW_LOT, type OwnFields, TestChain } from './support/test-chain.ts';

/*
 * Goal: no text in place of an asset id leads to an entry, least of all one whose UTF-16 units have the bytes of an asset id as their lower
 * halves. Method: every operation that names an asset, with such texts; the keys of entries refuse them, so that a read would throw.
 */

/** A text whose units have the same lower halves as those of another. */
const shifted = (id: string): string => String.fromCharCode(...[...id].map((letter) => letter.charCodeAt(0) + 0x100));

const HOSTILE = [shifted('mUSD'), shifted(NATIVE_ASSET), `mUS${shifted('D')}`, '\u{1f4b6}', 'm\u00dfD', 'mUSD\u0000', '', 'm USD'];

const common = { asset: 'mUSD', amount: 1n, expiresAt: 0 };
const definition = { name: 'A', decimals: 2, gateways: [addressOf('gateway')], threshold: 1, minLevel: 0, transferMode: 'IMMEDIATE' };
const parties = { lender: addressOf('alice'), borrower: addressOf('bob'), termsHash: TERMS, dueAt: 2 ** 40 };

type Named = { readonly [Type in TransactionType]?: readonly [sender: string, fields: object, code: string] };

/** Every type that names an asset, all its other fields in order, and what it says when the asset is none. */
const OPERATIONS: Named = {
  Transfer: ['alice', { ...common, to: addressOf('bob'), memo: '' }, 'UNKNOWN_ASSET'],
  RequestTransfer: ['alice', { ...common, lot: NEW_LOT, to: addressOf('bob'), memo: '' }, 'UNKNOWN_ASSET'],
  RequestDeposit: ['alice', { ...common, lot: NEW_LOT, reference: '' }, 'UNKNOWN_ASSET'],
  RequestDepositFor: ['gateway', { ...common, owner: addressOf('alice'), lot: NEW_LOT, reference: '' }, 'NOT_PERMITTED'],
  RequestCredit: ['alice', { ...common, ...parties, lot: NEW_LOT }, 'UNKNOWN_ASSET'],
  RequestWithdrawal: ['alice', { ...common, lot: NEW_LOT, destination: 'IBAN' }, 'UNKNOWN_ASSET'],
  CloseHolding: ['alice', { destination: 'IBAN' }, 'UNKNOWN_ASSET'],
  DefineAsset: ['gateway', definition, 'INVALID_FIELD'],
  ProposeAsset: ['operator0', { ...definition, activationHeight: 0 }, 'INVALID_FIELD'],
  ProposeFreeze: [
    'operator0',
    { account: addressOf('alice'), frozen: true, deep: false, legalHold: false, activationHeight: 0 },
    'UNKNOWN_ASSET',
  ],
  SetDelegate: ['alice', { delegate: addressOf('bob'), dailyLimit: 1n, expiresAt: 0 }, 'UNKNOWN_ASSET'],
  DelegatedTransfer: ['bob', { ...common, owner: addressOf('alice'), to: addressOf('carol'), memo: '' }, 'NOT_PERMITTED'],
  AuthorizeDeposits: ['alice', { gateway: addressOf('gateway'), allowed: true }, 'UNKNOWN_ASSET'],
};

const submit = (chain: TestChain, name: string, type: string, fields: object) =>
  chain.run(name, type as 'Join', fields as OwnFields<'Join'>).code;

test('every type that names an asset is listed here', () => {
  const named = Object.entries(TRANSACTION_TYPES).filter(([, { fields }]) => fields.some(({ name }) => (name as string) === 'asset'));
  expect(Object.keys(OPERATIONS).sort()).toEqual(named.map(([type]) => type).sort());
});

test.each(Object.entries(OPERATIONS))('%s of a text that is no asset id is refused', (type, [sender, fields, code]) => {
  const chain = new TestChain();
  fund(chain, 'alice');
  const texts = type === 'ProposeFreeze' ? HOSTILE.filter((text) => text !== '') : HOSTILE;
  expect(texts.map((asset) => submit(chain, sender, type, { ...fields, asset }))).toEqual(texts.map(() => code));
});

describe('an amendment that calls its asset something else', () => {
  const amendments: readonly (readonly [string, string, (chain: TestChain) => Uint8Array, object])[] = [
    ['RequestTransfer', 'alice', (chain) => askTransfer(chain).id, { to: addressOf('bob'), memo: '' }],
    ['RequestDeposit', 'alice', (chain) => askDeposit(chain, 'alice').id, { reference: '' }],
    ['RequestWithdrawal', 'alice', (chain) => askWithdrawal(chain).id, { destination: 'IBAN' }],
    ['RequestCredit', 'alice', (chain) => askCredit(chain, 'alice').id, parties],
    ['RequestCredit', 'bob', (chain) => askCredit(chain, 'bob').id, parties],
  ];
  test.each(amendments)('%s by %s is refused as such', (type, sender, open, fields) => {
    const chain = new TestChain();
    fund(chain, 'alice');
    const lot = lotField(open(chain));
    const codes = [...HOSTILE, 'mBOND'].map((asset) => submit(chain, sender, type, { ...common, ...fields, lot, asset }));
    expect(codes).toEqual([...HOSTILE, 'mBOND'].map(() => 'INVALID_FIELD'));
  });

  test('is measured against what is pending of the asset of the lot', () => {
    const chain = new TestChain();
    const { id } = askDeposit(chain, 'bob', { amount: 1n });
    askDeposit(chain, 'bob', { amount: SUPPLY_MAX - 1n });
    const deposit = (asset: string) => submit(chain, 'bob', 'RequestDeposit', { ...common, lot: id, asset, amount: 2n, reference: '' });
    expect([...HOSTILE, 'mBOND', 'mUSD'].map(deposit)).toEqual([...HOSTILE, 'mBOND', 'mUSD'].map(() => 'AMOUNT_INVALID'));
  });

  test('of an application is measured against what is pending of the asset of the lot', () => {
    const chain = new TestChain();
    const { id } = askCredit(chain, 'bob', { amount: 1n });
    askDeposit(chain, 'bob', { amount: SUPPLY_MAX - 1n });
    const apply = (asset: string) => submit(chain, 'bob', 'RequestCredit', { ...common, ...parties, lot: id, asset, amount: 2n });
    expect([...HOSTILE, 'mBOND', 'mUSD'].map(apply)).toEqual([...HOSTILE, 'mBOND', 'mUSD'].map(() => 'AMOUNT_INVALID'));
  });
});

test.each([
  ['holding', (asset: string) => holdingTable.keyOf({ owner: addressOf('alice'), asset })],
  ['withdrawal day', (asset: string) => withdrawalDayTable.keyOf({ owner: addressOf('alice'), asset })],
  ['asset', (asset: string) => assetTable.keyOf(asset)],
])('no %s has a key that is not made of bytes', (_name, keyOf) => {
  expect([keyOf('mUSD').endsWith('mUSD'), keyOf('\u00ff').endsWith('\u00ff')]).toEqual([true, true]);
  for (const text of ['\u0100', shifted('mUSD'), `mUS${shifted('D')}`]) expect(() => keyOf(text)).toThrow('is a byte');
});
