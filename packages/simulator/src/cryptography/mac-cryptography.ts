import { createHash, hash } from 'node:crypto';
import { type Address, type Cryptography, equalBytes, type KeyPair, type PublicKey, type Signature } from '@mutual-chain/protocol';

/** A key pair of the simulation. */
export type SimulatedKey = KeyPair & { readonly index: number };

/** SHA-256 by the system; plain bytes, because buffers compare as something else. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const digest = hash('sha256', bytes, 'buffer');
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.length);
}

/** Keys of the validators that may take part, by number. A public key begins with 0x02 and the number of its key. */
export function createMacKeys(seed: bigint, count: number): readonly SimulatedKey[] {
  return Array.from({ length: count }, (_, index): SimulatedKey => {
    const privateKey = Uint8Array.from(hash('sha256', `key ${index} of ${seed}`, 'buffer')) as KeyPair['privateKey'];
    const publicKey = new Uint8Array(33) as PublicKey;
    publicKey[0] = 2;
    publicKey[1] = index;
    publicKey.set(sha256(privateKey).subarray(0, 31), 2);
    const address = Uint8Array.from(sha256(publicKey).subarray(0, 20)) as Address;
    return { index, privateKey, publicKey, address };
  });
}

/**
 * Stands for signatures where speed matters: SHA-256 of private key and digest. Verifying looks the private key up by its public key, so
 * nobody in the simulation can forge without it. Keys cannot be recovered from signatures.
 */
export function createMacCryptography(keys: readonly SimulatedKey[]): Cryptography {
  const tag = (digest: Uint8Array, privateKey: Uint8Array): Uint8Array => {
    const preimage = new Uint8Array(64);
    preimage.set(privateKey);
    preimage.set(digest, 32);
    return sha256(preimage);
  };
  return {
    sha256,
    keccak256: (message) => createHash('sha3-256').update(message).digest(),
    sha256Pairs: (blocks, digests) => {
      for (let at = 0; at < blocks.length; at += 64) digests.set(sha256(blocks.subarray(at, at + 64)), at / 2);
    },
    recoverPublicKey: () => undefined,
    verifySignature: (digest, signature, publicKey) => {
      const key = keys[publicKey[1] as number];
      if (key === undefined || !equalBytes(key.publicKey, publicKey)) return false;
      return equalBytes(signature.subarray(0, 32), tag(digest, key.privateKey));
    },
    sign: (digest, privateKey) => {
      const signature = new Uint8Array(65) as Signature;
      signature.set(tag(digest, privateKey));
      return signature;
    },
  };
}
