import {
  bitAt,
  type Cryptography,
  compareBytes,
  EMPTY_SUBTREE,
  type StateRoot,
  stateKeyHashes,
  stateLeaves,
} from '@mutual-chain/protocol';
import { type StateKey, stateKeyToBytes } from '../view/state-key.ts';

type Leaf = { readonly path: Uint8Array; readonly hash: Uint8Array };

/** State root of a set of entries, computed from nothing. */
export function stateRootOf(cryptography: Pick<Cryptography, 'sha256Pairs'>, entries: ReadonlyMap<StateKey, Uint8Array>): StateRoot {
  const paths = stateKeyHashes(cryptography, [...entries.keys()].map(stateKeyToBytes));
  const hashes = stateLeaves(cryptography, paths, [...entries.values()]);
  const leaves: Leaf[] = [];
  for (let at = 0; at < paths.length; at += 32) leaves.push({ path: paths.subarray(at, at + 32), hash: hashes.subarray(at, at + 32) });
  leaves.sort((left, right) => compareBytes(left.path, right.path));
  return subtreeHash(cryptography, leaves, 0) as StateRoot;
}

function subtreeHash(cryptography: Pick<Cryptography, 'sha256Pairs'>, leaves: readonly Leaf[], depth: number): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return EMPTY_SUBTREE;
  if (leaves.length === 1) return first.hash;
  let middle = 0;
  while (middle < leaves.length && bitAt((leaves[middle] as Leaf).path, depth) === 0) middle++;
  const block = new Uint8Array(64);
  block.set(subtreeHash(cryptography, leaves.slice(0, middle), depth + 1), 0);
  block.set(subtreeHash(cryptography, leaves.slice(middle), depth + 1), 32);
  const hash = new Uint8Array(32);
  cryptography.sha256Pairs(block, hash);
  return hash;
}
