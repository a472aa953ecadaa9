import { createHash } from 'node:crypto';
import { keccak256 as ethersKeccak256, hexlify, SigningKey } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHex, encodeHex } from '../../src/bytes/hex.ts';
import { InvariantError } from '../../src/chain-error.ts';
import { referenceCryptography as reference } from '../../src/cryptography/reference.ts';
import { isRecoverableSignature } from '../../src/cryptography/signature-form.ts';
import { digest, N, scalar, signatureCase, signatureOfInfinity, word } from './signature-cases.ts';

/*
 * Goal: the reference is right. Method: published answers, node:crypto and ethers as oracles.
 */
describe('hashing', () => {
  it.each([
    [
      '',
      '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    ],
    [
      'abc',
      '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      '0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45',
    ],
  ])('answers right for %j', (text, sha256, keccak256) => {
    expect(encodeHex(reference.sha256(Buffer.from(text)))).toBe(sha256);
    expect(encodeHex(reference.keccak256(Buffer.from(text)))).toBe(keccak256);
  });

  it('agrees with node:crypto and ethers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (message) => {
        expect(Buffer.from(reference.sha256(message))).toEqual(createHash('sha256').update(message).digest());
        expect(encodeHex(reference.keccak256(message))).toBe(ethersKeccak256(message));
      }),
      { numRuns: 50 },
    );
  });

  it('hashes blocks of 64 bytes one by one', () => {
    const blocks = Uint8Array.from({ length: 64 * 3 }, (_, index) => index);
    const digests = new Uint8Array(32 * 3);
    reference.sha256Pairs(blocks, digests);
    for (const index of [0, 1, 2]) {
      const expected = createHash('sha256')
        .update(blocks.subarray(64 * index, 64 * index + 64))
        .digest();
      expect(Buffer.from(digests.subarray(32 * index, 32 * index + 32))).toEqual(expected);
    }
  });

  it.each([
    [63, 32],
    [64, 31],
    [64, 64],
    [128, 32],
  ])('takes %d bytes into %d for a bug', (blocks, digests) => {
    expect(() => reference.sha256Pairs(new Uint8Array(blocks), new Uint8Array(digests))).toThrow(InvariantError);
  });
});

describe('signatures', () => {
  it('are those of RFC 6979 with low s, as ethers makes them', () => {
    fc.assert(
      fc.property(digest, scalar, (message, key) => {
        const signature = reference.sign(message, word(key));
        const { r, s, yParity } = new SigningKey(hexlify(word(key))).sign(message);
        expect(encodeHex(signature)).toBe(`${r}${s.slice(2)}0${yParity}`);
        expect(isRecoverableSignature(signature)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('recover and verify their own key, and no other digest', () => {
    fc.assert(
      fc.property(digest, scalar, (message, key) => {
        const signature = reference.sign(message, word(key));
        const signer = new SigningKey(hexlify(word(key)));
        expect(reference.recoverPublicKey(message, signature)).toEqual(decodeHex(signer.publicKey));
        const compressed = decodeHex(signer.compressedPublicKey);
        expect(reference.verifySignature(message, signature.subarray(0, 64), compressed)).toBe(true);
        const other = reference.sha256(message);
        expect(reference.verifySignature(other, signature.subarray(0, 64), compressed)).toBe(false);
      }),
      { numRuns: 25 },
    );
  });

  it('recover only if they have the one accepted form', () => {
    fc.assert(
      fc.property(signatureCase, ({ digest: message, signature }) => {
        const recovered = reference.recoverPublicKey(message, signature);
        if (recovered !== undefined) {
          expect(isRecoverableSignature(signature)).toBe(true);
          expect(recovered).toHaveLength(65);
          const compressed = Uint8Array.of(2 + ((recovered[64] as number) & 1), ...recovered.subarray(1, 33));
          expect(reference.verifySignature(message, signature.subarray(0, 64), compressed)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('do not recover to the point at infinity', () => {
    const message = reference.sha256(Uint8Array.of(1));
    for (const k of [1n, 2n, 12345n]) {
      const signature = signatureOfInfinity(message, k);
      expect(isRecoverableSignature(signature)).toBe(true);
      expect(reference.recoverPublicKey(message, signature)).toBeUndefined();
    }
  });

  it.each([31, 33, 0])('are not recovered, verified or made for a digest of %d bytes', (length) => {
    const message = new Uint8Array(32);
    const signature = reference.sign(message, word(1n));
    const key = decodeHex(new SigningKey(hexlify(word(1n))).compressedPublicKey);
    const bad = new Uint8Array(length);
    expect(reference.recoverPublicKey(bad, signature)).toBeUndefined();
    expect(reference.verifySignature(bad, signature.subarray(0, 64), key)).toBe(false);
    expect(() => reference.sign(bad, word(1n))).toThrow(InvariantError);
  });

  it('are not made with a private key out of range', () => {
    for (const key of [word(0n), word(N), word(2n ** 256n - 1n), new Uint8Array(31).fill(1), new Uint8Array(33).fill(1)]) {
      expect(() => reference.sign(new Uint8Array(32), key)).toThrow(expect.objectContaining({ code: 'PROTOCOL_PRIVATE_KEY_INVALID' }));
    }
  });
});
