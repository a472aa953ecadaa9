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

/** A word that every word of key and digest has a part in. */
function mix(state: number, word: number): number {
  const mixed = Math.imul(state ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/**
 * Stands for signatures where speed matters: a digest under a key. Verifying looks the private key up by its public key, so nobody in the
 * simulation makes one without it, though somebody outside easily could. Keys cannot be recovered from signatures.
 */
export function createMacCryptography(keys: readonly SimulatedKey[]): Cryptography {
  const words = keys.map(({ privateKey }) => wordsOf(privateKey));
  const tag = (digest: Uint8Array, key: Uint32Array): Uint8Array => {
    const message = wordsOf(digest);
    const result = new Uint8Array(32);
    const view = new DataView(result.buffer);
    let state = 0;
    for (let round = 0; round < 2; round++)
      for (let at = 0; at < 8; at++) {
        state = mix(mix(state, key[at] as number), message[at] as number);
        view.setInt32(4 * at, state);
      }
    return result;
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
      return equalBytes(signature.subarray(0, 32), tag(digest, words[key.index] as Uint32Array));
    },
    sign: (digest, privateKey) => {
      const signature = new Uint8Array(65) as Signature;
      signature.set(tag(digest, wordsOf(privateKey)));
      return signature;
    },
  };
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: 8 }, (_, at) => view.getUint32(4 * at));
}
