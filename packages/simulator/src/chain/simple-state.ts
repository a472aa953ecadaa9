import {
  type Address,
  advanceHeight,
  applyValidatorChanges,
  type BlockHash,
  type Bytes32,
  centred,
  equalBytes,
  inSetOrder,
  type StateRoot,
  type Validator,
  type ValidatorSet,
} from '@mutual-chain/protocol';
import { type SimulatedKey, sha256 } from '../cryptography/mac-cryptography.ts';

/** A change of validators that is decided and waits for its height. */
export type PendingChange = { readonly activationHeight: number; readonly validator: number; readonly power: bigint };

/** The state of the simple chain after a height. Immutable. */
export type SimpleState = {
  readonly height: number;
  readonly blockHash: BlockHash;
  readonly timestampMs: number;
  readonly stateRoot: StateRoot;
  /** Money and next nonce of each account. */
  readonly balances: readonly number[];
  readonly nonces: readonly number[];
  /** Validators of the next height, and of the one after it. */
  readonly validators: ValidatorSet;
  readonly nextValidators: ValidatorSet;
  readonly pending: readonly PendingChange[];
  /** Sets of the heights of which evidence is taken, ascending; the last is that of the next height. */
  readonly sets: readonly { readonly height: number; readonly validators: ValidatorSet }[];
  /** Ids of evidence that is accepted and not too old to be offered again, in hex. */
  readonly evidence: readonly { readonly height: number; readonly id: string }[];
};

/** What every node of a run knows of the simple chain. */
export type SimpleRules = {
  /** Everybody who can be a validator, by number. */
  readonly roster: readonly SimulatedKey[];
  /** Numbers of the validators that may be faulty: no change may give them a third of the power. */
  readonly suspects: readonly number[];
  /** What tags of transactions follow from. */
  readonly secret: number;
  /** Whether evidence removes its validator, if enough of them stay. */
  readonly isRemovalOn: boolean;
};

/** Number of accounts. */
export const ACCOUNTS = 6;
/** Money of each account at the beginning. */
export const OPENING_BALANCE = 20_000;
/** Heights for which evidence is taken. */
export const EVIDENCE_AGE_HEIGHTS = 24;
/** Changes that may wait at a time. */
export const PENDING_CHANGES_MAX = 8;

/** The state before the first block. */
export function createSimpleState(rules: SimpleRules, powers: readonly bigint[]): SimpleState {
  const members = powers.flatMap((power, index) => (power > 0n ? [memberOf(rules, index, power)] : []));
  const validators = centred({ validators: inSetOrder(members) });
  const nextValidators = advanceHeight(validators);
  const state = {
    height: 0,
    blockHash: new Uint8Array(32) as BlockHash,
    timestampMs: 0,
    balances: Array.from({ length: ACCOUNTS }, () => OPENING_BALANCE),
    nonces: Array.from({ length: ACCOUNTS }, () => 0),
    validators,
    nextValidators,
    pending: [],
    sets: [{ height: 1, validators }],
    evidence: [],
  };
  return { ...state, stateRoot: stateRootOf(new Uint8Array(32), state) };
}

function memberOf({ roster }: SimpleRules, index: number, power: bigint): Validator {
  const { publicKey, address } = roster[index] as SimulatedKey;
  return { publicKey, address, power, priority: 0n, operator: address, peerId: '', addresses: '' };
}

/** The set of the height after the next: one turn further, with the changes that are due. */
export function setAfter(rules: SimpleRules, set: ValidatorSet, height: number, pending: readonly PendingChange[]): ValidatorSet {
  const changes = pending.filter(({ activationHeight }) => activationHeight <= height);
  const advanced = advanceHeight(set);
  if (changes.length === 0) return advanced;
  const rows = changes.map(({ validator, power }) => {
    const { priority, ...row } = memberOf(rules, validator, power);
    return row;
  });
  return applyValidatorChanges(advanced, rows) ?? advanced;
}

/**
 * Whether all waiting changes leave somebody, and less than a third of the power with those who may be faulty, at every height at which some of
 * them become active.
 */
export function areChangesSafe(rules: SimpleRules, set: ValidatorSet, pending: readonly PendingChange[]): boolean {
  const powers = new Map<number, bigint>();
  for (const { address, power } of set.validators) powers.set(indexOf(rules, address), power);
  const heights = [...new Set(pending.map(({ activationHeight }) => activationHeight))].sort((left, right) => left - right);
  return [-1, ...heights].every((height) => {
    for (const change of pending) if (change.activationHeight === height) powers.set(change.validator, change.power);
    let total = 0n;
    let suspect = 0n;
    for (const [index, power] of powers) {
      total += power;
      if (rules.suspects.includes(index)) suspect += power;
    }
    return total > 0n && suspect * 3n < total;
  });
}

/** Number of a validator by its address, or −1. */
export function indexOf({ roster }: SimpleRules, address: Address): number {
  return roster.findIndex((key) => equalBytes(key.address, address));
}

const setHashes = new WeakMap<ValidatorSet, Bytes32>();

/** Hash of a set: address, power and priority of each member in order. */
export function simpleSetHash(set: ValidatorSet): Bytes32 {
  const known = setHashes.get(set);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(set.validators.length * 36);
  const view = new DataView(bytes.buffer);
  for (const [index, { address, power, priority }] of set.validators.entries()) {
    bytes.set(address, index * 36);
    view.setBigUint64(index * 36 + 20, power);
    view.setBigInt64(index * 36 + 28, priority);
  }
  const digest = sha256(bytes) as Bytes32;
  setHashes.set(set, digest);
  return digest;
}

type Hashed = Omit<SimpleState, 'stateRoot' | 'blockHash' | 'sets'>;

/** Hash of the state before and of everything that a block may change. */
export function stateRootOf(before: Uint8Array, state: Hashed): StateRoot {
  const bytes = new Uint8Array(112 + ACCOUNTS * 8 + state.pending.length * 16 + state.evidence.length * 32);
  const view = new DataView(bytes.buffer);
  bytes.set(before);
  bytes.set(simpleSetHash(state.validators), 32);
  bytes.set(simpleSetHash(state.nextValidators), 64);
  view.setBigUint64(96, BigInt(state.height));
  view.setBigUint64(104, BigInt(state.timestampMs));
  let at = 112;
  for (const number of [...state.balances, ...state.nonces]) {
    view.setUint32(at, number);
    at += 4;
  }
  for (const { activationHeight, validator, power } of state.pending) {
    view.setUint32(at, activationHeight);
    view.setUint32(at + 4, validator);
    view.setBigUint64(at + 8, power);
    at += 16;
  }
  for (const { id } of state.evidence) {
    bytes.set(Buffer.from(id, 'hex'), at);
    at += 32;
  }
  return sha256(bytes) as StateRoot;
}
