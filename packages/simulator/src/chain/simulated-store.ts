import { type HeightCommit, MemoryStateStore, type StateStore, type StoreTip } from '@mutual-chain/node';
import type { BlockHash, Cryptography } from '@mutual-chain/protocol';
import type { StateEntry, StatePreview, StateView } from '@mutual-chain/state-machine';

/** Schedules work of one run of a node. */
type Schedule = (delayMs: number, label: string, run: () => void) => void;

/** A commit that has been asked for and is not durable. */
type Pending = { readonly commit: HeightCommit; readonly resolve: () => void };

/** The store of a node, outliving its runs: a commit takes its time, and a crash in the middle leaves it done or not. */
export class SimulatedStore implements StateStore {
  readonly view: StateView;
  readonly #inner: MemoryStateStore;
  readonly #previews = new Set<StatePreview>();
  #schedule: Schedule | undefined;
  #delayMs: () => number = () => 1;
  #pending: Pending | undefined;

  constructor(cryptography: Pick<Cryptography, 'sha256Pairs'>) {
    this.#inner = new MemoryStateStore({ cryptography });
    const { view } = this.#inner;
    this.view = {
      get: view.get.bind(view),
      nextKey: view.nextKey.bind(view),
      preview: (changes) => {
        const preview = view.preview(changes);
        this.#previews.add(preview);
        return preview;
      },
      drop: (preview) => {
        this.#previews.delete(preview);
        view.drop(preview);
      },
    };
  }

  get tip(): StoreTip | undefined {
    return this.#inner.tip;
  }

  /** A run of the node begins. */
  beginRun(schedule: Schedule, delayMs: () => number): void {
    this.#schedule = schedule;
    this.#delayMs = delayMs;
  }

  /** A run ends: a commit under way became durable or not, and what was in memory alone is gone. */
  endRun(isDurable: boolean): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#schedule = undefined;
    if (pending !== undefined && isDurable) this.#store(pending.commit);
    for (const preview of this.#previews) this.#inner.view.drop(preview);
    this.#previews.clear();
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  commitHeight(commit: HeightCommit): Promise<void> {
    const schedule = this.#schedule;
    if (schedule === undefined) {
      this.#store(commit);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const pending = { commit, resolve };
      this.#pending = pending;
      schedule(this.#delayMs(), 'commit', () => {
        if (this.#pending !== pending) return;
        this.#pending = undefined;
        this.#store(commit);
        resolve();
      });
    });
  }

  readBlock(height: number): Uint8Array | undefined {
    return this.#inner.readBlock(height);
  }

  readCertificate(height: number): Uint8Array | undefined {
    return this.#inner.readCertificate(height);
  }

  heightOf(blockHash: BlockHash): number | undefined {
    return this.#inner.heightOf(blockHash);
  }

  readIndex(key: Uint8Array): Uint8Array | undefined {
    return this.#inner.readIndex(key);
  }

  readIndexRange(range: Parameters<StateStore['readIndexRange']>[0]): ReturnType<StateStore['readIndexRange']> {
    return this.#inner.readIndexRange(range);
  }

  stateEntries(): AsyncIterable<StateEntry> {
    return this.#inner.stateEntries();
  }

  #store(commit: HeightCommit): void {
    this.#previews.delete(commit.preview);
    // It is in memory at once; the promise is the answer of an interface that real disks have, too.
    void this.#inner.commitHeight(commit);
  }
}
