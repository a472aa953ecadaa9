import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { byteStringRoot } from '../../src/merkle/byte-string-roots.ts';
import { EMPTY_SUBTREE, LEAF_TAG, stateKeyHashes, stateLeaves } from '../../src/state-proof/state-hashes.ts';
import { bitAt, type StateProof, verifyStateProof } from '../../src/state-proof/state-proof.ts';

/*
 * Goal: nobody can prove an entry by bytes that he himself wrote into another entry. Method: real forgeries, whose hashes do lead to the
 * root: the path goes on below a leaf, through its preimage, into a value or a key that was chosen for it.
 */

const join = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(Uint8Array.of(...left, ...right));
const keyHashOf = (key: Uint8Array): Uint8Array => stateKeyHashes(cryptography, [key]);
const leafOf = (key: Uint8Array, value: Uint8Array): Uint8Array => stateLeaves(cryptography, keyHashOf(key), [value]);
const pathOf = (key: Uint8Array, bits: number): string => Array.from({ length: bits }, (_, depth) => bitAt(keyHashOf(key), depth)).join('');

/** The first key in a row of candidates whose path begins with these bits. */
function keyWithPath(candidates: Iterable<Uint8Array>, path: string): Uint8Array {
  for (const key of candidates) if (pathOf(key, path.length) === path) return key;
  throw new Error(`no key has the path ${path}`);
}

/** What the siblings of a proof make of the node at its end, without asking what they are. */
function folded({ key, siblings }: StateProof, end: Uint8Array): Uint8Array {
  let node = end;
  for (const [index, sibling] of [...siblings.entries()].reverse()) {
    node = bitAt(keyHashOf(key), index) === 0 ? join(node, sibling) : join(sibling, node);
  }
  return node;
}

const numbered = Array.from({ length: 200 }, (_, index) => Uint8Array.of(9, index));
const lengthChunk = (length: number): Uint8Array => Uint8Array.of(length, ...new Uint8Array(31));

describe('a forged proof', () => {
  it('of an entry whose leaf stands in a value that somebody chose is refused', () => {
    // Left half of the leaf's preimage, right half of that one's, left half of the value hash's preimage: the value itself.
    const key = keyWithPath(numbered, '010');
    const value = Uint8Array.of(0xff, 0xff);
    const chosen = leafOf(key, value);
    const realKey = Uint8Array.of(1);
    const root = leafOf(realKey, chosen);
    const proof: StateProof = { key, value, siblings: [LEAF_TAG, keyHashOf(realKey), lengthChunk(32)], absence: undefined };
    expect(folded(proof, leafOf(key, value))).toEqual(root);
    expect(verifyStateProof(cryptography, root, proof)).toBe(false);
    const real: StateProof = { key: realKey, value: chosen, siblings: [], absence: undefined };
    expect(verifyStateProof(cryptography, root, real)).toBe(true);
  });

  it('of an entry whose leaf stands anywhere in a longer value is refused', () => {
    const key = keyWithPath(numbered, '01011');
    const value = Uint8Array.of(7);
    const chosen = leafOf(key, value);
    const before = new Uint8Array(32).fill(1);
    const realKey = Uint8Array.of(1);
    const realValue = Uint8Array.of(...before, ...before, ...before, ...chosen);
    const root = leafOf(realKey, realValue);
    const siblings = [LEAF_TAG, keyHashOf(realKey), lengthChunk(128), join(before, before), before];
    const proof: StateProof = { key, value, siblings, absence: undefined };
    expect(folded(proof, chosen)).toEqual(root);
    expect(verifyStateProof(cryptography, root, proof)).toBe(false);
  });

  it('of the absence of an entry, by the zeros in its own key, is refused', () => {
    // A key of zeros fills the left half of the key hash's preimage with what an empty subtree looks like.
    const zeros = Array.from({ length: 47 }, (_, index) => new Uint8Array(index + 1));
    const key = keyWithPath(zeros, '000');
    const value = Uint8Array.of(5);
    const root = leafOf(key, value);
    const tail = new Uint8Array(32);
    tail[15] = key.length;
    tail.set(new TextEncoder().encode('mutual/state/key'), 16);
    const siblings = [LEAF_TAG, byteStringRoot(cryptography, value), tail];
    const proof: StateProof = { key, value: undefined, siblings, absence: { kind: 'empty' } };
    expect(folded(proof, EMPTY_SUBTREE)).toEqual(root);
    expect(verifyStateProof(cryptography, root, proof)).toBe(false);
  });

  it('of the absence of an entry, by the zeros in its own value, is refused', () => {
    const key = keyWithPath(numbered, '010');
    const value = new Uint8Array(20);
    const root = leafOf(key, value);
    const siblings = [LEAF_TAG, keyHashOf(key), lengthChunk(20)];
    const proof: StateProof = { key, value: undefined, siblings, absence: { kind: 'empty' } };
    expect(folded(proof, EMPTY_SUBTREE)).toEqual(root);
    expect(verifyStateProof(cryptography, root, proof)).toBe(false);
  });
});
