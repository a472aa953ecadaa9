import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { referenceCryptography as reference } from '../../src/cryptography/reference.ts';
import type { FastCryptography } from '../../src/fast/index.ts';
import { isCurveRight, isKeccak256Right, isSha256PairsRight, isSha256Right } from '../../src/fast/known-answers.ts';

/*
 * Goal: a machine without some native part still runs, with the reference in its place. Method: the package is replaced by one that fails
 * to load, or that answers wrongly.
 */
async function load(): Promise<FastCryptography> {
  const { loadFastCryptography } = await import('../../src/fast/index.ts');
  return await loadFastCryptography();
}

function expectRightAnswers(cryptography: FastCryptography): void {
  const message = Uint8Array.of(1, 2, 3);
  const key = new Uint8Array(32).fill(9);
  const digest = reference.sha256(message);
  const signature = reference.sign(digest, key);
  expect(cryptography.sha256(message)).toEqual(digest);
  expect(cryptography.keccak256(message)).toEqual(reference.keccak256(message));
  expect(cryptography.sign(digest, key)).toEqual(signature);
  expect(cryptography.recoverPublicKey(digest, signature)).toEqual(reference.recoverPublicKey(digest, signature));
  const digests = new Uint8Array(32);
  cryptography.sha256Pairs(new Uint8Array(64), digests);
  expect(digests).toEqual(reference.sha256(new Uint8Array(64)));
}

beforeEach(() => {
  vi.resetModules();
});

afterEach(() => {
  vi.doUnmock('secp256k1/bindings.js');
  vi.doUnmock('hash-wasm');
  vi.doUnmock('@chainsafe/hashtree');
});

describe('known answers', () => {
  it('are those of the reference', () => {
    expect(isSha256Right(reference.sha256)).toBe(true);
    expect(isKeccak256Right(reference.keccak256)).toBe(true);
    expect(isSha256PairsRight(reference.sha256Pairs)).toBe(true);
    expect(isCurveRight(reference)).toBe(true);
  });

  it('notice every wrong part', () => {
    expect(isSha256Right(reference.keccak256)).toBe(false);
    expect(isKeccak256Right(reference.sha256)).toBe(false);
    expect(isSha256PairsRight(() => undefined)).toBe(false);
    expect(isCurveRight({ ...reference, sign: () => new Uint8Array(65) })).toBe(false);
    expect(isCurveRight({ ...reference, recoverPublicKey: () => undefined })).toBe(false);
    expect(isCurveRight({ ...reference, verifySignature: () => true })).toBe(false);
    expect(isCurveRight({ ...reference, verifySignature: () => false })).toBe(false);
  });
});

describe('without a native part', () => {
  it('signs with the reference when libsecp256k1 does not load', async () => {
    vi.doMock('secp256k1/bindings.js', () => {
      throw new Error('no native build for this machine');
    });
    const cryptography = await load();
    expect(cryptography.native).toEqual({ secp256k1: false, keccak256: true, sha256: true, sha256Pairs: true });
    expect(cryptography.sign).toBe((await import('../../src/cryptography/reference.ts')).referenceCryptography.sign);
    expectRightAnswers(cryptography);
  });

  it('hashes with the reference when WebAssembly is missing', async () => {
    vi.doMock('hash-wasm', () => ({
      createKeccak: () => Promise.reject(new Error('WebAssembly is not supported in this environment!')),
      createSHA256: () => Promise.reject(new Error('WebAssembly is not supported in this environment!')),
    }));
    const cryptography = await load();
    expect(cryptography.native).toEqual({ secp256k1: true, keccak256: false, sha256: false, sha256Pairs: true });
    expectRightAnswers(cryptography);
  });

  it('leaves a part aside that answers wrongly', async () => {
    vi.doMock('@chainsafe/hashtree', () => ({ hashInto: (): undefined => undefined }));
    const cryptography = await load();
    expect(cryptography.native).toEqual({ secp256k1: true, keccak256: true, sha256: true, sha256Pairs: false });
    expectRightAnswers(cryptography);
  });
});
