import { describe, expect, it } from 'vitest';
import * as checked from '../../src/bytes/checked-bytes.ts';
import { decodeHex } from '../../src/bytes/hex.ts';

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

function word(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}

describe('named bytes', () => {
  it.each([
    [checked.addressFrom, 20],
    [checked.bytes32From, 32],
    [checked.transactionIdFrom, 32],
    [checked.lotIdFrom, 32],
    [checked.blockHashFrom, 32],
    [checked.stateRootFrom, 32],
    [checked.merkleRootFrom, 32],
    [checked.genesisHashFrom, 32],
  ] as const)('%o takes its length and no other', (from, length) => {
    const bytes = new Uint8Array(length);
    expect(from(bytes)).toBe(bytes);
    for (const other of [0, length - 1, length + 1]) {
      expect(() => from(new Uint8Array(other), 'salt')).toThrow(
        expect.objectContaining({ code: 'PROTOCOL_LENGTH_INVALID', details: { field: 'salt', lengthBytes: length, bytes: other } }),
      );
    }
  });

  it.each([
    [0n, false],
    [1n, true],
    [N - 1n, true],
    [N, false],
    [N + 1n, false],
  ])('a private key of value %s is accepted: %s', (value, isGood) => {
    const bytes = decodeHex(`0x${word(value)}`);
    if (isGood) expect(checked.privateKeyFrom(bytes)).toBe(bytes);
    else expect(() => checked.privateKeyFrom(bytes)).toThrow(expect.objectContaining({ code: 'PROTOCOL_PRIVATE_KEY_INVALID' }));
  });

  it('an error about a private key does not hold the key', () => {
    const secret = new Uint8Array(31).fill(0xab);
    try {
      checked.privateKeyFrom(secret);
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/ab{3}|171/);
    }
  });

  it('a public key has 33 bytes and begins with 2 or 3', () => {
    const key = Uint8Array.of(2, ...new Uint8Array(32));
    expect(checked.publicKeyFrom(key)).toBe(key);
    for (const bad of [key.slice(1), Uint8Array.of(...key, 0), Uint8Array.of(4, ...key.slice(1)), Uint8Array.of(0, ...key.slice(1))]) {
      expect(() => checked.publicKeyFrom(bad)).toThrow(expect.objectContaining({ code: 'PROTOCOL_PUBLIC_KEY_INVALID' }));
    }
  });

  it.each([
    [1n, 1n, '00', true],
    [N - 1n, N / 2n, '01', true],
    [0n, 1n, '00', false],
    [N, 1n, '00', false],
    [N + 1n, 1n, '00', false],
    [1n, 0n, '00', false],
    [1n, N / 2n + 1n, '00', false],
    [1n, N - 1n, '00', false],
    [1n, N, '00', false],
    [1n, 1n, '02', false],
    [1n, 1n, '1b', false],
    [1n, 1n, '', false],
    [1n, 1n, '0000', false],
  ])('a signature r=%s s=%s v=%s is accepted: %s', (r, s, v, isGood) => {
    const bytes = decodeHex(`0x${word(r)}${word(s)}${v}`);
    if (isGood) expect(checked.signatureFrom(bytes)).toBe(bytes);
    else expect(() => checked.signatureFrom(bytes)).toThrow(expect.objectContaining({ code: 'PROTOCOL_SIGNATURE_INVALID' }));
  });
});
