import type { PublicKey, Signature } from '../bytes/branded.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';

/*
 * Consensus messages carry signatures in the form of transactions, r‖s‖v. Their signers are known, so v is not needed to find the key and
 * is not judged: a message with the other v says the same. Nothing may therefore take the bytes of a signature for an identity.
 */

/** Whether the last byte of a signature is one that a signature can have. */
export function hasRecoveryBit(signature: Signature): boolean {
  return (signature[64] as number) <= 1;
}

/** Whether a signature (r‖s‖v, low s) over a digest was made by the key. Never throws. */
export function isSignedBy(cryptography: Cryptography, digest: Uint8Array, signature: Signature, publicKey: PublicKey): boolean {
  return signature.length === 65 && cryptography.verifySignature(digest, signature.subarray(0, 64), publicKey);
}
