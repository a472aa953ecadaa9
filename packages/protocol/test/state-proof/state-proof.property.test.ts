import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { byteStringRoot } from '../../src/merkle/byte-string-roots.ts';
import { EMPTY_SUBTREE, LEAF_TAG, leavesFromHashes, stateKeyHashes, stateLeaves } from '../../src/state-proof/state-hashes.ts';
import { bitAt, type StateProof, verifyStateProof } from '../../src/state-proof/state-proof.ts';

/*
 * Goal: a proof holds for exactly the state it was made from. Method: the tree's definition as a recursion over all entries makes roots and
 * proofs; every single change of a proof has to break it.
 */

type Entry = { readonly key: Uint8Array; readonly value: Uint8Array; readonly keyHash: Uint8Array; readonly leaf: Uint8Array };

const join = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(Uint8Array.of(...left, ...right));

function entryOf(key: Uint8Array, value: Uint8Array): Entry {
  const keyHash = stateKeyHashes(cryptography, [key]);
  return { key, value, keyHash, leaf: stateLeaves(cryptography, keyHash, [value]) };
}

function rootOf(entries: readonly Entry[], depth = 0): Uint8Array {
  if (entries.length === 0) return EMPTY_SUBTREE;
  if (entries.length === 1) return (entries[0] as Entry).leaf;
  const side = (bit: number): Uint8Array =>
    rootOf(
      entries.filter(({ keyHash }) => bitAt(keyHash, depth) === bit),
      depth + 1,
    );
  return join(side(0), side(1));
}

function proofOf(entries: readonly Entry[], key: Uint8Array): StateProof {
  const keyHash = stateKeyHashes(cryptography, [key]);
  const siblings: Uint8Array[] = [];
  let within = entries;
  for (let depth = 0; within.length > 1; depth++) {
    const own = bitAt(keyHash, depth);
    siblings.push(
      rootOf(
        within.filter((each) => bitAt(each.keyHash, depth) !== own),
        depth + 1,
      ),
    );
    within = within.filter((each) => bitAt(each.keyHash, depth) === own);
  }
  const found = within[0];
  if (found === undefined) return { key, value: undefined, siblings, absence: { kind: 'empty' } };
  if (found.key.join() === key.join()) return { key, value: found.value, siblings, absence: undefined };
  const absence = { kind: 'other', keyHash: found.keyHash, valueHash: byteStringRoot(cryptography, found.value) } as const;
  return { key, value: undefined, siblings, absence };
}

const key = fc.uint8Array({ minLength: 1, maxLength: 47 });
const state = fc
  .uniqueArray(fc.tuple(key, fc.uint8Array({ maxLength: 80 })), { selector: ([each]) => each.join(), maxLength: 20 })
  .map((entries) => entries.map(([each, value]) => entryOf(each, value)));

