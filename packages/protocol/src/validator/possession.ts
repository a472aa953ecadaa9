import type { Address, PublicKey } from '../bytes/branded.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';

const DOMAIN = encodeUtf8('mutual-chain/possession/v1');

/**
 * What a validator key signs to show that its holder wants it to validate for an operator on a chain: SHA-256(domain ‖ chain id as 8 bytes
 * big-endian ‖ operator). The chain id and not the genesis hash, because the signature is part of the genesis document.
 */
export function possessionDigest(cryptography: Cryptography, chainId: number, operator: Address): Uint8Array {
  const preimage = new Uint8Array(DOMAIN.length + 28);
  preimage.set(DOMAIN);
  new DataView(preimage.buffer).setBigUint64(DOMAIN.length, BigInt(chainId));
  preimage.set(operator, DOMAIN.length + 8);
  return cryptography.sha256(preimage);
}

/** Whether `possession` (65 bytes r‖s‖v, or 64 bytes r‖s) is the key's signature for the operator on this chain. Never throws. */
export function verifyPossession(
  cryptography: Cryptography,
  chainId: number,
  validator: { readonly publicKey: PublicKey; readonly operator: Address },
  possession: Uint8Array,
): boolean {
  if (possession.length !== 64 && possession.length !== 65) return false;
  const digest = possessionDigest(cryptography, chainId, validator.operator);
  return cryptography.verifySignature(digest, possession.subarray(0, 64), validator.publicKey);
}
