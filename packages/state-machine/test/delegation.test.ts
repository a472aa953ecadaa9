import { describe, expect, test } from 'vitest';
import { executionAtTip } from '../src/block/simulate-transaction.ts';
import { delegationTable, feeEscrow } from '../src/index.ts';
import { pairKey } from '../src/ledger/pair-key.ts';
import { fund } from './support/requests.ts';
import { addressOf, cryptography, type OwnFields, START_SEC, TestChain } from './support/test-chain.ts';

/*
 * Goal: a delegate transfers from one holding within a daily limit and a time, and with nobody's but the owner's level and money.
 * Method: alice lets carol send 10 mUSD a day; limits at the border, at midnight and at the expiry.
 */

const DAY = 86_400;

const funded = (change: Partial<OwnFields<'SetDelegate'>> = {}): TestChain => {
  const chain = new TestChain();
  fund(chain, 'alice');
  const { code } = allow(chain, change);
  if (code !== 'OK') throw new Error(code);
  return chain;
};

const allow = (chain: TestChain, change: Partial<OwnFields<'SetDelegate'>> = {}) =>
  chain.run('alice', 'SetDelegate', { delegate: addressOf('carol'), asset: 'mUSD', dailyLimit: 10n, expiresAt: 0, ...change });

const fields = { owner: addressOf('alice'), to: addressOf('bob'), asset: 'mUSD', amount: 4n, memo: 'for alice' };
const send = (chain: TestChain, change: Partial<OwnFields<'DelegatedTransfer'>> = {}, name = 'carol') =>
  chain.run(name, 'DelegatedTransfer', { ...fields, ...change });

const stored = (chain: TestChain) =>
  chain.read(delegationTable, pairKey(executionAtTip(chain.state, chain.chain), addressOf('alice'), addressOf('carol'), 'mUSD'));

