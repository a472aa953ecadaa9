import { allocate } from '../amount/allocate.ts';
import { parseAmount, SUPPLY_MAX } from '../amount/amount.ts';
import { BPS_WHOLE } from '../amount/rounding.ts';
import { parseAddress } from '../bytes/address-text.ts';
import type { Address, Bytes32, GenesisHash, PublicKey, Signature } from '../bytes/branded.ts';
import { compareBytes, equalBytes } from '../bytes/byte-order.ts';
import { decodeHex, encodeHex } from '../bytes/hex.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { referenceCryptography } from '../cryptography/reference.ts';
import { protocolError } from '../errors.ts';
import { bridgeEscrow, feeEscrow, stakeEscrow, systemAddress } from '../keys/escrow-address.ts';
import { addressOfPublicKey } from '../keys/key-pair.ts';
import { LIMITS } from '../limits.ts';
import { type Parameters, parametersCodec, parametersFrom } from '../parameters/parameters.ts';
import { amount128, byteList, containerCodec, fixedBytes, listOf, text, uint8, uint16, uint32, uint64 } from '../ssz/codec.ts';
import { ROLES } from '../state-entry/account.ts';
import { ASSET_KINDS, type AssetKind, NATIVE_ASSET, TRANSFER_MODES, type TransferMode } from '../state-entry/asset.ts';
import { verifyPossession } from '../validator/possession.ts';
import { inSetOrder, type Validator, type ValidatorSet } from '../validator/validator-set.ts';
import { ALLOCATION_PRESETS, type TrancheDefinition, type TrancheRule } from './allocation-presets.ts';
import { ASSETS_MAX, type GenesisJson, genesisShape, type TrancheJson } from './genesis-json.ts';
import { sortedNames } from './json-names.ts';
import { QUARTER_SEC, type ReleaseSchedule, type ReleaseStep, releaseScheduleCodec } from './release-schedule.ts';

/** MTN of one account at genesis, with what locks it. */
export type GenesisBalance = { readonly address: Address; readonly amount: bigint; readonly schedule: ReleaseSchedule | undefined };

/** An asset at genesis; its supply is zero, except MTN's. */
export type GenesisAsset = {
  readonly id: string;
  readonly name: string;
  readonly decimals: number;
  readonly kind: AssetKind;
  readonly gateways: readonly Address[];
  readonly threshold: number;
  readonly minLevel: number;
  readonly transferMode: TransferMode;
};

/** What is on file for an account at genesis. */
export type GenesisMember = {
  readonly address: Address;
  readonly level: number;
  readonly levelExpiresAt: number;
  readonly credentialHash: Bytes32;
  readonly jurisdiction: string;
  /** Bits of `ROLES`. */
  readonly roles: number;
};

/** A validator at genesis with the proof that its key's holder agrees. */
export type GenesisValidator = Omit<Validator, 'priority'> & { readonly possession: Signature };

/** A checked genesis document: the chain's identity and its first state. Lists, also of gateways, are in byte order of their keys. */
export type Genesis = {
  readonly chainId: number;
  readonly networkName: string;
  readonly timestampMs: number;
  readonly protocolVersion: number;
  readonly parameters: Parameters;
  /** MTN in all, base units. */
  readonly supply: bigint;
  readonly balances: readonly GenesisBalance[];
  readonly assets: readonly GenesisAsset[];
  readonly members: readonly GenesisMember[];
  readonly treasury: Address;
  readonly audit: Address;
  readonly validators: readonly GenesisValidator[];
};

const MS_PER_SEC = 1000;

/** More levels than the shape of a document has. */
const DEPTH_MAX = 8;

/**
 * Reads and checks a genesis document.
 *
 * Errors: `PROTOCOL_GENESIS_INVALID` naming the path and the remedy; `PROTOCOL_GENESIS_SUM_WRONG` naming the difference in base units;
 * `PROTOCOL_PARAMETER_INVALID`, `PROTOCOL_ADDRESS_INVALID` and `PROTOCOL_AMOUNT_INVALID` naming the path.
 */
