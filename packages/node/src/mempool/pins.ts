import type { BlockHash, TransactionId } from '@mutual-chain/protocol';
import { keyOf } from './byte-key.ts';

type PinnedBlock = { readonly height: number; readonly keys: readonly string[] };

/**
 * Blocks whose transactions may not leave the mempool before their height is committed: this node prevoted them, and whoever lacks a
 * transaction may ask for it.
 */
export class Pins {
  readonly #blocksMax: number;
  readonly #blocks = new Map<string, PinnedBlock>();
  /** In how many pinned blocks a transaction is. */
  readonly #counts = new Map<string, number>();

  constructor(blocksMax: number) {
    this.#blocksMax = blocksMax;
  }

  /** Number of pinned blocks. */
  get size(): number {
    return this.#blocks.size;
  }

  isPinned(key: string): boolean {
    return this.#counts.has(key);
  }

  /** Pins the transactions of a block of this height; false when there are too many blocks. */
  pin(height: number, blockHash: BlockHash, ids: readonly TransactionId[]): boolean {
    const name = keyOf(blockHash);
    if (this.#blocks.has(name)) return true;
    if (this.#blocks.size >= this.#blocksMax) return false;
    const keys = ids.map(keyOf);
    this.#blocks.set(name, { height, keys });
    for (const key of keys) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return true;
  }

  /** Lets go of all blocks up to a height. */
  releaseUntil(height: number): void {
    for (const [name, block] of this.#blocks) {
      if (block.height > height) continue;
      this.#blocks.delete(name);
      for (const key of block.keys) this.#release(key);
    }
  }

  #release(key: string): void {
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}
