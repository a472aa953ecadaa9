import { type Address, encodeHex, type Genesis, genesisHashOf, genesisValidatorSet, parseGenesis } from '@mutual-chain/protocol';
import {
  accountTable,
  assetTable,
  bridgeEscrow,
  type ChainContext,
  feeEscrow,
  genesisChanges,
  holdingTable,
  type StateKey,
  StateOverlay,
  stakeEscrow,
} from '../../src/index.ts';
import { addressOf, cryptography, START_SEC, testGenesis, validatorJson } from '../support/test-chain.ts';
import { LightState, lightCryptography } from './light-state.ts';
import { keyOf, ShadowLedger, type ShadowSetting } from './shadow-ledger.ts';

/*
 * The state in which every sequence begins, twice: as entries, and as a shadow. Limits are small, so that short sequences reach them, and
 * shares of fees leave a rest, so that its allocation shows.
 */

/** Powers of the validators: no two alike, so that no two shares are. */
const POWERS = [10, 7, 5, 3];
const MTN = 10n ** 18n;
const FOUNDER_MTN = 30n * MTN;
const FOUNDER_LOCK_SEC = 12;
/** What carol may withdraw of an asset a day. */
const DAILY_LIMIT = 700n;
/** MTN that is beyond the bridge already, so that deposits can bring it back. */
const BRIDGED_MTN = 3000n;
const OPENING_BALANCES: readonly (readonly [owner: string, asset: string, amount: bigint])[] = [
  ['alice', 'mUSD', 5000n],
  ['bob', 'mUSD', 3000n],
  ['dave', 'mUSD', 700n],
  ['level1', 'mUSD', 50n],
  ['alice', 'mBOND', 900n],
  ['carol', 'mBOND', 400n],
  ['bob', 'mBTC', 250n],
  ['carol', 'mBTC', 90n],
  ['bridge', 'MTN', BRIDGED_MTN],
];

const LIMITS_OF_CHAIN = {
  stake: MTN,
  openRequestsMax: 5,
  forgetAfterSec: 25,
  staleAfterSec: 60,
  expirySecMax: 60,
  workPerBlockMax: 1,
} as const;

const hex = (name: string): string => encodeHex(addressOf(name));

function genesisJson(fee: bigint) {
  const plain = testGenesis();
  if (!('supply' in plain.allocation)) throw new Error('test chains have an allocation of their own');
  const founder = { name: 'founders', amount: String(FOUNDER_MTN), rule: { kind: 'linear', lockSec: FOUNDER_LOCK_SEC } as const };
  return testGenesis({
    parameters: {
      feePerTransaction: String(fee),
      feePerByte: '0',
      joiningStake: String(LIMITS_OF_CHAIN.stake),
      openLotsPerAccountMax: String(LIMITS_OF_CHAIN.openRequestsMax),
      closedLotRetentionSec: String(LIMITS_OF_CHAIN.forgetAfterSec),
      processingSecMax: String(LIMITS_OF_CHAIN.staleAfterSec),
      requestExpirySecMax: String(LIMITS_OF_CHAIN.expirySecMax),
      scheduledWorkPerBlockMax: String(LIMITS_OF_CHAIN.workPerBlockMax),
    },
    allocation: {
      ...plain.allocation,
      supply: String(BigInt(plain.allocation.supply) + FOUNDER_MTN),
      tranches: [...plain.allocation.tranches, { ...founder, accounts: [{ address: hex('founder'), amount: String(FOUNDER_MTN) }] }],
    },
    members: [
      ...(plain.members ?? []).filter(({ address }) => address !== hex('dave')),
      { address: hex('dave'), level: 2, levelExpiresAt: START_SEC + 20 },
      { address: hex('founder'), level: 2 },
    ],
    validators: POWERS.map((power, index) => validatorJson(7, index, power)),
  });
}

/** Fee of each transaction on chains that have one, in the smallest unit: no share of it comes out even. */
const FEE = 1_003n;

/** What a sequence begins with, twice. */
export type FirstState = {
  readonly entries: ReadonlyMap<StateKey, Uint8Array>;
  /** To be cloned. */
  readonly shadow: ShadowLedger;
  readonly proposer: Address;
  /** MTN that genesis gives out. */
  readonly nativeSupply: bigint;
};

const genesis = parseGenesis(genesisJson(FEE));

/** What all blocks of light runs share; runs with roots use the reference. */
export const lightChain: ChainContext = {
  cryptography: lightCryptography,
  chainId: genesis.chainId,
  genesisHash: genesisHashOf(cryptography, genesis),
};

/** The same with all roots. */
export const rootedChain: ChainContext = { ...lightChain, cryptography };

