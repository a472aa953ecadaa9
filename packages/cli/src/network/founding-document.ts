import {
  ALLOCATION_PRESETS,
  type AllocationJson,
  type AssetJson,
  formatAddress,
  type GenesisJsonInput,
  type KeyPair,
  type MemberJson,
  type PresetName,
  type ShareJson,
  type ValidatorJson,
} from '@mutual-chain/protocol';
import { type AccountPlan, OPERATOR_INDEX_FIRST, TEST_ACCOUNTS, TEST_MEMBERS } from './test-accounts.ts';

/** How a new network begins: a devnet with test accounts, or an allocation of the protocol with accounts of its own. */
export type NetworkPreset = 'devnet' | PresetName;

/** An account of a new network with its keys. */
export type NetworkAccount = AccountPlan & { readonly keyPair: KeyPair };

/** What the genesis document of a new network is made from. */
export type FoundingOptions = {
  readonly preset: NetworkPreset;
  readonly chainId: number;
  readonly networkName: string;
  /** Genesis time, ms since 1970. */
  readonly timestampMs: number;
  /** Parameters that differ from the defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly accounts: readonly NetworkAccount[];
  readonly validators: readonly ValidatorJson[];
};

const MTN = 10n ** 18n;

/** MTN of every account of a devnet that is somebody: enough for anything that one tries. */
const TEST_BALANCE = 1_000_000n * MTN;

/** Supply of a devnet. */
const TEST_SUPPLY = 400_000_000n * MTN;

/** MTN for fees of who has work to do from the first block on, out of the sale. */
const WORKING_BALANCE = 1000n * MTN;

/** Accounts with work to do in a network that is no devnet, by role. */
const WORKING_ROLES: readonly string[] = ['registrar', 'committee', 'arbiter', 'operator'];

/** The accounts that a network of this preset needs, one operator for each validator among them. */
export function plannedAccounts(preset: NetworkPreset, validators: number): readonly AccountPlan[] {
  const operators = Array.from({ length: validators }, (_, index) => ({
    name: `operator${index + 1}`,
    role: 'operator',
    index: OPERATOR_INDEX_FIRST + index,
  }));
  if (preset === 'devnet') return [...TEST_ACCOUNTS, ...operators];
  const offices = ['registrar', 'committee', 'arbiter', 'treasury', 'audit'];
  const tranches = ALLOCATION_PRESETS[preset].tranches.map(({ name }) => name);
  const named = [...offices.map((name) => ({ name, role: name })), ...tranches.map((name) => ({ name, role: 'tranche' }))];
  return [...named.map((each, index) => ({ ...each, index })), ...operators];
}

/** The genesis document of a new network. */
export function foundingDocument(options: FoundingOptions): GenesisJsonInput {
  const { preset, chainId, networkName, timestampMs, parameters, accounts, validators } = options;
  return {
    chainId,
    networkName,
    timestampMs,
    protocolVersion: 1,
    parameters: { ...parameters },
    allocation: preset === 'devnet' ? testAllocation(accounts) : presetAllocation(preset, accounts),
    assets: preset === 'devnet' ? testAssets(accounts) : [],
    members: membersOf(accounts),
    treasury: addressOf(accounts, 'treasury'),
    audit: addressOf(accounts, 'audit'),
    validators: [...validators],
  };
}

/** Address of an account by its name, as documents write it. */
export function addressOf(accounts: readonly NetworkAccount[], name: string): string {
  return formatAddress(accountOf(accounts, name).keyPair.address);
}

/** An account by its name, which a plan of the same network has. */
export function accountOf(accounts: readonly NetworkAccount[], name: string): NetworkAccount {
  const account = accounts.find((each) => each.name === name);
  if (account === undefined) throw new RangeError(`the network has no account ${name}`);
  return account;
}

function testAllocation(accounts: readonly NetworkAccount[]): AllocationJson {
  const funded = accounts.filter(({ role }) => role !== 'newcomer' && role !== 'treasury' && role !== 'audit');
  const given = BigInt(funded.length) * TEST_BALANCE;
  const shares = [...funded.map(({ name }) => shareOf(accounts, name, TEST_BALANCE)), shareOf(accounts, 'treasury', TEST_SUPPLY - given)];
  const tranche = { name: 'test', amount: String(TEST_SUPPLY), rule: { kind: 'liquid' as const }, accounts: shares };
  return { preset: 'custom', supply: String(TEST_SUPPLY), tranches: [tranche] };
}

function presetAllocation(preset: PresetName, accounts: readonly NetworkAccount[]): AllocationJson {
  const working = accounts.filter(({ role }) => WORKING_ROLES.includes(role));
  const given = BigInt(working.length) * WORKING_BALANCE;
  const tranches = ALLOCATION_PRESETS[preset].tranches.map(({ name, amount }) => {
    if (name !== 'sale') return [name, [shareOf(accounts, name, amount)]];
    return [name, [shareOf(accounts, name, amount - given), ...working.map((each) => shareOf(accounts, each.name, WORKING_BALANCE))]];
  });
  return { preset, tranches: Object.fromEntries(tranches) as Record<string, ShareJson[]> };
}

function shareOf(accounts: readonly NetworkAccount[], name: string, amount: bigint): ShareJson {
  return { address: addressOf(accounts, name), amount: String(amount) };
}

function testAssets(accounts: readonly NetworkAccount[]): AssetJson[] {
  const asset = (id: string, name: string, transferMode: AssetJson['transferMode']): AssetJson => {
    return { id, name, decimals: 2, kind: 'GATEWAY', gateways: [addressOf(accounts, 'gateway')], threshold: 1, minLevel: 0, transferMode };
  };
  return [asset('mUSD', 'US dollar at the gateway', 'IMMEDIATE'), asset('mBOND', 'Bond at the gateway', 'CONFIRMED')];
}

function membersOf(accounts: readonly NetworkAccount[]): Pick<MemberJson, 'address' | 'level' | 'roles'>[] {
  const levels: Readonly<Record<string, number>> = { registrar: 2, committee: 2, arbiter: 2, gateway: 3 };
  const isMember = ({ name, role }: NetworkAccount): boolean => role in levels || TEST_MEMBERS.some((each) => each === name);
  return accounts.filter(isMember).map(({ role, keyPair }) => ({
    address: formatAddress(keyPair.address),
    level: levels[role] ?? 2,
    roles: role === 'registrar' || role === 'committee' || role === 'arbiter' ? [role] : [],
  }));
}
