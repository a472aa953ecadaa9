import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/chain-error.ts';
import { referenceCryptography as reference } from '../../src/cryptography/reference.ts';
import { type FastCryptography, loadFastCryptography } from '../../src/fast/index.ts';
import {
  digest,
  edgeSignatures,
  N,
  numberOf,
  P,
  scalar,
  signatureCase,
  signatureOfInfinity,
  word,
} from '../cryptography/signature-cases.ts';

/*
 * Goal: the fast cryptography accepts and returns exactly what the reference does: otherwise nodes would disagree about blocks.
 * Method: the same questions to both.
 */
let fast: FastCryptography;

beforeAll(async () => {
  fast = await loadFastCryptography();
});

function expectSameAnswers(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): void {
  expect(fast.recoverPublicKey(message, signature)).toEqual(reference.recoverPublicKey(message, signature));
  const compact = signature.subarray(0, 64);
  expect(fast.verifySignature(message, compact, publicKey)).toBe(reference.verifySignature(message, compact, publicKey));
  expect(fast.verifySignature(message, signature, publicKey)).toBe(reference.verifySignature(message, signature, publicKey));
}

describe('loading', () => {
  it('finds every part on a machine of this project', () => {
    expect(fast.native).toEqual({ secp256k1: true, keccak256: true, sha256: true, sha256Pairs: true });
  });
});