export function parseGenesis(json: unknown, cryptography: Cryptography = referenceCryptography): Genesis {
  const prototype = pathOfPrototype(json, DEPTH_MAX);
  if (prototype !== undefined) throw invalid(prototype, `${prototype}: is no field of a genesis document; remove it`);
  const parsed = genesisShape.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const field = [...(issue?.path ?? []), ...unknown].join('.');
    throw invalid(field, `${field === '' ? 'the document' : field}: ${issue?.message ?? 'is malformed'}; correct it in the genesis file`);
  }
  const document = parsed.data;
  const members = membersOf(document);
  return {
    chainId: document.chainId,
    networkName: document.networkName,
    timestampMs: document.timestampMs,
    protocolVersion: document.protocolVersion,
    parameters: parametersFrom(document.parameters),
    ...balancesOf(document),
    assets: assetsOf(document, members),
    members,
    treasury: accountFrom(document.treasury, 'treasury'),
    audit: accountFrom(document.audit, 'audit'),
    validators: validatorsOf(document, cryptography),
  };
}

/** The validator set that decides the first blocks: all priorities start at zero. */
export function genesisValidatorSet(genesis: Genesis): ValidatorSet {
  const validators = genesis.validators.map(({ possession: _possession, ...validator }) => ({ ...validator, priority: 0n }));
  return { validators: inSetOrder(validators) };
}

const codec = containerCodec({
  chainId: uint64,
  networkName: text(256),
  timestampMs: uint64,
  protocolVersion: uint32,
  parameters: byteList(8192),
  supply: amount128,
  balances: listOf({ address: fixedBytes<Address>(20), amount: amount128, schedule: byteList(8192) }, LIMITS.genesisAccountsMax),
  assets: listOf(
    {
      id: text(16),
      name: text(256),
      decimals: uint8,
      kind: uint8,
      gateways: listOf({ address: fixedBytes<Address>(20) }, 16),
      threshold: uint8,
      minLevel: uint8,
      transferMode: uint8,
    },
    // Those of the document, and MTN.
    ASSETS_MAX + 1,
  ),
  members: listOf(
    {
      address: fixedBytes<Address>(20),
      level: uint8,
      levelExpiresAt: uint64,
      credentialHash: fixedBytes<Bytes32>(32),
      jurisdiction: text(64),
      roles: uint16,
    },
    LIMITS.genesisAccountsMax,
  ),
  treasury: fixedBytes<Address>(20),
  audit: fixedBytes<Address>(20),
  validators: listOf(
    {
      publicKey: fixedBytes<PublicKey>(33),
      power: amount128,
      operator: fixedBytes<Address>(20),
      peerId: text(128),
      addresses: text(512),
      possession: fixedBytes<Signature>(65),
    },
    LIMITS.validatorsMax,
  ),
});

const HASH_DOMAIN = encodeUtf8('mutual-chain/genesis/v1');

/** Canonical bytes of a checked genesis document: the same whatever the order and spelling of its JSON. */
export function encodeGenesis(genesis: Genesis): Uint8Array {
  return codec.encode({
    ...genesis,
    parameters: parametersCodec.encode(genesis.parameters),
    balances: genesis.balances.map(({ address, amount, schedule }) => ({
      address,
      amount,
      schedule: schedule === undefined ? new Uint8Array(0) : releaseScheduleCodec.encode(schedule),
    })),
    assets: genesis.assets.map((asset) => ({
      ...asset,
      kind: ASSET_KINDS.indexOf(asset.kind),
      gateways: asset.gateways.map((address) => ({ address })),
      transferMode: TRANSFER_MODES.indexOf(asset.transferMode),
    })),
  });
}

/** Identity of a chain: SHA-256(domain ‖ canonical bytes of its genesis document). The salt of its typed-data domain. */
export function genesisHashOf(cryptography: Pick<Cryptography, 'sha256'>, genesis: Genesis): GenesisHash {
  const bytes = encodeGenesis(genesis);
  const preimage = new Uint8Array(HASH_DOMAIN.length + bytes.length);
  preimage.set(HASH_DOMAIN);
  preimage.set(bytes, HASH_DOMAIN.length);
  return cryptography.sha256(preimage) as GenesisHash;
}

type Share = { readonly address: Address; readonly amount: bigint };
type Tranche = TrancheDefinition & { readonly field: string; readonly shares: readonly Share[] };
type Steps = ReleaseSchedule['steps'];

