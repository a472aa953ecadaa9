import type { Address } from '@mutual-chain/protocol';
import type { FeeDue, PoolTransaction, Source } from './pool-transaction.ts';

/** An admitted transaction with where it came from and the fee reserved for it. */
export type Entry<Verified> = { readonly transaction: Verified; readonly source: Source; readonly due: FeeDue };

/**
 * The admitted transactions of one account by nonce. Those from `base` on without a gap can go into a block; a gap is left where one expired.
 */
export class AccountQueue<Verified extends PoolTransaction> {
  readonly address: Address;
  readonly #entries = new Map<number, Entry<Verified>>();
  #base: number;
  #next: number;
  #heldFrom: number | undefined;

  constructor(address: Address, base: number) {
    this.address = address;
    this.#base = base;
    this.#next = base;
  }

  /** Next nonce of the account as of the tip. */
  get base(): number {
    return this.#base;
  }

  /** Lowest nonce from `base` on that nothing admitted has. */
  get next(): number {
    return this.#next;
  }

  /** Number of admitted transactions. */
  get size(): number {
    return this.#entries.size;
  }

  /** Nonce from which on nothing is offered to blocks. */
  get heldFrom(): number | undefined {
    return this.#heldFrom;
  }

  /** Whether there is something to offer to a block. */
  get isReady(): boolean {
    return this.offered(this.#base) !== undefined;
  }

  at(nonce: number): Entry<Verified> | undefined {
    return this.#entries.get(nonce);
  }

  /** The transaction with this nonce, if it may be offered after those before it. */
  offered(nonce: number): Verified | undefined {
    if (nonce >= this.#next || (this.#heldFrom !== undefined && nonce >= this.#heldFrom)) return undefined;
    return this.#entries.get(nonce)?.transaction;
  }

  add(entry: Entry<Verified>): void {
    this.#entries.set(entry.transaction.message.nonce, entry);
    this.#skipFilled();
  }

  remove(nonce: number): void {
    this.#entries.delete(nonce);
    if (nonce >= this.#base && nonce < this.#next) this.#next = nonce;
  }

  /** Moves on to what the account's next nonce is now. Returns what had lower nonces and is removed, ascending. */
  moveTo(base: number): readonly Entry<Verified>[] {
    const passed: Entry<Verified>[] = [];
    for (let nonce = this.#base; nonce < base; nonce++) {
      const entry = this.#entries.get(nonce);
      if (entry === undefined) continue;
      passed.push(entry);
      this.#entries.delete(nonce);
    }
    this.#base = Math.max(this.#base, base);
    this.#next = Math.max(this.#next, this.#base);
    if (this.#heldFrom !== undefined && this.#heldFrom < this.#base) this.#heldFrom = undefined;
    this.#skipFilled();
    return passed;
  }

  /** Offers nothing from this nonce on until `release`. */
  holdFrom(nonce: number): void {
    this.#heldFrom = Math.min(this.#heldFrom ?? nonce, nonce);
  }

  release(): void {
    this.#heldFrom = undefined;
  }

  #skipFilled(): void {
    while (this.#entries.has(this.#next)) this.#next++;
  }
}
