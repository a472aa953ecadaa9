import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Address, PrivateKey, PublicKey } from '../bytes/branded.ts';
import { privateKeyFrom } from '../bytes/checked-bytes.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { referenceCryptography } from '../cryptography/reference.ts';
import { protocolError } from '../errors.ts';
import { addressFromPublicKey } from './address.ts';

/** A private key with what follows from it. */
export type KeyPair = {
  /** Never logged. */
  readonly privateKey: PrivateKey;
  /** Compressed, 33 bytes. */
  readonly publicKey: PublicKey;
  readonly address: Address;
};

/** Public key of a private key, compressed. Errors: `PROTOCOL_PRIVATE_KEY_INVALID`. */
export function publicKeyOf(privateKey: PrivateKey): PublicKey {
  return secp256k1.getPublicKey(privateKeyFrom(privateKey), true) as PublicKey;
}

/** Address of a compressed public key, 33 bytes. Errors: `PROTOCOL_PUBLIC_KEY_INVALID` when it is no point of the curve. */
export function addressOfPublicKey(publicKey: PublicKey, cryptography: Cryptography = referenceCryptography): Address {
  let uncompressed: Uint8Array;
  try {
    uncompressed = secp256k1.Point.fromBytes(publicKey).toBytes(false);
  } catch (cause) {
    throw protocolError('PROTOCOL_PUBLIC_KEY_INVALID', 'public key has to be 33 bytes of a compressed point of secp256k1', {}, cause);
  }
  return addressFromPublicKey(cryptography, uncompressed);
}

/** Public key and address of a private key. Errors: `PROTOCOL_PRIVATE_KEY_INVALID`. */
export function keyPairOf(privateKey: PrivateKey, cryptography: Cryptography = referenceCryptography): KeyPair {
  const publicKey = publicKeyOf(privateKey);
  return { privateKey, publicKey, address: addressOfPublicKey(publicKey, cryptography) };
}