function tranchesOf(document: GenesisJson): { readonly supply: bigint; readonly tranches: readonly Tranche[] } {
  const { allocation } = document;
  if (allocation.preset === 'custom') {
    const supply = supplyFrom(allocation.supply, 'allocation.supply');
    const tranches = allocation.tranches.map((each, index) => {
      const field = `allocation.tranches.${index}`;
      if (allocation.tranches.findIndex(({ name }) => name === each.name) !== index) {
        throw invalid(`${field}.name`, `tranche ${each.name} is defined twice; rename one`);
      }
      return {
        name: each.name,
        field,
        amount: sizeOf(each, supply, field),
        rule: each.rule,
        shares: sharesOf(each.accounts, `${field}.accounts`),
      };
    });
    return { supply, tranches };
  }
  const preset = ALLOCATION_PRESETS[allocation.preset];
  const names: readonly string[] = preset.tranches.map(({ name }) => name);
  const unknown = sortedNames(allocation.tranches).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalid(`allocation.tranches.${unknown}`, `preset ${allocation.preset} has the tranches ${names.join(', ')}, not ${unknown}`);
  }
  const tranches = preset.tranches.map((definition) => {
    const field = `allocation.tranches.${definition.name}`;
    return { ...definition, field, shares: sharesOf(allocation.tranches[definition.name] ?? [], field) };
  });
  return { supply: preset.supply, tranches };
}

function supplyFrom(text: string, field: string): bigint {
  const supply = parseAmount(text, field);
  if (supply <= SUPPLY_MAX) return supply;
  const difference = supply - SUPPLY_MAX;
  const message = `${field} is ${difference} above the largest supply an asset may have, 2^127 - 1 base units; lower it`;
  throw protocolError('PROTOCOL_GENESIS_INVALID', message, { field, max: SUPPLY_MAX, amount: supply, difference });
}

function sizeOf({ amount, bps }: TrancheJson, supply: bigint, field: string): bigint {
  if (amount !== undefined) return parseAmount(amount, `${field}.amount`);
  const share = supply * BigInt(bps ?? 0);
  if (share % BPS_WHOLE !== 0n) throw invalid(`${field}.bps`, `${bps} bps of ${supply} is no whole number of base units; give an amount`);
  return share / BPS_WHOLE;
}

function sharesOf(accounts: readonly { readonly address: string; readonly amount: string }[], path: string): Share[] {
  return accounts.map(({ address, amount }, index) => ({
    address: accountFrom(address, `${path}.${index}.address`),
    amount: parseAmount(amount, `${path}.${index}.amount`),
  }));
}

function balancesOf(document: GenesisJson): Pick<Genesis, 'supply' | 'balances'> {
  const { supply, tranches } = tranchesOf(document);
  checkSum(
    'allocation',
    supply,
    tranches.map(({ amount }) => amount),
    'the tranches',
  );
  for (const { name, field, amount, shares } of tranches) {
    checkSum(
      field,
      amount,
      shares.map((share) => share.amount),
      `the accounts of tranche ${name}`,
    );
  }
  const startSec = Math.floor(document.timestampMs / MS_PER_SEC);
  const owned = tranches.flatMap(({ field, rule, shares }) => shares.map((share) => ({ ...share, field, rule })));
  // In order before anything is allocated, so that left-over units do not depend on the order of the document.
  const accounts = inAddressOrder(owned, 'allocation');
  const quartersOf = quarterlySteps(accounts, startSec);
  const balances = accounts.map((account) => {
    const { address, amount, rule } = account;
    return { address, amount, schedule: scheduleOf(rule, amount, startSec, quartersOf.get(account)) };
  });
  return { supply, balances };
}

function checkSum(field: string, whole: bigint, parts: readonly bigint[], what: string): void {
  const sum = parts.reduce((total, part) => total + part, 0n);
  if (sum === whole) return;
  const difference = whole - sum;
  const direction = difference > 0n ? 'too little' : 'too much';
  const size = difference > 0n ? difference : -difference;
  const message = `${what} add up to ${sum}, not ${whole}: ${size} ${direction}; change them so that they match`;
  throw protocolError('PROTOCOL_GENESIS_SUM_WRONG', message, { field, expected: whole, sum, difference });
}