describe('DelegatedTransfer', () => {
  test('moves the owner’s money and counts against the day', () => {
    const chain = funded();
    const { code, records } = send(chain);
    expect([code, records, chain.amount('alice', 'mUSD'), chain.amount('bob', 'mUSD')]).toEqual([
      'OK',
      ['S5 E04 4 mUSD delegated', 'S2 E06 4 mUSD delegated'],
      96n,
      4n,
    ]);
    expect(chain.blocks.at(-1)?.records[0]?.transaction).toMatchObject({
      from: addressOf('alice'),
      to: addressOf('bob'),
      actor: addressOf('carol'),
    });
    expect(stored(chain)).toMatchObject({ day: Math.floor(START_SEC / DAY), spentToday: 4n, dailyLimit: 10n });
  });

  test('stops at the limit of the day', () => {
    const chain = funded();
    expect([
      send(chain).code,
      send(chain, { amount: 7n }).code,
      send(chain, { amount: 6n }).code,
      send(chain, { amount: 1n }).code,
    ]).toEqual(['OK', 'LIMIT_EXCEEDED', 'OK', 'LIMIT_EXCEEDED']);
  });

  test.each([
    [-1, 'LIMIT_EXCEEDED'],
    [0, 'OK'],
    [1, 'OK'],
  ])('at midnight %i s a further transfer is %s', (offset, code) => {
    const chain = funded();
    send(chain, { amount: 10n });
    const midnight = (Math.floor(START_SEC / DAY) + 1) * DAY;
    chain.wait(midnight - 10 - chain.nowSec);
    expect(chain.block([chain.transaction('carol', 'DelegatedTransfer', fields)], 10 + offset).receipts[0]?.code).toBe(code);
  });

  test.each([
    [-1, 'OK'],
    [0, 'NOT_PERMITTED'],
    [1, 'NOT_PERMITTED'],
  ])('at the expiry %i s is %s', (offset, code) => {
    const expiresAt = START_SEC + 100;
    const chain = funded({ expiresAt });
    expect(
      chain.block([chain.transaction('carol', 'DelegatedTransfer', fields)], expiresAt + offset - chain.nowSec).receipts[0]?.code,
    ).toBe(code);
  });

  test.each<[string, string, Partial<OwnFields<'DelegatedTransfer'>>, string]>([
    ['by somebody else', 'bob', {}, 'NOT_PERMITTED'],
    ['by the owner', 'alice', {}, 'NOT_PERMITTED'],
    ['of another asset', 'carol', { asset: 'MTN' }, 'NOT_PERMITTED'],
    ['of somebody else’s', 'carol', { owner: addressOf('bob') }, 'NOT_PERMITTED'],
    ['to the delegate', 'carol', { to: addressOf('carol') }, 'OK'],
    ['to the owner', 'carol', { to: addressOf('alice') }, 'INVALID_COUNTERPARTY'],
    ['to an escrow', 'carol', { to: feeEscrow(cryptography) }, 'INVALID_COUNTERPARTY'],
    ['of nothing', 'carol', { amount: 0n }, 'AMOUNT_INVALID'],
    ['above the limit to the owner', 'carol', { to: addressOf('alice'), amount: 11n }, 'LIMIT_EXCEEDED'],
    ['above the limit', 'carol', { amount: 11n }, 'LIMIT_EXCEEDED'],
    ['above the balance and the limit', 'carol', { amount: 101n }, 'INSUFFICIENT_BALANCE'],
  ])('%s', (_name, who, change, code) => {
    expect(send(funded(), change, who).code).toBe(code);
  });

  test('of nothing above a limit lowered since', () => {
    const chain = funded();
    send(chain, { amount: 10n });
    allow(chain, { dailyLimit: 5n });
    expect(send(chain, { amount: 0n }).code).toBe('LIMIT_EXCEEDED');
  });

  test('to a payee who confirms himself is the owner’s request', () => {
    const chain = funded();
    chain.run('bob', 'SetAccount', { autoAccept: false, dailyLimit: 0n });
    const { id, records } = send(chain);
    expect([records, chain.lot(id)?.owner, chain.lot(id)?.requester]).toEqual([
      ['S5 E04 4 mUSD delegated'],
      addressOf('alice'),
      addressOf('alice'),
    ]);
  });
});

describe('SetDelegate', () => {
  test('changed keeps what was spent today; 0 takes it back', () => {
    const chain = funded();
    send(chain);
    allow(chain, { dailyLimit: 5n, expiresAt: START_SEC + 500 });
    expect(stored(chain)).toMatchObject({ dailyLimit: 5n, spentToday: 4n, expiresAt: START_SEC + 500 });
    expect(send(chain, { amount: 2n }).code).toBe('LIMIT_EXCEEDED');
    expect([allow(chain, { dailyLimit: 0n }).code, stored(chain), send(chain, { amount: 1n }).code]).toEqual([
      'OK',
      undefined,
      'NOT_PERMITTED',
    ]);
  });

  const now = START_SEC + 1;
  test.each<[string, Partial<OwnFields<'SetDelegate'>>, string]>([
    ['of an unknown asset', { asset: 'mNONE' }, 'UNKNOWN_ASSET'],
    ['to oneself', { delegate: addressOf('alice') }, 'INVALID_COUNTERPARTY'],
    ['to nobody', { delegate: new Uint8Array(20) as never }, 'INVALID_COUNTERPARTY'],
    ['to an escrow', { delegate: feeEscrow(cryptography) }, 'INVALID_COUNTERPARTY'],
    ['until now', { expiresAt: now }, 'INVALID_FIELD'],
    ['until a second from now', { expiresAt: now + 1 }, 'OK'],
    ['to oneself for an unknown asset', { delegate: addressOf('alice'), asset: 'mNONE' }, 'UNKNOWN_ASSET'],
    ['to oneself until now', { delegate: addressOf('alice'), expiresAt: now }, 'INVALID_COUNTERPARTY'],
  ])('%s', (_name, change, code) => {
    expect(allow(new TestChain(), change).code).toBe(code);
  });
});
