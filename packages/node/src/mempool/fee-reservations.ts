import type { Address } from '@mutual-chain/protocol';
import { keyOf } from './byte-key.ts';
import type { FeeDue } from './pool-transaction.ts';

/** What payers owe for admitted transactions that are not in a block yet: nobody has more of them than he can pay for. */
export class FeeReservations {
  readonly #reserved = new Map<string, bigint>();

  /** Number of payers. */
  get size(): number {
    return this.#reserved.size;
  }

  /** Fees reserved for a payer, MTN base units. */
  of(payer: Address): bigint {
    return this.#reserved.get(keyOf(payer)) ?? 0n;
  }

  reserve({ payer, fee }: FeeDue): void {
    this.#set(payer, this.of(payer) + fee);
  }

  release({ payer, fee }: FeeDue): void {
    this.#set(payer, this.of(payer) - fee);
  }

  #set(payer: Address, amount: bigint): void {
    if (amount === 0n) this.#reserved.delete(keyOf(payer));
    else this.#reserved.set(keyOf(payer), amount);
  }
}
