import { type BlockHash, type Cryptography, encodeHex } from '@mutual-chain/protocol';
import { MemoryState, type StateEntry, type StateView } from '@mutual-chain/state-machine';
import { nodeError } from '../errors.ts';
import type { HeightCommit, StateStore, StoreTip } from './state-store.ts';

/** The same store without a disk, for simulation and tests: behaves alike, and forgets everything with the process. */
export class MemoryStateStore implements StateStore {
  readonly #state: MemoryState;
  readonly #blocks: Map<number, Uint8Array> = new Map();
  readonly #certificates: Map<number, Uint8Array> = new Map();
  readonly #heights: Map<string, number> = new Map();
  readonly #indexes: Map<string, Uint8Array> = new Map();
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
      else this.#indexes.set(encodeHex(key), value);
    }
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
    return this.#indexes.get(encodeHex(key));
  }

  async *stateEntries(): AsyncIterable<StateEntry> {
    yield* this.#state.entries();
  }
}