function scheduleOf(rule: TrancheRule, total: bigint, startSec: number, quarters: Steps | undefined): ReleaseSchedule | undefined {
  if (rule.kind === 'liquid') return undefined;
  if (rule.kind === 'linear') return { kind: 'LINEAR', total, startSec, lockSec: rule.lockSec, steps: [] };
  if (rule.kind === 'quarterly') return { kind: 'COMMUNITY', total, startSec, lockSec: 0, steps: quarters ?? [] };
  return { kind: 'STEPS', total, startSec, lockSec: 0, steps: stepsOf(rule, total, startSec) };
}

/** Steps that depend on the rule alone; those of quarters depend on all accounts together. */
function stepsOf(rule: TrancheRule & { readonly kind: 'cliff' | 'steps' }, total: bigint, startSec: number): Steps {
  if (rule.kind === 'cliff') return [{ atSec: startSec + rule.lockSec, cumulative: total }];
  return rule.steps.map(({ afterSec, bps }) => ({ atSec: startSec + afterSec, cumulative: (total * BigInt(bps)) / BPS_WHOLE }));
}

type Account = Share & { readonly field: string; readonly rule: TrancheRule };

/**
 * Steps of all quarterly accounts together: after quarter q of n they have received exactly q/n of their joint total (rounded down), split
 * among them by `allocate`.
 */
function quarterlySteps(accounts: readonly Account[], startSec: number): ReadonlyMap<Account, Steps> {
  const quarterly = accounts.filter(({ rule }) => rule.kind === 'quarterly');
  const quarters = quarterly.reduce((most, { rule }) => (rule.kind === 'quarterly' ? Math.max(most, rule.quarters) : most), 0);
  const unequal = quarterly.find(({ rule }) => rule.kind === 'quarterly' && rule.quarters !== quarters);
  if (unequal !== undefined)
    throw invalid(`${unequal.field}.rule.quarters`, 'all quarterly tranches must have the same number of quarters');
  const amounts = quarterly.map(({ amount }) => amount);
  const total = amounts.reduce((sum, amount) => sum + amount, 0n);
  const steps = new Map<Account, ReleaseStep[]>(quarterly.map((account) => [account, []]));
  if (total === 0n) return steps;
  for (let quarter = 1; quarter <= quarters; quarter++) {
    const parts = allocate((total * BigInt(quarter)) / BigInt(quarters), amounts);
    for (const [index, account] of quarterly.entries()) {
      const known = steps.get(account) ?? [];
      const cumulative = parts[index] ?? 0n;
      const before = known[known.length - 1]?.cumulative ?? 0n;
      if (cumulative < before) throw invalid(account.field, 'a quarterly account must hold more than a few base units');
      known.push({ atSec: startSec + quarter * QUARTER_SEC, cumulative });
    }
  }
  return steps;
}

function assetsOf(document: GenesisJson, members: readonly GenesisMember[]): GenesisAsset[] {
  const native: GenesisAsset = {
    id: NATIVE_ASSET,
    name: 'Muton',
    decimals: 18,
    kind: 'NATIVE',
    gateways: [],
    threshold: 0,
    minLevel: 0,
    transferMode: 'IMMEDIATE',
  };
  const named = document.assets.map((asset, index): GenesisAsset => {
    const field = `assets.${index}`;
    const gateways = gatewaysOf(asset.gateways, `${field}.gateways`, members);
    const isNative = asset.id === NATIVE_ASSET;
    if (isNative !== (asset.kind === 'NATIVE')) throw invalid(`${field}.kind`, `only ${NATIVE_ASSET} is NATIVE, and it always is`);
    if (isNative && asset.decimals !== 18) throw invalid(`${field}.decimals`, `${NATIVE_ASSET} has 18 decimals`);
    const threshold = gateways.length === 0 ? asset.threshold === 0 : asset.threshold >= 1 && asset.threshold <= gateways.length;
    if (!threshold)
      throw invalid(`${field}.threshold`, `threshold must be from 1 to the number of gateways (${gateways.length}), or 0 without`);
    return { ...asset, gateways };
  });
  const all = named.some(({ id }) => id === NATIVE_ASSET) ? named : [native, ...named];
  const sorted = [...all].sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
  const twice = sorted.find(({ id }, index) => sorted[index - 1]?.id === id);
  if (twice !== undefined) throw invalid('assets', `asset ${twice.id} is defined twice; remove one`);
  return sorted;
}

