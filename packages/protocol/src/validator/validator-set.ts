import type { Address, Bytes32, PublicKey } from '../bytes/branded.ts';
import { compareBytes, equalBytes } from '../bytes/byte-order.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { LIMITS } from '../limits.ts';
import { byteStringRoots } from '../merkle/byte-string-roots.ts';
import { listRoot } from '../merkle/list-root.ts';
import { amount128, byteList, type Codec, containerCodec, fixedBytes, listOf, text, uint64 } from '../ssz/codec.ts';

/** A member of the set that decides blocks. */
export type Validator = {
  /** Compressed secp256k1 key that signs votes and proposals. */
  readonly publicKey: PublicKey;
  /** Address of that key: how headers and votes name the validator. */
  readonly address: Address;
  /** Voting power, 1 ≤ power < 2^53. */
  readonly power: bigint;
  /** Proposer priority, may be negative. The highest proposes next. */
  readonly priority: bigint;
  /** Account that runs it: receives fees, proposes and votes. */
  readonly operator: Address;
  /** libp2p peer id of its node. */
  readonly peerId: string;
  /** Multiaddresses where it is reached, separated by commas. */
  readonly addresses: string;
};

/** The validators of one height, ordered by address in byte order, each key once, at least one. */
export type ValidatorSet = { readonly validators: readonly Validator[] };

/** Priorities are stored with this added, so that their bytes are unsigned. */
const PRIORITY_OFFSET = 1n << 127n;

const row = {
  publicKey: fixedBytes<PublicKey>(33),
  address: fixedBytes<Address>(20),
  power: amount128,
  priority: amount128,
  operator: fixedBytes<Address>(20),
  peerId: text(128),
  addresses: text(512),
};

const codec = containerCodec({ validators: listOf(row, LIMITS.validatorsMax) });

/**
 * Canonical bytes of a set. Errors of decode: `PROTOCOL_BYTES_INVALID`, naming the field.
 *
 * What is read is laid out like a set; whether it is one (somebody in it, in order, with power) is for `verifyValidatorSet` to say of a set
 * from outside, and for an audit of a set in the state.
 */
export const validatorSetCodec: Codec<ValidatorSet> = {
  encode: (set) => codec.encode({ validators: set.validators.map((each) => ({ ...each, priority: each.priority + PRIORITY_OFFSET })) }),
  decode: (bytes) => ({
    validators: codec.decode(bytes).validators.map((each) => ({ ...each, priority: each.priority - PRIORITY_OFFSET })),
  }),
};

const hashedRow = containerCodec({ publicKey: row.publicKey, power: amount128, priority: amount128 });

/** Hash of what consensus depends on: public key, power and priority of each validator in order. */
export function validatorsHash(cryptography: Pick<Cryptography, 'sha256Pairs'>, set: ValidatorSet): Bytes32 {
  const rows = set.validators.map(({ publicKey, power, priority }) =>
    hashedRow.encode({ publicKey, power, priority: priority + PRIORITY_OFFSET }),
  );
  return listRoot(cryptography, byteStringRoots(cryptography, rows)) as Uint8Array as Bytes32;
}

/** Sum of all voting power. */
export function totalPower(set: ValidatorSet): bigint {
  let total = 0n;
  for (const { power } of set.validators) total += power;
  return total;
}

/** The validator with this address, or undefined. */
export function validatorAt(set: ValidatorSet, address: Address): Validator | undefined {
  return set.validators.find((validator) => equalBytes(validator.address, address));
}

/** Validators in the order of a set. */
export function inSetOrder(validators: readonly Validator[]): readonly Validator[] {
  return [...validators].sort((left, right) => compareBytes(left.address, right.address));
}

/** Whether validators stand in the order of a set, each address once. */
export function isInSetOrder(validators: readonly Validator[]): boolean {
  return validators.every((each, index) => index === 0 || compareBytes((validators[index - 1] as Validator).address, each.address) < 0);
}

/** The validators in force from a height until the next entry: what old messages are judged against. */
export type ValidatorHistoryEntry = {
  readonly set: ValidatorSet;
  /** Height of the entry before, or the entry's own at genesis. */
  readonly previousSince: number;
};

const historyCodec = containerCodec({ previousSince: uint64, set: byteList(100_000) });

/** Canonical bytes of an entry of the validator history. */
export const validatorHistoryCodec: Codec<ValidatorHistoryEntry> = {
  encode: ({ set, previousSince }) => historyCodec.encode({ previousSince, set: validatorSetCodec.encode(set) }),
  decode: (bytes) => {
    const { set, previousSince } = historyCodec.decode(bytes);
    return { set: validatorSetCodec.decode(set), previousSince };
  },
};
