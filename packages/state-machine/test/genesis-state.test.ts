import { EMPTY_ACCOUNT, encodeHex, type GenesisJsonInput, parametersHash, validatorsHash } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { executionAtTip } from '../src/block/simulate-transaction.ts';
import {
  accountTable,
  assetTable,
  bridgeEscrow,
  chainStatusTable,
  feeEscrow,
  membershipTable,
  releaseScheduleTable,
  stakeEscrow,
  systemAddress,
  validatorSetTable,
} from '../src/index.ts';
import { availableOf } from '../src/ledger/holdings.ts';
import { enact } from './support/consortium.ts';
import { addressOf, cryptography, NEW_LOT, START_SEC, TestChain, testGenesis } from './support/test-chain.ts';

/*
 * Goal: what the state is at height 0, and what locked MTN can and cannot do as it becomes free.
 * Method: the preset allocation of Muton; available amounts by day, and every way of spending at the border.
 */

const MTN = 10n ** 18n;
const DAY = 86_400;
const QUARTER_SEC = 7_884_000;
const hex = (name: string): string => encodeHex(addressOf(name));
const share = (name: string, amount: bigint) => [{ address: hex(name), amount: String(amount * MTN) }];

const mutonGenesis = (parameters: Record<string, string> = { feePerTransaction: '0', feePerByte: '0' }): GenesisJsonInput =>
  testGenesis({
    parameters,
    allocation: {
      preset: 'muton',
      tranches: {
        presale: share('bob', 60_000_000n),
        sale: share('carol', 140_000_000n),
        founders: share('alice', 80_000_000n),
        reserve: share('reserve', 80_000_000n),
        research: share('research', 40_000_000n),
      },
    },
  });

const available = (chain: TestChain, name: string): bigint => availableOf(executionAtTip(chain.state, chain.chain), addressOf(name), 'MTN');

describe('founders’ MTN', () => {
  test.each([
    [0, 0n],
    [364, 0n],
    [365, 0n],
    [366, 109_589_041_095_890_410_958_904n],
    [730, 40_000_000n * MTN],
    [1095, 80_000_000n * MTN],
    [2000, 80_000_000n * MTN],
  ])('%i days after genesis %d base units are available', (days, amount) => {
    const chain = new TestChain(mutonGenesis());
    chain.wait(days === 0 ? 1 : days * DAY);
    expect(available(chain, 'alice')).toBe(amount);
    expect(chain.amount('alice', 'MTN')).toBe(80_000_000n * MTN);
  });
});

describe('the community’s MTN', () => {
  test('comes in twelve equal quarters, nothing before the first', () => {
    const chain = new TestChain(mutonGenesis());
    const sum = () => available(chain, 'reserve') + available(chain, 'research');
    chain.wait(QUARTER_SEC - 1);
    const seen = [sum()];
    chain.wait(1);
    seen.push(sum());
    for (let quarter = 2; quarter <= 13; quarter++) {
      chain.wait(QUARTER_SEC);
      seen.push(sum());
    }
    expect(seen).toEqual([0n, ...Array.from({ length: 12 }, (_, index) => BigInt(index + 1) * 10_000_000n * MTN), 120_000_000n * MTN]);
  });

  test('is delayed by governance from the steps still to come on', () => {
    const chain = new TestChain(mutonGenesis());
    chain.wait(QUARTER_SEC);
    const free = available(chain, 'reserve');
    enact(chain, 'ProposeRelease', { account: addressOf('reserve'), delaySec: 1000, activationHeight: 0 });
    expect(available(chain, 'reserve')).toBe(free);
    const steps = chain.read(releaseScheduleTable, addressOf('reserve'))?.steps.map(({ atSec }) => atSec - START_SEC) ?? [];
    expect(steps).toEqual(Array.from({ length: 12 }, (_, index) => (index + 1) * QUARTER_SEC + (index === 0 ? 0 : 1000)));
    chain.wait(START_SEC + 2 * QUARTER_SEC + 999 - chain.nowSec);
    expect(available(chain, 'reserve')).toBe(free);
    chain.wait(1);
    expect([free, available(chain, 'reserve')]).toEqual([6_666_666_666_666_666_666_666_667n, 13_333_333_333_333_333_333_333_333n]);
  });
});

