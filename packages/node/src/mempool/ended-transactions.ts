import type { TransactionId } from '@mutual-chain/protocol';
import { keyOf } from './byte-key.ts';
import type { MempoolLimits } from './limits.ts';

/** How a transaction ended that is in no block. */
export type RememberedEnd = 'expired' | 'rejected';

/** Remembers for a while how transactions ended that are in no block. The oldest are forgotten first. */
export class EndedTransactions {
  readonly #limits: Pick<MempoolLimits, 'endedMax' | 'endedRetentionSec'>;
  /** In the order of `timeSec`. */
  readonly #ended = new Map<string, { readonly status: RememberedEnd; readonly timeSec: number }>();

  constructor(limits: Pick<MempoolLimits, 'endedMax' | 'endedRetentionSec'>) {
    this.#limits = limits;
  }

  /** Number of transactions remembered. */
  get size(): number {
    return this.#ended.size;
  }

  find(id: TransactionId): RememberedEnd | undefined {
    return this.#ended.get(keyOf(id))?.status;
  }

  /** Notes an end at a block time, unix seconds, that never decreases. */
  note(id: TransactionId, status: RememberedEnd, timeSec: number): void {
    const key = keyOf(id);
    if (this.#ended.has(key)) return;
    this.#ended.set(key, { status, timeSec });
    if (this.#ended.size > this.#limits.endedMax) this.#forgetOldest();
  }

  /** Forgets what ended too long before this block time, unix seconds. */
  forgetUntil(timeSec: number): void {
    for (const [key, ended] of this.#ended) {
      if (ended.timeSec + this.#limits.endedRetentionSec > timeSec) return;
      this.#ended.delete(key);
    }
  }

  #forgetOldest(): void {
    for (const key of this.#ended.keys()) {
      this.#ended.delete(key);
      return;
    }
  }
}
