import type { BlockHash } from '@mutual-chain/protocol';
import { type StateKey, stateKeyFromBytes } from '@mutual-chain/state-machine';

/** Entries that a height of the damage tests adds; no height touches another's. */
export function changesOf(height: number): { readonly key: StateKey; readonly value: Uint8Array }[] {
  return Array.from({ length: 20 }, (_, index) => ({
    key: stateKeyFromBytes(Uint8Array.of(1, height >>> 8, height & 255, index)),
    value: new Uint8Array(40).fill((height * 31 + index) & 255),
  }));
}

/** Block bytes of a height of the damage tests. */
export function blockOf(height: number): Uint8Array {
  return new Uint8Array(300).fill(height & 255);
}

/** Block hash of a height of the damage tests. */
export function blockHashAt(height: number): BlockHash {
  const hash = new Uint8Array(32);
  new DataView(hash.buffer).setUint32(0, height + 1);
  return hash as BlockHash;
}
