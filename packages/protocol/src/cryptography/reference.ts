import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { assertInvariant } from '../chain-error.ts';
import { protocolError } from '../errors.ts';
import type { Cryptography } from './cryptography.ts';
import { isLowSignature, isRecoverableSignature, isScalar } from './signature-form.ts';

/** Digests arrive hashed: without this the library would hash them once more. */
const AS_IS = { prehash: false } as const;

/**
 * The primitives in JavaScript alone: for browsers and wallets, and what every faster implementation is tested against.
 *
 * Source: FIPS 180-4, Keccak submission 3 (padding 0x01), SEC 1 section 4.1, RFC 6979.
 */
export const referenceCryptography: Cryptography = {
  sha256: (message) => sha256(message),
  keccak256: (message) => keccak_256(message),
  sha256Pairs: (blocks, digests) => {
    assertInvariant(
      blocks.length % 64 === 0 && digests.length * 2 === blocks.length,
      `sha256Pairs got ${blocks.length} bytes of blocks and ${digests.length} bytes for digests`,
    );
    for (let at = 0; at < blocks.length; at += 64) digests.set(sha256(blocks.subarray(at, at + 64)), at >>> 1);
  },
  recoverPublicKey: (digest, signature) => {
    if (digest.length !== 32 || !isRecoverableSignature(signature)) return undefined;
    try {
      const { r, s } = secp256k1.Signature.fromBytes(signature.subarray(0, 64), 'compact');
      const recoverable = new secp256k1.Signature(r, s, signature[64] as number);
      return recoverable.recoverPublicKey(digest).toBytes(false);
    } catch {
      // The library throws when r is no x coordinate of a point or the result is the point at infinity.
      return undefined;
    }
  },
  verifySignature: (digest, signature, publicKey) => {
    if (digest.length !== 32 || signature.length !== 64 || publicKey.length !== 33 || !isLowSignature(signature)) return false;
    return secp256k1.verify(signature, digest, publicKey, AS_IS);
  },
  sign: (digest, privateKey) => {
    assertInvariant(digest.length === 32, `a digest to sign has 32 bytes, not ${digest.length}`);
    if (!isScalar(privateKey)) {
      throw protocolError('PROTOCOL_PRIVATE_KEY_INVALID', 'privateKey has to be 32 bytes with 1 ≤ value < n of secp256k1');
    }
    const signed = secp256k1.sign(digest, privateKey, { prehash: false, lowS: true, format: 'recovered' });
    // The library puts the recovery id first; here it is last.
    const signature = new Uint8Array(65);
    signature.set(signed.subarray(1), 0);
    signature[64] = signed[0] as number;
    assertInvariant(isRecoverableSignature(signature), 'a signature was made whose nonce point has x ≥ n');
    return signature;
  },
};
