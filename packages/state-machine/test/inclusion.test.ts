import type { ResultCode, TransactionMessage, VerifiedTransaction } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { buildBlock, checkAdmission, DEFAULT_BLOCK_LIMITS, simulateTransaction } from '../src/index.ts';
import { addressOf, asVerified, TestChain, testGenesis } from './support/test-chain.ts';

/*
 * Goal: which transactions may stand in a block at all, in which order the reasons are reported, and what admission and simulation say.
 * Method: alice has used one nonce and fees are 5; one field is moved over its border at a time, then several at once.
 */

const FEE = 5n;
const WINDOW = 3600;

const chainWithFee = (): TestChain => {
  const chain = new TestChain(testGenesis({ parameters: { feePerTransaction: String(FEE), feePerByte: '0' } }));
  chain.run('alice', 'SetAccount', { autoAccept: true, dailyLimit: 0n });
  return chain;
};

type Change = Partial<TransactionMessage<'Transfer'>>;

const payment = (chain: TestChain, change: Change): VerifiedTransaction =>
  asVerified('Transfer', {
    from: addressOf('alice'),
    nonce: 1,
    validUntil: chain.nowSec + 60,
    maxFee: FEE,
    to: addressOf('bob'),
    asset: 'MTN',
    amount: 1n,
    memo: '',
    ...change,
  });

const includes = (chain: TestChain, transaction: VerifiedTransaction): string =>
  buildBlock(chain.state, [transaction], chain.chain, chain.setting(), DEFAULT_BLOCK_LIMITS).skipped[0]?.code ?? 'OK';

const pauper = addressOf('pauper');

describe('inclusion', () => {
  const now = chainWithFee().nowSec + 1;
  test.each<[string, Change, ResultCode]>([
    ['validUntil a second after the block', { validUntil: now + 1 }, 'OK'],
    ['validUntil at the block', { validUntil: now }, 'EXPIRED'],
    ['validUntil before the block', { validUntil: now - 1 }, 'EXPIRED'],
    ['validUntil at the end of the window', { validUntil: now + WINDOW }, 'OK'],
    ['validUntil beyond the window', { validUntil: now + WINDOW + 1 }, 'EXPIRED'],
    ['a nonce used already', { nonce: 0 }, 'NONCE_TOO_LOW'],
    ['a nonce ahead', { nonce: 2 }, 'NONCE_TOO_HIGH'],
    ['a cap one below the fee', { maxFee: FEE - 1n }, 'FEE_TOO_LOW'],
    ['a payer without money', { from: pauper, nonce: 0 }, 'INSUFFICIENT_FEE_BALANCE'],
    ['expired and a used nonce', { validUntil: now, nonce: 0 }, 'EXPIRED'],
    ['a used nonce and a low cap', { nonce: 0, maxFee: 0n }, 'NONCE_TOO_LOW'],
    ['a nonce ahead and a low cap', { nonce: 2, maxFee: 0n }, 'NONCE_TOO_HIGH'],
    ['a low cap and no money', { from: pauper, nonce: 0, maxFee: 0n }, 'FEE_TOO_LOW'],
  ])('with %s', (_name, change, code) => {
    const chain = chainWithFee();
    expect(includes(chain, payment(chain, change))).toBe(code);
  });

  test('a payer with exactly the fee can pay it', () => {
    const chain = chainWithFee();
    chain.run('alice', 'Transfer', { to: pauper, asset: 'MTN', amount: FEE, memo: '' });
    expect(includes(chain, payment(chain, { from: pauper, nonce: 0 }))).toBe('OK');
  });
});

describe('admission', () => {
  const now = chainWithFee().nowSec;
  test.each<[string, Change, ResultCode]>([
    ['nothing wrong', {}, 'OK'],
    ['validUntil at the tip', { validUntil: now }, 'EXPIRED'],
    ['validUntil beyond the window', { validUntil: now + WINDOW + 1 }, 'EXPIRED'],
    ['a used nonce', { nonce: 0 }, 'NONCE_TOO_LOW'],
    ['a nonce ahead, which is the mempool’s to judge', { nonce: 9 }, 'OK'],
    ['a nonce ahead and a low cap', { nonce: 9, maxFee: FEE - 1n }, 'FEE_TOO_LOW'],
    ['no money for the fee', { from: pauper, nonce: 0 }, 'INSUFFICIENT_FEE_BALANCE'],
    ['no level', { from: addressOf('newcomer'), nonce: 3 }, 'LEVEL_TOO_LOW'],
    ['a balance too small, which the block decides', { amount: 10n ** 30n }, 'OK'],
    ['an unknown asset, which the block decides', { asset: 'mNONE' }, 'OK'],
  ])('with %s', (_name, change, code) => {
    const chain = chainWithFee();
    const root = chain.state.stateRoot;
    expect(checkAdmission(chain.state, chain.chain, payment(chain, change))).toBe(code);
    expect(chain.state.stateRoot).toEqual(root);
  });

  test('refuses what the sender has no authority for', () => {
    const chain = chainWithFee();
    const role = chain.transaction('bob', 'ProposeRole', { account: addressOf('bob'), role: 'arbiter', grant: true });
    expect(checkAdmission(chain.state, chain.chain, role)).toBe('NOT_PERMITTED');
  });

  test('refuses a frozen sender', () => {
    const chain = chainWithFee();
    const freeze = { account: addressOf('alice'), asset: '', frozen: true, deep: false, legalHold: false, activationHeight: 0 };
    const { id } = chain.run('operator0', 'ProposeFreeze', freeze);
    for (const name of ['operator0', 'operator1', 'operator2']) chain.run(name, 'CastVote', { proposal: id as never, approve: true });
    chain.wait(1);
    expect(checkAdmission(chain.state, chain.chain, payment(chain, {}))).toBe('FROZEN');
  });
});

describe('simulation', () => {
  test('shows receipt and records of the next block and keeps nothing', () => {
    const chain = chainWithFee();
    const transaction = chain.transaction('alice', 'Transfer', { to: addressOf('bob'), asset: 'MTN', amount: 3n, memo: 'x' });
    const root = chain.state.stateRoot;
    const simulation = simulateTransaction(chain.state, chain.chain, transaction);
    expect(chain.state.stateRoot).toEqual(root);
    const block = chain.block([transaction], 0.5);
    expect(simulation.receipt).toEqual(block.receipts[0]);
    expect(simulation.records).toEqual(block.records.slice(0, 2));
  });

  test('of a transaction that cannot stand costs nothing', () => {
    const chain = chainWithFee();
    expect(simulateTransaction(chain.state, chain.chain, payment(chain, { nonce: 7 }))).toEqual({
      receipt: { code: 'NONCE_TOO_HIGH', feePaid: 0n, feePayer: addressOf('alice'), firstRecord: 0, records: 0 },
      records: [],
    });
  });

  test('of a failing transaction shows the fee it would pay', () => {
    const chain = chainWithFee();
    expect(simulateTransaction(chain.state, chain.chain, payment(chain, { amount: 10n ** 30n }))).toEqual({
      receipt: { code: 'INSUFFICIENT_BALANCE', feePaid: FEE, feePayer: addressOf('alice'), firstRecord: 0, records: 0 },
      records: [],
    });
  });
});
