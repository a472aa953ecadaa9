import { equalBytes, type TransactionId, type VerifiedTransaction } from '@mutual-chain/protocol';
import { keyOf } from '../mempool/byte-key.ts';

/**
 * Verified transactions that are not in the mempool: those of proposed blocks, which may come once more in another block, or from a peer. The
 * oldest are forgotten first.
 */
export class VerifiedTransactions {
  readonly #countMax: number;
  readonly #byKey = new Map<string, VerifiedTransaction>();

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /** Number of transactions. */
  get size(): number {
    return this.#byKey.size;
  }

  /** The transaction of this id, if all of its bytes are the same: the id does not cover the sponsor. */
  find(id: TransactionId, raw: Uint8Array): VerifiedTransaction | undefined {
    const found = this.#byKey.get(keyOf(id));
    return found !== undefined && equalBytes(found.bytes, raw) ? found : undefined;
  }

  add(transaction: VerifiedTransaction): void {
    const key = keyOf(transaction.id);
    this.#byKey.delete(key);
    this.#byKey.set(key, transaction);
    if (this.#byKey.size <= this.#countMax) return;
    for (const oldest of this.#byKey.keys()) {
      this.#byKey.delete(oldest);
      return;
    }
  }

  remove(id: TransactionId): void {
    this.#byKey.delete(keyOf(id));
  }
}
