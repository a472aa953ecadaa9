import { equalBytes } from '../bytes/byte-order.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { addressOfPublicKey } from '../keys/key-pair.ts';
import { isInSetOrder, type Validator, type ValidatorSet, validatorsHash } from './validator-set.ts';

/** Most power of one validator: 2^53 − 1, the most that a proposal or a genesis document can say. */
const POWER_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Whether a set from outside is the one that a header names: somebody in it, in order, each with power, each address that of its key, and
 * with that hash.
 *
 * The hash covers keys, powers and priorities. Votes are looked up by address, so whoever takes a set from a peer without this check lets
 * the peer swap addresses. Operators, peer ids and network addresses are covered by the state root alone. Never throws.
 */
export function verifyValidatorSet(cryptography: Cryptography, set: ValidatorSet, hash: Uint8Array): boolean {
  const { validators } = set;
  const isSet = validators.length > 0 && isInSetOrder(validators) && validators.every(({ power }) => power >= 1n && power <= POWER_MAX);
  return isSet && equalBytes(validatorsHash(cryptography, set), hash) && validators.every((each) => ownsAddress(cryptography, each));
}

function ownsAddress(cryptography: Cryptography, { publicKey, address }: Validator): boolean {
  try {
    return equalBytes(addressOfPublicKey(publicKey, cryptography), address);
  } catch {
    // The key is no point of the curve.
    return false;
  }
}
