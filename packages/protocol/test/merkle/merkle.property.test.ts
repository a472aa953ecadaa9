import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { byteStringRoot, byteStringRoots } from '../../src/merkle/byte-string-roots.ts';
import { createBranch, listRoot, verifyBranch } from '../../src/merkle/list-root.ts';

/* Goal: roots are what their definition says and branches prove exactly what they should. Method: a recursive definition in a few lines as oracle. */

const chunk = (bytes: Uint8Array): Uint8Array => Uint8Array.of(...bytes, ...new Uint8Array(32 - bytes.length));
const join = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(Uint8Array.of(...left, ...right));
const little = (value: number): Uint8Array => chunk(Uint8Array.of(value & 255, (value >>> 8) & 255));

function treeOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const half = leaves.length / 2;
  return join(treeOf(leaves.slice(0, half)), treeOf(leaves.slice(half)));
}

function padded(leaves: readonly Uint8Array[]): Uint8Array[] {
  let width = 1;
  while (width < leaves.length) width *= 2;
  return Array.from({ length: width }, (_, index) => leaves[index] ?? new Uint8Array(32));
}

function definedRoot(bytes: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 32) chunks.push(chunk(bytes.slice(at, at + 32)));
  return join(treeOf(padded(chunks)), little(bytes.length));
}

const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 });
const concatenated = (leaves: readonly Uint8Array[]): Uint8Array => Uint8Array.from(leaves.flatMap((each) => [...each]));

describe('roots of byte strings', () => {
  it('are what the definition says, for many at once and each alone', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 12 }), (items) => {
        expect(byteStringRoots(cryptography, items)).toEqual(concatenated(items.map(definedRoot)));
        for (const item of items) expect(byteStringRoot(cryptography, item)).toEqual(definedRoot(item));
      }),
    );
  });

  it('tell a string from the same with a zero more', () => {
    const roots = [0, 1, 31, 32, 33, 64, 65].map((length) => byteStringRoot(cryptography, new Uint8Array(length)).join());
    expect(new Set(roots).size).toBe(roots.length);
  });
});

describe('roots of lists', () => {
  it('are what the definition says', () => {
    fc.assert(
      fc.property(fc.array(leaf, { maxLength: 17 }), (leaves) => {
        expect(listRoot(cryptography, concatenated(leaves))).toEqual(join(treeOf(padded(leaves)), little(leaves.length)));
      }),
    );
  });

  it('tell a list from the same with an empty leaf more', () => {
    expect(listRoot(cryptography, new Uint8Array(96))).not.toEqual(listRoot(cryptography, new Uint8Array(128)));
  });
});

const proven = fc.array(leaf, { minLength: 1, maxLength: 17 }).chain((leaves) => fc.tuple(fc.constant(leaves), fc.nat(leaves.length - 1)));

describe('branches', () => {
  it('prove each leaf at its place', () => {
    fc.assert(
      fc.property(proven, ([leaves, index]) => {
        const all = concatenated(leaves);
        const branch = createBranch(cryptography, all, index);
        expect(verifyBranch(cryptography, listRoot(cryptography, all), leaves[index] as Uint8Array, branch)).toBe(true);
      }),
    );
  });

  it('prove nothing else: not with a bit changed, at another place, or of a list of another length', () => {
    fc.assert(
      fc.property(proven, fc.nat(), fc.nat(7), ([leaves, index], position, bit) => {
        const all = concatenated(leaves);
        const root = listRoot(cryptography, all);
        const branch = createBranch(cryptography, all, index);
        const own = leaves[index] as Uint8Array;
        const flipped = (bytes: Uint8Array): Uint8Array =>
          bytes.map((byte, at) => (at === position % bytes.length ? byte ^ (1 << bit) : byte));
        expect(verifyBranch(cryptography, root, flipped(own), branch)).toBe(false);
        expect(verifyBranch(cryptography, flipped(root), own, branch)).toBe(false);
        expect(verifyBranch(cryptography, root, own, { ...branch, count: branch.count + 1 })).toBe(false);
        expect(verifyBranch(cryptography, root, own, { ...branch, siblings: [...branch.siblings, own] })).toBe(false);
        expect(verifyBranch(cryptography, root, own, { ...branch, index: branch.count })).toBe(false);
        for (const at of branch.siblings.keys()) {
          const siblings = branch.siblings.map((sibling, which) => (which === at ? flipped(sibling) : sibling));
          expect(verifyBranch(cryptography, root, own, { ...branch, siblings })).toBe(false);
        }
      }),
    );
  });

  it.each([
    ['a negative index', { index: -1 }],
    ['a fractional index', { index: 0.5 }],
    ['a huge count', { count: 2 ** 40 }],
    ['a short sibling', { siblings: [new Uint8Array(31)] }],
  ])('with %s prove nothing and do not throw', (_name, change) => {
    const all = new Uint8Array(64).fill(1);
    const branch = { ...createBranch(cryptography, all, 0), ...change };
    expect(verifyBranch(cryptography, listRoot(cryptography, all), all.slice(0, 32), branch)).toBe(false);
  });

  it.each([-1, 2, 0.5])('are not made for place %d of two leaves', (index) => {
    expect(() => createBranch(cryptography, new Uint8Array(64), index)).toThrow(RangeError);
  });
});