describe('state proofs', () => {
  it('show every entry, and that every other key is absent', () => {
    fc.assert(
      fc.property(state, key, (entries, other) => {
        const root = rootOf(entries);
        for (const entry of entries) expect(verifyStateProof(cryptography, root, proofOf(entries, entry.key))).toBe(true);
        expect(verifyStateProof(cryptography, root, proofOf(entries, other))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('break with every change', () => {
    fc.assert(
      fc.property(state, key, fc.nat(), fc.nat(7), (entries, other, position, bit) => {
        const root = rootOf(entries);
        const flipped = (bytes: Uint8Array): Uint8Array =>
          bytes.map((byte, at) => (at === position % bytes.length ? byte ^ (1 << bit) : byte));
        for (const asked of [other, ...entries.slice(0, 3).map((entry) => entry.key)]) {
          const proof = proofOf(entries, asked);
          const broken: StateProof[] = proof.siblings.map((_, at) => ({
            ...proof,
            siblings: proof.siblings.map((sibling, which) => (which === at ? flipped(sibling) : sibling)),
          }));
          if (proof.siblings.length > 0) broken.push({ ...proof, siblings: proof.siblings.slice(1) });
          broken.push({ ...proof, siblings: [...proof.siblings, new Uint8Array(32).fill(1)] });
          if (proof.value !== undefined) {
            broken.push({ ...proof, value: Uint8Array.of(...proof.value, 0) });
            broken.push({ ...proof, value: undefined, absence: { kind: 'empty' } });
          }
          if (proof.value === undefined) broken.push({ ...proof, value: new Uint8Array(1), absence: undefined });
          for (const each of broken) expect(verifyStateProof(cryptography, root, each)).toBe(false);
          expect(verifyStateProof(cryptography, flipped(root), proof)).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('cannot show a key absent by its own leaf, or by a leaf that lies elsewhere', () => {
    const entries = Array.from({ length: 12 }, (_, index) => entryOf(Uint8Array.of(index + 1), Uint8Array.of(index)));
    const root = rootOf(entries);
    for (const entry of entries) {
      const proof = proofOf(entries, entry.key);
      const own = { kind: 'other', keyHash: entry.keyHash, valueHash: byteStringRoot(cryptography, entry.value) } as const;
      expect(verifyStateProof(cryptography, root, { ...proof, value: undefined, absence: own })).toBe(false);
      const elsewhere = entries.find((each) => each !== entry && bitAt(each.keyHash, 0) !== bitAt(entry.keyHash, 0)) as Entry;
      const far = proofOf(entries, elsewhere.key);
      const absence = { kind: 'other', keyHash: elsewhere.keyHash, valueHash: byteStringRoot(cryptography, elsewhere.value) } as const;
      expect(verifyStateProof(cryptography, root, { key: entry.key, value: undefined, siblings: far.siblings, absence })).toBe(false);
    }
  });

  const valid = proofOf([entryOf(Uint8Array.of(1), Uint8Array.of(2))], Uint8Array.of(1));
  const root = rootOf([entryOf(Uint8Array.of(1), Uint8Array.of(2))]);
  it.each<[string, Partial<StateProof>]>([
    ['an empty key', { key: new Uint8Array(0) }],
    ['a key too long', { key: new Uint8Array(48) }],
    ['a short sibling', { siblings: [new Uint8Array(31)] }],
    ['too many siblings', { siblings: Array.from({ length: 257 }, () => new Uint8Array(32)) }],
    ['neither value nor absence', { value: undefined, absence: undefined }],
    ['both', { absence: { kind: 'empty' } }],
    ['a short witness', { value: undefined, absence: { kind: 'other', keyHash: new Uint8Array(31), valueHash: new Uint8Array(32) } }],
  ])('with %s prove nothing and do not throw', (_name, change) => {
    expect(verifyStateProof(cryptography, root, valid)).toBe(true);
    expect(verifyStateProof(cryptography, root, { ...valid, ...change })).toBe(false);
  });
});

describe('hashes of the state', () => {
  it('are what the definition says', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const block = new Uint8Array(64);
    block.set(bytes);
    block[47] = 3;
    block.set(new TextEncoder().encode('mutual/state/key'), 48);
    expect(stateKeyHashes(cryptography, [bytes])).toEqual(sha256(block));
    expect(LEAF_TAG).toEqual(Uint8Array.of(...new TextEncoder().encode('mutual-chain/state-leaf/v1'), 0, 0, 0, 0, 0, 0));
    const [keyHash, valueHash] = [sha256(Uint8Array.of(1)), sha256(Uint8Array.of(2))];
    expect(leavesFromHashes(cryptography, keyHash, valueHash)).toEqual(join(join(keyHash, valueHash), LEAF_TAG));
  });

  it.each([0, 48])('do not exist for keys of %d bytes', (length) => {
    expect(() => stateKeyHashes(cryptography, [new Uint8Array(length)])).toThrow('1 to 47 bytes');
  });
});
