import type { TransactionId } from '@mutual-chain/protocol';
import { keyOf } from '../mempool/byte-key.ts';

/** Whoever waits for the end of a transaction. */
export class Settlements {
  readonly #waiting = new Map<string, Set<() => void>>();
  #size = 0;

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** Resolves when `settle` is called for the transaction, or the signal aborts. */
  wait(id: TransactionId, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const key = keyOf(id);
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(key) ?? new Set();
      const end = (): void => {
        signal.removeEventListener('abort', end);
        waiting.delete(end);
        if (waiting.size === 0) this.#waiting.delete(key);
        this.#size--;
        resolve();
      };
      signal.addEventListener('abort', end);
      waiting.add(end);
      this.#waiting.set(key, waiting);
      this.#size++;
    });
  }

  /** The transaction has ended. */
  settle(id: TransactionId): void {
    if (this.#size === 0) return;
    for (const end of [...(this.#waiting.get(keyOf(id)) ?? [])]) end();
  }

  /** Nobody waits any longer. */
  settleAll(): void {
    for (const waiting of [...this.#waiting.values()]) for (const end of [...waiting]) end();
  }
}