describe('locked MTN', () => {
  const locked = () => new TestChain(mutonGenesis());
  const gift = (chain: TestChain, amount: bigint) =>
    chain.run('bob', 'Transfer', { to: addressOf('alice'), asset: 'MTN', amount, memo: '' });

  test('cannot move, be requested, lent, withdrawn, staked or closed; what came besides can', () => {
    const chain = locked();
    const fields = { to: addressOf('carol'), asset: 'MTN', amount: 1n, memo: '' };
    const parties = { lender: addressOf('alice'), borrower: addressOf('carol') };
    const attempts = (amount: bigint) => [
      chain.run('alice', 'Transfer', { ...fields, amount }).code,
      chain.run('alice', 'RequestTransfer', { ...fields, amount, lot: NEW_LOT, expiresAt: 0 }).code,
      chain.run('alice', 'RequestCredit', {
        lot: NEW_LOT,
        ...parties,
        asset: 'MTN',
        amount,
        termsHash: NEW_LOT,
        dueAt: chain.nowSec + 100,
        expiresAt: 0,
      }).code,
      chain.run('alice', 'RequestWithdrawal', { lot: NEW_LOT, asset: 'MTN', amount, destination: 'x', expiresAt: 0 }).code,
    ];
    expect(attempts(1n)).toEqual(Array.from({ length: 4 }, () => 'INSUFFICIENT_BALANCE'));
    expect([chain.run('alice', 'Join', {}).code, chain.run('alice', 'CloseHolding', { asset: 'MTN', destination: 'x' }).code]).toEqual([
      'INSUFFICIENT_BALANCE',
      'INSUFFICIENT_BALANCE',
    ]);
    gift(chain, 4n);
    expect([available(chain, 'alice'), attempts(1n), attempts(1n)[0], available(chain, 'alice')]).toEqual([
      4n,
      ['OK', 'OK', 'OK', 'OK'],
      'INSUFFICIENT_BALANCE',
      0n,
    ]);
  });

  test('pays no fees', () => {
    const chain = new TestChain(mutonGenesis({ feePerTransaction: '5', feePerByte: '0' }));
    const setting = () => chain.transaction('alice', 'SetAccount', { autoAccept: true, dailyLimit: 0n });
    expect(() => chain.block([setting()])).toThrow('0 INSUFFICIENT_FEE_BALANCE');
  });

  test('a schedule locks MTN only', () => {
    const chain = locked();
    const { id } = chain.run('alice', 'RequestDeposit', { lot: NEW_LOT, asset: 'mUSD', amount: 9n, reference: '', expiresAt: 0 });
    chain.run('gateway', 'ConfirmDeposit', { lot: id as never, revision: 0, amount: 9n, externalRef: 'x' });
    expect(chain.run('alice', 'Transfer', { to: addressOf('bob'), asset: 'mUSD', amount: 9n, memo: '' }).code).toBe('OK');
  });
});

describe('height 0', () => {
  test('has the accounts, assets, members and status of the document', () => {
    const chain = new TestChain(testGenesis());
    expect(chain.read(accountTable, addressOf('registrar'))).toEqual({ ...EMPTY_ACCOUNT, level: 2, roles: 1 });
    expect(chain.read(membershipTable, addressOf('registrar'))).toMatchObject({ stake: 0n, joinedAt: 0 });
    expect(chain.holding('alice', 'MTN')).toEqual({ amount: 1000n * MTN, state: 5, pendingIn: 0n, pendingOut: 0n });
    expect([
      chain.read(assetTable, 'mBTC')?.threshold,
      chain.read(assetTable, 'mBOND')?.transferMode,
      chain.supply('MTN'),
      chain.supply('mUSD'),
    ]).toEqual([2, 1, 14_000n * MTN, 0n]);
    expect(chain.read(chainStatusTable, undefined)).toEqual({
      height: 0,
      timestampMs: START_SEC * 1000,
      protocolVersion: 1,
      treasury: addressOf('treasury'),
      audit: addressOf('audit'),
      pending: [],
      removals: [],
      validatorsSince: 0,
    });
    for (const escrow of [systemAddress, stakeEscrow, feeEscrow, bridgeEscrow]) {
      expect(chain.read(accountTable, escrow(cryptography))).toEqual({ ...EMPTY_ACCOUNT, escrow: true });
    }
  });

  test('has a header that commits to the state, the validators and the parameters', () => {
    const chain = new TestChain(testGenesis());
    const set = chain.read(validatorSetTable, undefined) ?? { validators: [] };
    expect(chain.header).toMatchObject({
      height: 0,
      chainId: 7,
      protocolVersion: 1,
      timestampMs: START_SEC * 1000,
      parentHash: new Uint8Array(32),
      proposer: new Uint8Array(20),
      stateRoot: chain.state.stateRoot,
      validatorsHash: validatorsHash(cryptography, set),
      nextValidatorsHash: validatorsHash(cryptography, set),
      parametersHash: parametersHash(cryptography, chain.genesis.parameters),
    });
  });

  test('D17 a genesis whose tranches do not add up is refused, naming the difference', () => {
    const genesis = mutonGenesis();
    if (genesis.allocation.preset !== 'muton') throw new Error('the preset is muton');
    const tranches = { ...genesis.allocation.tranches, founders: [{ address: hex('alice'), amount: String(80_000_000n * MTN - 3n) }] };
    expect(() => new TestChain({ ...genesis, allocation: { preset: 'muton', tranches } })).toThrow('3 too little');
  });
});
