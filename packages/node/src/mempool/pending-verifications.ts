import { keyOf } from './byte-key.ts';
import type { MempoolLimits } from './limits.ts';
import type { PoolTransaction, Source } from './pool-transaction.ts';

/**
 * The transactions whose signatures are being verified, each once. The sponsor's signature tells them apart too: the id does not cover it, so a
 * wrong one must not stand in the way of a right one.
 */
export class PendingVerifications {
  readonly #limits: Pick<MempoolLimits, 'verifyingMax' | 'verifyingPerSourceMax'>;
  /** Source by transaction. */
  readonly #pending = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  constructor(limits: Pick<MempoolLimits, 'verifyingMax' | 'verifyingPerSourceMax'>) {
    this.#limits = limits;
  }

  /** Number of transactions being verified. */
  get size(): number {
    return this.#pending.size;
  }

  has(transaction: PoolTransaction): boolean {
    return this.#pending.has(verificationKey(transaction));
  }

  /** Begins; false when too many are under way, of this source or altogether. */
  begin(transaction: PoolTransaction, source: Source): boolean {
    const name = `${source.kind}:${source.name}`;
    const count = this.#counts.get(name) ?? 0;
    if (this.#pending.size >= this.#limits.verifyingMax || count >= this.#limits.verifyingPerSourceMax) return false;
    this.#pending.set(verificationKey(transaction), name);
    this.#counts.set(name, count + 1);
    return true;
  }

  /** Ends, with whatever result. */
  end(transaction: PoolTransaction): void {
    const key = verificationKey(transaction);
    const name = this.#pending.get(key);
    if (name === undefined) return;
    this.#pending.delete(key);
    const count = (this.#counts.get(name) ?? 0) - 1;
    if (count > 0) this.#counts.set(name, count);
    else this.#counts.delete(name);
  }
}

function verificationKey({ id, sponsor }: PoolTransaction): string {
  return sponsor === undefined ? keyOf(id) : keyOf(id) + keyOf(sponsor.signature);
}
