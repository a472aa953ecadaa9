import { equalBytes } from '../bytes/byte-order.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { byteStringRoot } from '../merkle/byte-string-roots.ts';
import { hashPair } from '../merkle/list-root.ts';
import { EMPTY_SUBTREE, LEAF_TAG, leavesFromHashes, STATE_KEY_BYTES_MAX, stateKeyHashes } from './state-hashes.ts';

/** What stands at the end of a key's path when the key is absent: nothing, or another key's leaf. */
export type AbsenceWitness =
  | { readonly kind: 'empty' }
  | { readonly kind: 'other'; readonly keyHash: Uint8Array; readonly valueHash: Uint8Array };

/** Proof that the state has a value under a key, or has none. */
export type StateProof = {
  /** 1–47 bytes. */
  readonly key: Uint8Array;
  /** Value of the entry, or undefined when the key is absent. */
  readonly value: Uint8Array | undefined;
  /** Sibling hashes along the path from the root down, 32 bytes each. */
  readonly siblings: readonly Uint8Array[];
  /** For an absent key only. */
  readonly absence: AbsenceWitness | undefined;
};

/** Most siblings a proof may have: the bits of a path. */
export const PROOF_SIBLINGS_MAX = 256;

/**
 * Whether the proof holds under the state root. Needs nothing but a header's state root; never throws.
 *
 * A sibling that is LEAF_TAG is refused: such a proof would go on below a leaf, into bytes that whoever wrote the entry was free to choose.
 */
export function verifyStateProof(cryptography: Pick<Cryptography, 'sha256Pairs'>, stateRoot: Uint8Array, proof: StateProof): boolean {
  const { key, value, siblings, absence } = proof;
  if (key.length < 1 || key.length > STATE_KEY_BYTES_MAX || (value === undefined) === (absence === undefined)) return false;
  if (siblings.length > PROOF_SIBLINGS_MAX || !siblings.every(isNode)) return false;
  const keyHash = stateKeyHashes(cryptography, [key]);
  const end = endOfPath(cryptography, keyHash, proof);
  if (end === undefined) return false;
  let node = end;
  for (let depth = siblings.length - 1; depth >= 0; depth--) {
    const sibling = siblings[depth] as Uint8Array;
    node = bitAt(keyHash, depth) === 0 ? hashPair(cryptography, node, sibling) : hashPair(cryptography, sibling, node);
  }
  return equalBytes(node, stateRoot);
}

function isNode(sibling: Uint8Array): boolean {
  return sibling.length === 32 && !equalBytes(sibling, LEAF_TAG);
}

/** Bit of a path, 0 the most significant. */
export function bitAt(keyHash: Uint8Array, depth: number): 0 | 1 {
  return (((keyHash[depth >>> 3] as number) >>> (7 - (depth & 7))) & 1) as 0 | 1;
}

function endOfPath(cryptography: Pick<Cryptography, 'sha256Pairs'>, keyHash: Uint8Array, proof: StateProof): Uint8Array | undefined {
  const { value, absence, siblings } = proof;
  if (value !== undefined) return leavesFromHashes(cryptography, keyHash, byteStringRoot(cryptography, value));
  if (absence === undefined) return undefined;
  if (absence.kind === 'empty') return EMPTY_SUBTREE;
  const sized = absence.keyHash.length === 32 && absence.valueHash.length === 32;
  if (!sized || equalBytes(absence.keyHash, keyHash) || !sharesPath(absence.keyHash, keyHash, siblings.length)) return undefined;
  return leavesFromHashes(cryptography, absence.keyHash, absence.valueHash);
}

function sharesPath(left: Uint8Array, right: Uint8Array, bits: number): boolean {
  for (let depth = 0; depth < bits; depth++) if (bitAt(left, depth) !== bitAt(right, depth)) return false;
  return true;
}
