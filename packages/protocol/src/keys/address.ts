import type { Address } from '../bytes/branded.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';

/**
 * Address of a public key in its uncompressed form (0x04‖x‖y, 65 bytes): the last 20 bytes of keccak256(x‖y).
 *
 * Errors: `PROTOCOL_PUBLIC_KEY_INVALID`. Source: Ethereum yellow paper, appendix F.
 */
export function addressFromPublicKey(cryptography: Cryptography, uncompressed: Uint8Array): Address {
  if (uncompressed.length !== 65 || uncompressed[0] !== 4) {
    throw protocolError('PROTOCOL_PUBLIC_KEY_INVALID', 'an address is made from a public key of 65 bytes that begins with 4', {
      lengthBytes: 65,
      bytes: uncompressed.length,
    });
  }
  return cryptography.keccak256(uncompressed.subarray(1)).slice(12) as Address;
}

/** Address whose key made a signature over a digest; undefined when the signature is not valid (see `recoverPublicKey`). */
export function recoverAddress(cryptography: Cryptography, digest: Uint8Array, signature: Uint8Array): Address | undefined {
  const publicKey = cryptography.recoverPublicKey(digest, signature);
  return publicKey === undefined ? undefined : addressFromPublicKey(cryptography, publicKey);
}