/** Address of an actor, or of one of the addresses nobody has a key for. */
export const ADDRESSES: ReadonlyMap<string, Address> = new Map<string, Address>([
  ...['alice', 'bob', 'carol', 'dave', 'founder', 'gateway', 'gateway2', 'registrar', 'arbiter', 'level1', 'newcomer'].map(named),
  ...['operator0', 'operator1', 'operator2', 'operator3', 'treasury', 'audit'].map(named),
  ['bridge', bridgeEscrow(cryptography)],
  ['stakes', stakeEscrow(cryptography)],
  ['fees', feeEscrow(cryptography)],
  ['zero', new Uint8Array(20) as Address],
]);

function named(name: string): readonly [string, Address] {
  return [name, addressOf(name)];
}

/** The state in which every sequence on a chain with fees begins. */
export const WITH_FEES: FirstState = createFirstState(FEE);

/** The same on a chain whose transactions cost nothing. */
export const WITHOUT_FEES: FirstState = createFirstState(0n);

function createFirstState(fee: bigint): FirstState {
  const own = parseGenesis(genesisJson(fee));
  const proposer = genesisValidatorSet(own).validators[0]?.address;
  if (proposer === undefined) throw new Error('no validator');
  return { entries: createEntries(own), shadow: createShadow(own, fee), proposer, nativeSupply: own.supply + BRIDGED_MTN };
}

function createEntries(own: Genesis): Map<StateKey, Uint8Array> {
  const entries = new Map<StateKey, Uint8Array>();
  const write = (changes: ReturnType<typeof genesisChanges>): void => {
    for (const { key, value } of changes) if (value !== undefined) entries.set(key, value);
  };
  write(genesisChanges(cryptography, own));
  const state = new StateOverlay(new LightState(entries));
  for (const [owner, asset, amount] of OPENING_BALANCES) {
    const known = state.get(assetTable, asset);
    if (known === undefined) throw new Error(`no asset ${asset}`);
    state.set(assetTable, asset, { ...known, supply: known.supply + amount });
    const holding = { amount, state: 5, generation: 0, pendingIn: 0n, pendingOut: 0n, freeze: 0 };
    state.set(holdingTable, { owner: ADDRESSES.get(owner) ?? addressOf(owner), asset }, holding);
  }
  const carol = state.get(accountTable, addressOf('carol'));
  if (carol === undefined) throw new Error('carol is no member');
  state.set(accountTable, addressOf('carol'), { ...carol, dailyLimit: DAILY_LIMIT });
  write(state.changes());
  return entries;
}

function createShadow(own: Genesis, fee: bigint): ShadowLedger {
  const validators = genesisValidatorSet(own).validators.map(({ operator, power }) => {
    const name = [...ADDRESSES].find(([, address]) => encodeHex(address) === encodeHex(operator))?.[0];
    return { operator: name ?? '', power };
  });
  const setting: ShadowSetting = {
    ...LIMITS_OF_CHAIN,
    fee,
    validators,
    feeSharesBps: [7000n, 2000n, 1000n],
    founder: { name: 'founder', total: FOUNDER_MTN, startSec: START_SEC, lockSec: FOUNDER_LOCK_SEC },
  };
  const shadow = new ShadowLedger(setting, START_SEC);
  for (const { address, level, levelExpiresAt, roles } of genesisJson(fee).members ?? []) {
    const name = [...ADDRESSES].find(([, known]) => encodeHex(known) === address)?.[0] ?? address;
    const granted = { registrar: roles?.includes('registrar') ?? false, arbiter: roles?.includes('arbiter') ?? false };
    Object.assign(shadow.account(name), { level, levelExpiresAt: levelExpiresAt ?? 0, ...granted });
  }
  shadow.account('carol').dailyLimit = DAILY_LIMIT;
  const nobody = { minLevel: 0, freeze: 0, supply: 0n };
  shadow.assets.set('mUSD', { ...nobody, gateways: ['gateway'], threshold: 1, immediate: true });
  shadow.assets.set('mBOND', { ...nobody, gateways: ['gateway'], threshold: 1, immediate: false });
  shadow.assets.set('mBTC', { ...nobody, gateways: ['gateway', 'gateway2'], threshold: 2, immediate: true });
  shadow.assets.set('MTN', { ...nobody, gateways: ['gateway'], threshold: 1, immediate: true, supply: own.supply + BRIDGED_MTN });
  const balances = [...OPENING_BALANCES, ...mtnBalances()];
  for (const [owner, asset, amount] of balances) {
    shadow.balances.set(keyOf(owner, asset), amount);
    shadow.mainStates.set(keyOf(owner, asset), 5);
    const known = shadow.assets.get(asset);
    if (known !== undefined && asset !== 'MTN') known.supply += amount;
  }
  return shadow;
}

function mtnBalances(): readonly (readonly [owner: string, asset: string, amount: bigint])[] {
  const rich = ['alice', 'bob', 'carol', 'dave', 'gateway', 'gateway2', 'registrar', 'arbiter', 'newcomer', 'level1'];
  const operators = ['operator0', 'operator1', 'operator2', 'operator3'];
  return [...[...rich, ...operators].map((name) => [name, 'MTN', 1000n * MTN] as const), ['founder', 'MTN', FOUNDER_MTN] as const];
}
