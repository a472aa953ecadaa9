import { byteStringRoot, stateKeyHashes } from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeafHasher } from '../../src/commitment/leaf-hasher.ts';
import { stateKeyFromBytes } from '../../src/view/state-key.ts';

/*
 * Goal: hashing entries by the thousand gives what the protocol defines for each. Method: entries of all lengths of keys and values, each
 * compared with the functions of the protocol.
 */

const cryptography = await loadFastCryptography();

const entryArbitrary = fc.record({
  key: fc.uint8Array({ minLength: 1, maxLength: 47 }),
  value: fc.option(
    fc.oneof(
      fc.uint8Array({ maxLength: 140 }),
      fc.integer({ min: 0, max: 5000 }).map((length) => new Uint8Array(length).fill(7)),
    ),
    { nil: undefined },
  ),
});

type Entry = { readonly key: Uint8Array; readonly value: Uint8Array | undefined };

function hashed(hasher: LeafHasher, entries: readonly Entry[]): { path: Uint8Array; valueHash: Uint8Array | undefined }[] {
  const { count, words, present } = hasher.hash(
    entries.map(({ key }) => stateKeyFromBytes(key)),
    entries.map(({ value }) => value),
  );
  const bytes = new Uint8Array(words.buffer);
  return Array.from({ length: count }, (_, index) => ({
    path: bytes.slice(index * 64, index * 64 + 32),
    valueHash: present[index] === 1 ? bytes.slice(index * 64 + 32, index * 64 + 64) : undefined,
  }));
}

const defined = ({ key, value }: Entry): { path: Uint8Array; valueHash: Uint8Array | undefined } => ({
  path: stateKeyHashes(cryptography, [key]),
  valueHash: value === undefined ? undefined : byteStringRoot(cryptography, value),
});

describe('leaves of entries', () => {
  it('have the hashes of the protocol, round after round with the same hasher', () => {
    const hasher = new LeafHasher(cryptography);
    fc.assert(
      fc.property(fc.array(entryArbitrary, { maxLength: 30 }), (entries) => {
        expect(hashed(hasher, entries)).toEqual(entries.map(defined));
      }),
    );
  });

  it('are right across rounds and for values far larger than what is kept', () => {
    const entries = Array.from({ length: 2500 }, (_, index) => ({
      key: Uint8Array.of(1, index >>> 8, index & 255),
      value: index % 5 === 0 ? undefined : new Uint8Array(index % 700 === 1 ? 200_000 : index % 90).fill(index & 255),
    }));
    expect(hashed(new LeafHasher(cryptography), entries)).toEqual(entries.map(defined));
  });

  it('are refused for keys without a length of 1 to 47 bytes', () => {
    const hasher = new LeafHasher(cryptography);
    for (const length of [0, 48]) {
      expect(() => hashed(hasher, [{ key: new Uint8Array(length), value: undefined }])).toThrow('1 to 47 bytes');
    }
  });
});
