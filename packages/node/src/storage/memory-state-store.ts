import { type BlockHash, type Cryptography, encodeHex } from '@mutual-chain/protocol';
import { MemoryState, type StateEntry, type StateView } from '@mutual-chain/state-machine';
import { nodeError } from '../errors.ts';
import type { HeightCommit, IndexRange, StateStore, StoredIndexEntry, StoreTip } from './state-store.ts';

/** The same store without a disk, for simulation and tests: behaves alike, and forgets everything with the process. */
export class MemoryStateStore implements StateStore {
  readonly #state: MemoryState;
  readonly #blocks: Map<number, Uint8Array> = new Map();
  readonly #certificates: Map<number, Uint8Array> = new Map();
  readonly #heights: Map<string, number> = new Map();
  /** By key in hex, whose order is that of bytes. */
  readonly #indexes: Map<string, StoredIndexEntry> = new Map();
  /** Those keys in order; undefined until a range is read again. */
  #orderedIndexKeys: readonly string[] | undefined;
  #tip: StoreTip | undefined;

  constructor(options: { readonly cryptography: Pick<Cryptography, 'sha256Pairs'> }) {
    this.#state = new MemoryState(options);
  }

  get view(): StateView {
    return this.#state;
  }

  get tip(): StoreTip | undefined {
    return this.#tip;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  commitHeight(commit: HeightCommit): Promise<void> {
    const expected = this.#tip === undefined ? 0 : this.#tip.height + 1;
    if (commit.height !== expected) {
      const details = { height: commit.height, expected };
      return Promise.reject(nodeError('STORAGE_HEIGHT_WRONG', `height ${commit.height} does not follow: the next is ${expected}`, details));
    }
    this.#state.promote(commit.preview);
    if (commit.block.length > 0) this.#blocks.set(commit.height, commit.block);
    if (commit.certificate !== undefined) this.#certificates.set(commit.height, commit.certificate);
    this.#heights.set(encodeHex(commit.blockHash), commit.height);
    for (const { key, value } of commit.indexes ?? []) {
      if (value === undefined) this.#indexes.delete(encodeHex(key));
      else this.#indexes.set(encodeHex(key), { key, value });
    }
    this.#orderedIndexKeys = undefined;
    this.#tip = { height: commit.height, blockHash: commit.blockHash, stateRoot: commit.preview.stateRoot };
    return Promise.resolve();
  }

  readBlock(height: number): Uint8Array | undefined {
    return this.#blocks.get(height);
  }

  readCertificate(height: number): Uint8Array | undefined {
    return this.#certificates.get(height);
  }

  heightOf(blockHash: BlockHash): number | undefined {
    return this.#heights.get(encodeHex(blockHash));
  }

  readIndex(key: Uint8Array): Uint8Array | undefined {
    return this.#indexes.get(encodeHex(key))?.value;
  }

  readIndexRange({ from, to, limit, reverse = false }: IndexRange): Promise<readonly StoredIndexEntry[]> {
    this.#orderedIndexKeys ??= [...this.#indexes.keys()].sort(compareTexts);
    const keys = this.#orderedIndexKeys;
    const first = firstAtOrAbove(keys, encodeHex(from));
    const end = Math.max(first, firstAtOrAbove(keys, encodeHex(to)));
    const chosen = reverse ? keys.slice(Math.max(first, end - limit), end).reverse() : keys.slice(first, Math.min(end, first + limit));
    return Promise.resolve(chosen.flatMap((key) => this.#indexes.get(key) ?? []));
  }

  async *stateEntries(): AsyncIterable<StateEntry> {
    yield* this.#state.entries();
  }
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function firstAtOrAbove(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
