import { compareBytes } from '../bytes/byte-order.ts';

/** Order of the group of secp256k1, 32 bytes big-endian. Source: SEC 2, section 2.4.1. */
const GROUP_ORDER: Uint8Array = Uint8Array.from([
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0,
  0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
]);

/** floor(n / 2), 32 bytes big-endian: the largest s of a low-s signature. */
const HALF_ORDER: Uint8Array = Uint8Array.from([
  0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50,
  0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
]);

function isZero(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) if (bytes[index] !== 0) return false;
  return true;
}

/** Whether 32 big-endian bytes are a number below n. */
export function isBelowOrder(bytes: Uint8Array): boolean {
  return bytes.length === 32 && compareBytes(bytes, GROUP_ORDER) < 0;
}

/** Whether 32 big-endian bytes are a private key: 1 ≤ value < n. */
export function isScalar(bytes: Uint8Array): boolean {
  return isBelowOrder(bytes) && !isZero(bytes);
}

/**
 * Whether the first 64 bytes are r‖s with 1 ≤ r < n and 1 ≤ s ≤ n/2.
 *
 * Every implementation asks this before it asks its library, because libraries differ: libsecp256k1 recovers keys from high-s
 * signatures. With it a signature has one form, so nobody but the signer can change a transaction's id.
 */
export function isLowSignature(signature: Uint8Array): boolean {
  if (signature.length < 64) return false;
  const s = signature.subarray(32, 64);
  return isScalar(signature.subarray(0, 32)) && compareBytes(s, HALF_ORDER) <= 0 && !isZero(s);
}

/** Whether the bytes are r‖s‖v in the one accepted form: 65 bytes, r and s in range, s low, v 0 or 1. */
export function isRecoverableSignature(signature: Uint8Array): boolean {
  return signature.length === 65 && (signature[64] as number) <= 1 && isLowSignature(signature);
}
