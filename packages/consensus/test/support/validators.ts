import type { BlockHash } from '@mutual-chain/protocol';

/** A hash of no block in particular. */
export function hashOf(fill: number): BlockHash {
  return new Uint8Array(32).fill(fill) as BlockHash;
}
