import {
  allocate,
  EMPTY_ACCOUNT,
  EMPTY_HOLDING,
  type FeeSponsor,
  FREEZE,
  feeOf,
  type Signature,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import {
  accountTable,
  assetTable,
  buildBlock,
  DEFAULT_BLOCK_LIMITS,
  feeEscrow,
  holdingTable,
  type StateOverlay,
  systemAddress,
} from '../src/index.ts';
import {
  addressOf,
  asVerified,
  cryptography,
  describe as describeRecord,
  TestChain,
  testGenesis,
  validatorJson,
} from './support/test-chain.ts';

/*
 * Goal: who pays a fee, what stands in the receipt, and how a block's pot is paid out to the last unit.
 * Method: fees that do not divide evenly; balances before and after, receipts and records compared.
 */

const chainWithFee = (fee: bigint, powers: readonly number[] = [1, 2, 4, 6], change: Record<string, string> = {}): TestChain =>
  new TestChain(
    testGenesis({
      parameters: { feePerTransaction: String(fee), feePerByte: '0', ...change },
      validators: powers.map((power, index) => validatorJson(7, index, power)),
    }),
  );

const payment = (chain: TestChain, name = 'alice', amount = 1n) =>
  chain.transaction(name, 'Transfer', { to: addressOf('bob'), asset: 'MTN', amount, memo: '' });

const balances = (chain: TestChain) =>
  ['operator0', 'operator1', 'operator2', 'operator3', 'treasury', 'audit'].map((name) => chain.amount(name, 'MTN'));

const escrowed = (chain: TestChain) => chain.read(holdingTable, { owner: feeEscrow(cryptography), asset: 'MTN' })?.amount ?? 0n;

describe('a fee', () => {
  test('leaves the sender, stands in the receipt and is shared out in the same block', () => {
    const chain = chainWithFee(101n);
    const before = balances(chain);
    const supply = chain.supply('MTN');
    const { receipts, records } = chain.block([payment(chain)]);
    expect(receipts).toEqual([{ code: 'OK', feePaid: 101n, feePayer: addressOf('alice'), firstRecord: 0, records: 2 }]);
    expect([chain.amount('alice', 'MTN'), escrowed(chain), chain.supply('MTN')]).toEqual([10n ** 21n - 102n, 0n, supply]);
    // 101 splits into 70.7, 20.2 and 10.1: 71, 20 and 10. 71 by powers 1, 2, 4, 6 of 13: 5.46, 10.92, 21.85, 32.77 → 5, 11, 22, 33.
    expect(balances(chain).map((amount, index) => amount - (before[index] ?? 0n))).toEqual([5n, 11n, 22n, 33n, 20n, 10n]);
    expect(records.slice(2).map(describeRecord)).toEqual(
      chain.genesis.validators
        .map(({ power }) => ({ 1: 5, 2: 11, 4: 22, 6: 33 })[Number(power)])
        .flatMap((share) => [`S5 E04 ${share} MTN validator`, `S2 E06 ${share} MTN validator`])
        .concat(['S5 E04 20 MTN treasury', 'S2 E06 20 MTN treasury', 'S5 E04 10 MTN audit', 'S2 E06 10 MTN audit']),
    );
    const lots = new Set(records.slice(2).map(({ transaction }) => transaction.lot.join()));
    expect([lots.size, records[2]?.transaction.from, records[2]?.business.product]).toEqual([6, feeEscrow(cryptography), 'fees']);
  });

  test('is paid out by the system, whoever sent the last transaction, in no transaction of the block', () => {
    const chain = chainWithFee(101n);
    const { records } = chain.block([payment(chain), payment(chain, 'carol')]);
    const stamps = records.map(({ transaction: { actor, txId, index } }) => ({ actor, txId, index }));
    const paidOut = { actor: systemAddress(cryptography), txId: new Uint8Array(32), index: 0 };
    expect(stamps.slice(4)).toEqual(Array.from({ length: 12 }, () => paidOut));
    expect(stamps.slice(0, 4).map(({ actor, index }) => [actor, index])).toEqual([
      [addressOf('alice'), 0],
      [addressOf('alice'), 0],
      [addressOf('carol'), 1],
      [addressOf('carol'), 1],
    ]);
  });

  test('of several transactions is one pot', () => {
    const chain = chainWithFee(7n);
    const before = balances(chain);
    chain.block([payment(chain), payment(chain), payment(chain, 'carol')]);
    const [validators = 0n, treasury = 0n, audit = 0n] = allocate(21n, [7000n, 2000n, 1000n]);
    const shares = balances(chain).map((amount, index) => amount - (before[index] ?? 0n));
    expect([shares.slice(0, 4).reduce((sum, share) => sum + share, 0n), ...shares.slice(4)]).toEqual([validators, treasury, audit]);
  });

  test('of one unit goes to one, and nobody gets a record of nothing', () => {
    const chain = chainWithFee(1n);
    const { records } = chain.block([payment(chain)]);
    expect(records.map(describeRecord)).toEqual([
      'S5 E04 1 MTN transfer',
      'S2 E06 1 MTN transfer',
      'S5 E04 1 MTN validator',
      'S2 E06 1 MTN validator',
    ]);
  });

  test('is shared by the parameters in force', () => {
    const chain = chainWithFee(100n, [1, 1, 1, 1], { feeShareValidatorsBps: '0', feeShareTreasuryBps: '10000', feeShareAuditBps: '0' });
    const before = balances(chain);
    chain.block([payment(chain)]);
    expect(balances(chain).map((amount, index) => amount - (before[index] ?? 0n))).toEqual([0n, 0n, 0n, 0n, 100n, 0n]);
  });

  test('of zero makes no pot and no records', () => {
    const chain = chainWithFee(0n);
    expect(chain.block([payment(chain)]).records).toHaveLength(2);
    expect(chain.run('alice', 'SetAccount', { autoAccept: true, dailyLimit: 0n }).receipt.feePaid).toBe(0n);
  });

  test('counts bytes, and a type may have its own', () => {
    const chain = chainWithFee(10n, [1, 1, 1, 1], { feePerByte: '3', 'fee.SetAccount': '1000' });
    const transfer = payment(chain);
    const setting = chain.transaction('carol', 'SetAccount', { autoAccept: true, dailyLimit: 0n });
    const { receipts } = chain.block([transfer, setting]);
    expect(receipts.map(({ feePaid }) => feePaid)).toEqual([
      10n + 3n * BigInt(transfer.bytes.length),
      1000n + 3n * BigInt(setting.bytes.length),
    ]);
    expect(feeOf(chain.genesis.parameters, 'Transfer', 1)).toBe(13n);
  });

  test('of a failed transaction is paid, its nonce is used, and nothing else changes', () => {
    const chain = chainWithFee(7n);
    const { receipts, records } = chain.block([payment(chain, 'alice', 10n ** 30n)]);
    expect(receipts).toEqual([{ code: 'INSUFFICIENT_BALANCE', feePaid: 7n, feePayer: addressOf('alice'), firstRecord: 0, records: 0 }]);
    expect(records.every(({ business }) => business.product === 'fees')).toBe(true);
    expect([chain.amount('alice', 'MTN'), chain.amount('bob', 'MTN'), chain.read(accountTable, addressOf('alice'))?.nonce]).toEqual([
      10n ** 21n - 7n,
      10n ** 21n,
      1,
    ]);
  });

  test('comes before the operation: what is left is what can be sent', () => {
    const chain = chainWithFee(7n);
    const all = chain.block([payment(chain, 'alice', 10n ** 21n - 6n), payment(chain, 'carol', 10n ** 21n - 7n)]);
    expect(all.receipts.map(({ code }) => code)).toEqual(['INSUFFICIENT_BALANCE', 'OK']);
  });
});

describe('a freeze governs requests, not what the protocol takes and owes', () => {
  const freezeAccount =
    (name: string, freeze: number) =>
    (state: StateOverlay): void =>
      state.set(accountTable, addressOf(name), { ...(state.get(accountTable, addressOf(name)) ?? EMPTY_ACCOUNT), freeze });
  const freezeHolding =
    (name: string, freeze: number) =>
    (state: StateOverlay): void => {
      const key = { owner: addressOf(name), asset: 'MTN' };
      state.set(holdingTable, key, { ...(state.get(holdingTable, key) ?? EMPTY_HOLDING), freeze });
    };
  const freezeAsset =
    (freeze: number) =>
    (state: StateOverlay): void => {
      const known = state.get(assetTable, 'MTN');
      if (known !== undefined) state.set(assetTable, 'MTN', { ...known, freeze });
    };
  const paidOut = (edit: (state: StateOverlay) => void) => {
    const chain = chainWithFee(101n);
    chain.write(edit);
    const before = balances(chain);
    const { receipts } = chain.block([chain.transaction('alice', 'SetAccount', { autoAccept: false, dailyLimit: 0n })]);
    return [receipts, balances(chain).map((amount, index) => amount - (before[index] ?? 0n)), escrowed(chain)];
  };
  const kinds = [FREEZE.shallow, FREEZE.deep, FREEZE.legalHold];
  const unfrozen = paidOut(() => undefined);

  test.each<[string, (freeze: number) => (state: StateOverlay) => void]>([
    ['of the payer', (freeze) => freezeAccount('alice', freeze)],
    ['of an operator', (freeze) => freezeAccount('operator3', freeze)],
    ['of the treasury', (freeze) => freezeAccount('treasury', freeze)],
    ['of the MTN of audit', (freeze) => freezeHolding('audit', freeze)],
    ['of MTN', freezeAsset],
  ])('%s', (_name, frozen) => {
    expect(kinds.map((freeze) => paidOut(frozen(freeze)))).toEqual(kinds.map(() => unfrozen));
  });
});

describe('a sponsor', () => {
  const sponsored = (transaction: VerifiedTransaction, name: string): VerifiedTransaction => {
    const sponsor: FeeSponsor = { address: addressOf(name), signature: new Uint8Array(65) as Signature };
    return { ...transaction, sponsor };
  };

  test('pays in place of the sender and stands in the receipt', () => {
    const chain = chainWithFee(7n);
    const join = sponsored(
      asVerified('SetAccount', {
        from: addressOf('pauper'),
        nonce: 0,
        validUntil: chain.nowSec + 60,
        maxFee: 7n,
        autoAccept: false,
        dailyLimit: 1n,
      }),
      'alice',
    );
    const { receipts } = chain.block([join]);
    expect(receipts).toMatchObject([{ code: 'OK', feePaid: 7n, feePayer: addressOf('alice') }]);
    expect([
      chain.amount('alice', 'MTN'),
      chain.read(accountTable, addressOf('pauper')),
      chain.read(accountTable, addressOf('alice'))?.nonce,
    ]).toMatchObject([10n ** 21n - 7n, { nonce: 1, autoAccept: false }, 0]);
  });

  test('who cannot pay keeps the transaction out', () => {
    const chain = chainWithFee(7n);
    const transaction = sponsored(payment(chain), 'pauper');
    const built = buildBlock(chain.state, [transaction], chain.chain, chain.setting(), DEFAULT_BLOCK_LIMITS);
    expect(built.skipped).toEqual([{ kind: 'transaction', index: 0, code: 'INSUFFICIENT_FEE_BALANCE' }]);
  });
});