function membersOf(document: GenesisJson): GenesisMember[] {
  const members = document.members.map((member, index) => ({
    address: accountFrom(member.address, `members.${index}.address`),
    level: member.level,
    levelExpiresAt: member.levelExpiresAt,
    credentialHash: decodeHex(member.credentialHash) as Bytes32,
    jurisdiction: member.jurisdiction,
    roles: member.roles.reduce((bits, role) => bits | ROLES[role], 0),
  }));
  return inAddressOrder(members, 'members');
}

function validatorsOf(document: GenesisJson, cryptography: Cryptography): GenesisValidator[] {
  const validators = document.validators.map((each, index): GenesisValidator => {
    const publicKey = decodeHex(each.publicKey) as PublicKey;
    const operator = accountFrom(each.operator, `validators.${index}.operator`);
    const possession = decodeHex(each.possession) as Signature;
    if (!verifyPossession(cryptography, document.chainId, { publicKey, operator }, possession)) {
      const remedy = 'sign the possession digest of this chain id and operator with the validator key';
      throw invalid(`validators.${index}.possession`, `possession is not the key's signature; ${remedy}`);
    }
    const { peerId, addresses } = each;
    return { publicKey, address: addressOfPublicKey(publicKey), power: BigInt(each.power), operator, peerId, addresses, possession };
  });
  return inAddressOrder(validators, 'validators');
}

function gatewaysOf(texts: readonly string[], path: string, members: readonly GenesisMember[]): Address[] {
  const gateways: Address[] = [];
  for (const [index, text] of texts.entries()) {
    const field = `${path}.${index}`;
    const gateway = parseAddress(text, field);
    if (members.find(({ address }) => equalBytes(address, gateway))?.level !== 3) {
      throw invalid(field, `gateway ${encodeHex(gateway)} must be listed in members with level 3`);
    }
    if (gateways.some((other) => equalBytes(other, gateway))) {
      throw invalid(field, `gateway ${encodeHex(gateway)} is named twice; remove one`);
    }
    gateways.push(gateway);
  }
  return gateways.sort(compareBytes);
}

function inAddressOrder<Item extends { readonly address: Address }>(items: readonly Item[], field: string): Item[] {
  const sorted = [...items].sort((left, right) => compareBytes(left.address, right.address));
  const twice = sorted.find(({ address }, index) => index > 0 && equalBytes(address, (sorted[index - 1] as Item).address));
  if (twice !== undefined) throw invalid(field, `${encodeHex(twice.address)} stands twice in ${field}; remove one`);
  return sorted;
}

/** Path of a field named `__proto__`, which JSON can hold and shapes pass over in silence, or undefined. */
function pathOfPrototype(json: unknown, depth: number): string | undefined {
  if (depth === 0 || typeof json !== 'object' || json === null) return undefined;
  if (Object.hasOwn(json, '__proto__')) return '__proto__';
  const table = json as Readonly<Record<string, unknown>>;
  for (const name of sortedNames(table)) {
    const path = pathOfPrototype(table[name], depth - 1);
    if (path !== undefined) return `${name}.${path}`;
  }
  return undefined;
}

/** What the ledger keeps under addresses of its own: money put there at genesis would break the sums it is held to. */
const RESERVED_ADDRESSES = [
  { name: 'the system', address: systemAddress(referenceCryptography) },
  { name: 'the membership escrow', address: stakeEscrow(referenceCryptography) },
  { name: 'the fee escrow', address: feeEscrow(referenceCryptography) },
  { name: 'the bridge escrow', address: bridgeEscrow(referenceCryptography) },
] as const;

/** An account that somebody can have the key of. */
function accountFrom(text: string, field: string): Address {
  const address = parseAddress(text, field);
  if (address.every((byte) => byte === 0)) throw invalid(field, `${field} is the zero address, which is nobody's; name an account`);
  const reserved = RESERVED_ADDRESSES.find((each) => equalBytes(each.address, address));
  if (reserved !== undefined) {
    throw invalid(field, `${field} is the address of ${reserved.name}, which nobody has the key of; name an account of somebody`);
  }
  return address;
}

function invalid(field: string, message: string): Error {
  return protocolError('PROTOCOL_GENESIS_INVALID', message, { field });
}
