import { utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * First byte of each state key: what kind of entry it is. The rest of the key is the entry's identity.
 *
 * Keys are 1–47 bytes. A namespace is never reused. Byte order of keys is the order of iteration; only `schedule` relies on it.
 */
export const STATE_NAMESPACES = {
  /** Singletons: one more byte from `SINGLETONS`. */
  singleton: 0x00,
  /** address (20) → Account */
  account: 0x01,
  /** address (20) ‖ asset id (2–16) → Holding */
  holding: 0x02,
  /** lot id (32) → Lot */
  lot: 0x03,
  /** asset id (2–16) → Asset */
  asset: 0x04,
  /** lot id (32) → Debt */
  debt: 0x05,
  /** transaction id (32) → Proposal */
  proposal: 0x06,
  /** SHA-256(asset id ‖ 0x00 ‖ external reference) (32) → lot id */
  externalReference: 0x07,
  /** due unix seconds (8, big-endian) ‖ kind (1) ‖ id (32) → one byte 1. The only ordered namespace. */
  schedule: 0x08,
  /** address (20) → release schedule of the account's MTN */
  releaseSchedule: 0x09,
  /** address (20) → Membership */
  membership: 0x0a,
  /** SHA-256(owner ‖ delegate ‖ asset id) (32) → Delegation */
  delegation: 0x0b,
  /** SHA-256(owner ‖ gateway ‖ asset id) (32) → DepositAuthorization */
  depositAuthorization: 0x0c,
  /** evidence id (32) → height at which it was committed */
  evidence: 0x0d,
  /** height (8, big-endian) → validator set in force from that height */
  validatorHistory: 0x0e,
  /** SHA-256(peer id) (32) → AdmittedPeer */
  peer: 0x0f,
  /** address (20) ‖ asset id (2–16) → WithdrawalDay */
  withdrawalDay: 0x10,
  /** address (20) → DailyLimitRaise */
  dailyLimitRaise: 0x11,
} as const;

/** Second byte of a singleton's key. */
export const SINGLETONS = { chainStatus: 0x00, parameters: 0x01, validatorSet: 0x02 } as const;

/** Key bytes of an account. */
export function accountKeyBytes(address: Uint8Array): Uint8Array {
  return keyBytes(STATE_NAMESPACES.account, address);
}

/** Key bytes of a holding. */
export function holdingKeyBytes(owner: Uint8Array, asset: string): Uint8Array {
  return keyBytes(STATE_NAMESPACES.holding, owner, utf8ToBytes(asset));
}

/** Key bytes of a lot. */
export function lotKeyBytes(id: Uint8Array): Uint8Array {
  return keyBytes(STATE_NAMESPACES.lot, id);
}

function keyBytes(namespace: number, ...parts: readonly Uint8Array[]): Uint8Array {
  let length = 1;
  for (const part of parts) length += part.length;
  const key = new Uint8Array(length);
  key[0] = namespace;
  let offset = 1;
  for (const part of parts) {
    key.set(part, offset);
    offset += part.length;
  }
  return key;
}