describe('signatures', () => {
  it('give the same answers, good and bad', () => {
    fc.assert(
      fc.property(signatureCase, ({ digest: message, signature, publicKey }) => {
        expectSameAnswers(message, signature, publicKey);
      }),
      { numRuns: 300 },
    );
  });

  it('give the same answers at every edge of r, s and v', () => {
    const message = reference.sha256(Uint8Array.of(7));
    const publicKey = secp256k1.getPublicKey(word(5n), true);
    const recoverable = edgeSignatures().filter((signature) => {
      const native = fast.recoverPublicKey(message, signature);
      expect(native).toEqual(reference.recoverPublicKey(message, signature));
      expect(fast.verifySignature(message, signature.subarray(0, 64), publicKey)).toBe(false);
      return native !== undefined;
    });
    // Some edges are good signatures of some key, so the comparison is not only of refusals.
    expect(recoverable.length).toBeGreaterThan(0);
    for (const signature of recoverable) {
      expect(numberOf(signature.subarray(32, 64)) <= N / 2n).toBe(true);
      expect(signature[64]).toBeLessThan(2);
    }
  });

  it('refuse what libsecp256k1 itself would take: high s, and x not below n', () => {
    const message = reference.sha256(Uint8Array.of(9));
    const good = reference.sign(message, word(3n));
    const high = Uint8Array.of(...good.subarray(0, 32), ...word(N - numberOf(good.subarray(32, 64))), 1 - (good[64] as number));
    expect(fast.recoverPublicKey(message, high)).toBeUndefined();
    expect(reference.recoverPublicKey(message, high)).toBeUndefined();
    for (let r = 1n; r < 20n; r++) {
      expect(r + N < P).toBe(true);
      for (const v of [2, 3]) {
        const signature = Uint8Array.of(...word(r), ...word(1n), v);
        expect(fast.recoverPublicKey(message, signature)).toBeUndefined();
        expect(reference.recoverPublicKey(message, signature)).toBeUndefined();
      }
    }
  });

  it('do not recover to the point at infinity', () => {
    fc.assert(
      fc.property(digest, scalar, (message, k) => {
        expect(fast.recoverPublicKey(message, signatureOfInfinity(message, k))).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('are the same when made', () => {
    fc.assert(
      fc.property(digest, scalar, (message, key) => {
        expect(fast.sign(message, word(key))).toEqual(reference.sign(message, word(key)));
      }),
      { numRuns: 50 },
    );
  });

  it('are verified against the same public keys', () => {
    const message = reference.sha256(Uint8Array.of(3));
    const signature = reference.sign(message, word(7n)).subarray(0, 64);
    const key = secp256k1.getPublicKey(word(7n), true);
    const keys = [
      key,
      Uint8Array.of(5 - (key[0] as number), ...key.subarray(1)),
      Uint8Array.of(4, ...key.subarray(1)),
      Uint8Array.of(0, ...key.subarray(1)),
      Uint8Array.of(6, ...key.subarray(1)),
      key.subarray(0, 32),
      Uint8Array.of(...key, 0),
      secp256k1.getPublicKey(word(7n), false),
      new Uint8Array(33),
      new Uint8Array(0),
      // x not below p, and x that belongs to no point.
      Uint8Array.of(2, ...word(P)),
      Uint8Array.of(2, ...word(P + 1n)),
      Uint8Array.of(2, ...word(5n)),
      Uint8Array.of(2, ...word(0n)),
    ];
    const answers = keys.map((each) => fast.verifySignature(message, signature, each));
    expect(answers).toEqual(keys.map((each) => reference.verifySignature(message, signature, each)));
    expect(answers).toEqual([true, ...new Array<boolean>(13).fill(false)]);
  });

  it.each([0, 31, 33])('take a digest of %d bytes the same way', (length) => {
    const bad = new Uint8Array(length);
    const signature = reference.sign(new Uint8Array(32), word(7n));
    expect(fast.recoverPublicKey(bad, signature)).toBeUndefined();
    expect(fast.verifySignature(bad, signature.subarray(0, 64), secp256k1.getPublicKey(word(7n), true))).toBe(false);
    expect(() => fast.sign(bad, word(7n))).toThrow(InvariantError);
  });

  it('are not made with a private key out of range', () => {
    for (const key of [word(0n), word(N), word(N + 1n), new Uint8Array(31).fill(1), new Uint8Array(33).fill(1)]) {
      expect(() => fast.sign(new Uint8Array(32), key)).toThrow(expect.objectContaining({ code: 'PROTOCOL_PRIVATE_KEY_INVALID' }));
    }
  });
});

describe('hashing', () => {
  it('gives the same digests at every length up to three blocks, and around the size of the working memory', () => {
    const lengths = [...Array.from({ length: 450 }, (_, length) => length), 16383, 16384, 16385, 32768, 32769];
    for (const length of lengths) {
      const message = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 0xff);
      expect(fast.sha256(message), `SHA-256 of ${length} bytes`).toEqual(reference.sha256(message));
      expect(fast.keccak256(message), `Keccak-256 of ${length} bytes`).toEqual(reference.keccak256(message));
    }
  });

  it('gives the same digests for any message, also in the middle of other memory and in a Buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(40), (message, shift) => {
        const memory = new Uint8Array(message.length + shift + 3);
        memory.set(message, shift);
        const inside = memory.subarray(shift, shift + message.length);
        for (const each of [message, inside, Buffer.from(message)]) {
          expect(fast.sha256(each)).toEqual(reference.sha256(message));
          expect(fast.keccak256(each)).toEqual(reference.keccak256(message));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('returns memory of its own each time', () => {
    for (const cryptography of [fast, reference]) {
      for (const hash of [cryptography.sha256, cryptography.keccak256]) {
        const first = hash(Uint8Array.of(1));
        const kept = Uint8Array.from(first);
        const second = hash(Uint8Array.of(2));
        expect(first).toEqual(kept);
        expect(first.buffer).not.toBe(second.buffer);
        expect(Object.getPrototypeOf(first)).toBe(Uint8Array.prototype);
      }
    }
  });

  it('hashes any number of blocks the same way, also in the middle of other memory', () => {
    for (const count of [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100]) {
      for (const shift of [0, 1, 7]) {
        const memory = Uint8Array.from({ length: 64 * count + shift }, (_, index) => (index * 7 + count) & 0xff);
        const blocks = memory.subarray(shift);
        const native = new Uint8Array(32 * count + shift + 5);
        const expected = new Uint8Array(32 * count);
        fast.sha256Pairs(blocks, native.subarray(shift, shift + 32 * count));
        reference.sha256Pairs(blocks, expected);
        expect(native.subarray(shift, shift + 32 * count)).toEqual(expected);
        // Nothing is written beside the digests.
        expect([...native.subarray(0, shift), ...native.subarray(shift + 32 * count)].every((byte) => byte === 0)).toBe(true);
      }
    }
  });

  it.each([
    [63, 32],
    [64, 31],
    [64, 64],
    [128, 32],
  ])('takes %d bytes into %d for a bug', (blocks, digests) => {
    expect(() => fast.sha256Pairs(new Uint8Array(blocks), new Uint8Array(digests))).toThrow(InvariantError);
  });
});
