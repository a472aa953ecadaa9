import { bitAt, byteStringRoots, type Cryptography, compareBytes, leavesFromHashes, stateKeyHashes } from '@mutual-chain/protocol';
import { type StateKey, stateKeyToBytes } from '../../src/view/state-key.ts';

/** A leaf of the tree by its two hashes, 32 bytes each. */
export type HashedLeaf = { readonly path: Uint8Array; readonly valueHash: Uint8Array };

/** Root of a state by its definition, from all its leaves and nothing else. */
export function referenceRoot(cryptography: Cryptography, leaves: readonly HashedLeaf[], depth = 0): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return new Uint8Array(32);
  if (leaves.length === 1) return leavesFromHashes(cryptography, first.path, first.valueHash);
  const left = leaves.filter(({ path }) => bitAt(path, depth) === 0);
  const right = leaves.filter(({ path }) => bitAt(path, depth) === 1);
  return cryptography.sha256(Buffer.concat([referenceRoot(cryptography, left, depth + 1), referenceRoot(cryptography, right, depth + 1)]));
}

/** The leaves of entries, in the order of their paths. */
export function leavesOf(cryptography: Cryptography, entries: ReadonlyMap<StateKey, Uint8Array>): HashedLeaf[] {
  const paths = stateKeyHashes(cryptography, [...entries.keys()].map(stateKeyToBytes));
  const values = byteStringRoots(cryptography, [...entries.values()]);
  return Array.from({ length: entries.size }, (_, index) => ({
    path: paths.slice(index * 32, index * 32 + 32),
    valueHash: values.slice(index * 32, index * 32 + 32),
  })).sort((left, right) => compareBytes(left.path, right.path));
}
