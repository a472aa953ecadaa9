import { encodeHex, SUPPLY_MAX } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { activate, lotField } from './support/requests.ts';
import { addressOf, NEW_LOT, TestChain, testGenesis } from './support/test-chain.ts';

/*
 * Goal: no sum of amounts ever leaves the range of amounts: what would make one is refused, and the chain goes on.
 * Method: requests at the upper end of the range, each in a block of its own, which would not encode if a sum were out of range.
 */

const HALF = SUPPLY_MAX / 2n + 1n;

const requestDeposit = (chain: TestChain, name: string, amount: bigint, lot: Uint8Array = NEW_LOT) =>
  chain.run(name, 'RequestDeposit', { lot: lotField(lot), asset: 'mUSD', amount, reference: '', expiresAt: 0 });

const deposit = (chain: TestChain, name: string, amount: bigint, externalRef: string) => {
  const { id } = requestDeposit(chain, name, amount);
  return chain.run('gateway', 'ConfirmDeposit', { lot: lotField(id), revision: 0, amount, externalRef });
};

const credit = (chain: TestChain, lot: Uint8Array, amount: bigint) =>
  chain.run('alice', 'RequestCredit', {
    lot: lotField(lot),
    lender: addressOf('bob'),
    borrower: addressOf('alice'),
    asset: 'mUSD',
    amount,
    termsHash: new Uint8Array(32) as never,
    dueAt: chain.nowSec + 1000,
    expiresAt: 0,
  });

describe('what is pending for an owner', () => {
  test('stays in range when deposits are opened and amended', () => {
    const chain = new TestChain();
    const first = requestDeposit(chain, 'level1', HALF);
    const second = requestDeposit(chain, 'level1', HALF);
    expect([first.code, second.code]).toEqual(['OK', 'AMOUNT_INVALID']);
    const third = requestDeposit(chain, 'level1', HALF - 1n);
    expect(third.code).toBe('OK');
    expect(chain.holding('level1', 'mUSD').pendingIn).toBe(SUPPLY_MAX);
    expect(requestDeposit(chain, 'level1', HALF, third.id).code).toBe('AMOUNT_INVALID');
    expect(requestDeposit(chain, 'level1', 7n, third.id).code).toBe('OK');
    expect(requestDeposit(chain, 'level1', SUPPLY_MAX - 7n, first.id).code).toBe('OK');
    expect(chain.holding('level1', 'mUSD').pendingIn).toBe(SUPPLY_MAX);
  });

  test('stays in range when a gateway opens deposits', () => {
    const chain = new TestChain();
    chain.run('alice', 'AuthorizeDeposits', { gateway: addressOf('gateway'), asset: 'mUSD', allowed: true });
    const fields = { owner: addressOf('alice'), lot: NEW_LOT, asset: 'mUSD', amount: HALF, reference: '', expiresAt: 0 };
    const codes = [0, 1].map(() => chain.run('gateway', 'RequestDepositFor', fields).code);
    expect(codes).toEqual(['OK', 'AMOUNT_INVALID']);
  });

  test('stays in range when credit is applied for', () => {
    const chain = new TestChain();
    activate(chain, 'alice');
    const first = credit(chain, NEW_LOT, HALF);
    expect([first.code, credit(chain, NEW_LOT, HALF).code]).toEqual(['OK', 'AMOUNT_INVALID']);
    expect(credit(chain, first.id, SUPPLY_MAX).code).toBe('OK');
    expect(credit(chain, NEW_LOT, 1n).code).toBe('AMOUNT_INVALID');
  });

  test('stays in range when all money there is is offered to somebody who has asked for as much', () => {
    const chain = new TestChain();
    deposit(chain, 'alice', SUPPLY_MAX, 'bank-1');
    expect(requestDeposit(chain, 'bob', SUPPLY_MAX).code).toBe('OK');
    const fields = { to: addressOf('bob'), asset: 'mUSD', amount: SUPPLY_MAX, expiresAt: 0, memo: '' };
    expect(chain.run('alice', 'RequestTransfer', { lot: NEW_LOT, ...fields }).code).toBe('OK');
    expect(chain.holding('bob', 'mUSD').pendingIn).toBe(2n * SUPPLY_MAX);
    expect(requestDeposit(chain, 'bob', 1n).code).toBe('AMOUNT_INVALID');
  });
});

test('a supply that would leave the range is not minted', () => {
  const chain = new TestChain();
  expect(deposit(chain, 'alice', SUPPLY_MAX, 'bank-1').code).toBe('OK');
  expect(deposit(chain, 'bob', 1n, 'bank-2').code).toBe('AMOUNT_INVALID');
  expect(chain.supply('mUSD')).toBe(SUPPLY_MAX);
});

test('withdrawals that are cancelled and asked for again are counted without end', () => {
  const chain = new TestChain();
  deposit(chain, 'alice', SUPPLY_MAX, 'bank-1');
  for (let round = 0; round < 4; round++) {
    const fields = { lot: NEW_LOT, asset: 'mUSD', amount: SUPPLY_MAX, destination: 'IBAN 1', expiresAt: 0 };
    const { id, code } = chain.run('alice', 'RequestWithdrawal', fields);
    expect([code, chain.run('alice', 'RejectWithdrawal', { lot: lotField(id), revision: 0, reason: '' }).code]).toEqual(['OK', 'OK']);
  }
});

test('a request whose gateways are all replaced keeps no more statements than there are gateways', () => {
  const names = Array.from({ length: 16 }, (_, index) => `old${index}`);
  const successors = Array.from({ length: 16 }, (_, index) => `new${index}`);
  const genesis = testGenesis();
  const hex = (name: string): string => encodeHex(addressOf(name));
  const chain = new TestChain({
    ...genesis,
    assets: [
      ...(genesis.assets ?? []),
      { id: 'mGOLD', name: 'Gold', decimals: 2, gateways: names.map(hex), threshold: 16, minLevel: 0, transferMode: 'IMMEDIATE' },
    ],
    members: [...(genesis.members ?? []), ...[...names, ...successors].map((name) => ({ address: hex(name), level: 3 }))],
  });
  const { id } = chain.run('alice', 'RequestDeposit', { lot: NEW_LOT, asset: 'mGOLD', amount: 5n, reference: '', expiresAt: 0 });
  const confirm = (name: string) =>
    chain.run(name, 'ConfirmDeposit', { lot: lotField(id), revision: 0, amount: 5n, externalRef: 'vault-1' }).code;
  for (const name of names.slice(0, 15)) expect(confirm(name)).toBe('OK');
  const gateways = successors.map(addressOf);
  const definition = { asset: 'mGOLD', name: 'Gold', decimals: 2, gateways, threshold: 16, minLevel: 0, transferMode: 'IMMEDIATE' };
  const proposal = chain.run('operator0', 'ProposeAsset', { ...definition, activationHeight: 0 });
  for (const operator of ['operator0', 'operator1', 'operator2']) {
    expect(chain.run(operator, 'CastVote', { proposal: proposal.id as never, approve: true }).code).toBe('OK');
  }
  chain.wait(1);
  chain.wait(1);
  for (const name of successors) expect(confirm(name)).toBe('OK');
  expect(chain.amount('alice', 'mGOLD')).toBe(5n);
});
