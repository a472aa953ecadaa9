import { assertInvariant } from '@mutual-chain/protocol';
import { keyOf } from './byte-key.ts';
import type { MempoolLimits } from './limits.ts';
import type { PoolTransaction, Source } from './pool-transaction.ts';

/** A verified transaction that waits until the nonce before its own is admitted. */
export type Parked<Verified> = { readonly transaction: Verified; readonly source: Source; readonly deadlineMs: number };

/** Where a newcomer could go: in free room, in the place of another, or nowhere. */
export type ParkingRoom<Verified> = 'free' | 'none' | { readonly insteadOf: Parked<Verified> };

/**
 * Transactions that came before one with a lower nonce. None is admitted, so all may be dropped: when their time is over, or when all places are
 * taken and their account has the most.
 */
export class ParkedTransactions<Verified extends PoolTransaction> {
  readonly #limits: Pick<MempoolLimits, 'parkedMax' | 'parkedPerAccountMax'>;
  readonly #isPinned: (key: string) => boolean;
  /** In the order of their deadlines. */
  readonly #byId = new Map<string, Parked<Verified>>();
  readonly #byAccount = new Map<string, Map<number, Parked<Verified>>>();

  constructor(limits: Pick<MempoolLimits, 'parkedMax' | 'parkedPerAccountMax'>, isPinned: (key: string) => boolean) {
    this.#limits = limits;
    this.#isPinned = isPinned;
  }

  /** Number of transactions that wait. */
  get size(): number {
    return this.#byId.size;
  }

  /** The earliest deadline, ms, if anything waits. */
  get nextDeadlineMs(): number | undefined {
    for (const { deadlineMs } of this.#byId.values()) return deadlineMs;
    return undefined;
  }

  find(key: string): Parked<Verified> | undefined {
    return this.#byId.get(key);
  }

  at(account: string, nonce: number): Parked<Verified> | undefined {
    return this.#byAccount.get(account)?.get(nonce);
  }

  countOf(account: string): number {
    return this.#byAccount.get(account)?.size ?? 0;
  }

  /** Room for one more of an account. Another gives way only if its account has more: its highest nonce, which is the last to be of use. */
  roomFor(account: string): ParkingRoom<Verified> {
    if (this.countOf(account) >= this.#limits.parkedPerAccountMax) return 'none';
    if (this.#byId.size < this.#limits.parkedMax) return 'free';
    let most = this.countOf(account);
    let victim: Parked<Verified> | undefined;
    for (const ofAccount of this.#byAccount.values()) {
      if (ofAccount.size <= most) continue;
      const last = this.#lastUnpinned(ofAccount);
      if (last === undefined) continue;
      most = ofAccount.size;
      victim = last;
    }
    return victim === undefined ? 'none' : { insteadOf: victim };
  }

  /** Adds a transaction for which there is free room; its deadline is not before that of any other. */
  add(parked: Parked<Verified>): void {
    const { id, message } = parked.transaction;
    const account = keyOf(message.from);
    assertInvariant(this.#byId.size < this.#limits.parkedMax, 'there is room before something is parked');
    this.#byId.set(keyOf(id), parked);
    const ofAccount = this.#byAccount.get(account);
    if (ofAccount === undefined) this.#byAccount.set(account, new Map([[message.nonce, parked]]));
    else ofAccount.set(message.nonce, parked);
  }

  remove({ transaction: { id, message } }: Parked<Verified>): void {
    const account = keyOf(message.from);
    const ofAccount = this.#byAccount.get(account);
    this.#byId.delete(keyOf(id));
    ofAccount?.delete(message.nonce);
    if (ofAccount?.size === 0) this.#byAccount.delete(account);
  }

  /** Those of an account with nonces below this one, ascending. */
  below(account: string, nonce: number): readonly Parked<Verified>[] {
    const found = [...(this.#byAccount.get(account)?.values() ?? [])].filter(({ transaction }) => transaction.message.nonce < nonce);
    return found.sort((left, right) => left.transaction.message.nonce - right.transaction.message.nonce);
  }

  /** Those whose time is over. Pinned ones get until `extendedToMs` instead. */
  due(nowMs: number, extendedToMs: number): readonly Parked<Verified>[] {
    const over: Parked<Verified>[] = [];
    const pinned: Parked<Verified>[] = [];
    for (const [key, parked] of this.#byId) {
      if (parked.deadlineMs > nowMs) break;
      if (this.#isPinned(key)) pinned.push(parked);
      else over.push(parked);
    }
    for (const parked of pinned) {
      this.remove(parked);
      this.add({ ...parked, deadlineMs: extendedToMs });
    }
    return over;
  }

  #lastUnpinned(ofAccount: ReadonlyMap<number, Parked<Verified>>): Parked<Verified> | undefined {
    let last: Parked<Verified> | undefined;
    for (const [nonce, parked] of ofAccount) {
      const isLater = last === undefined || nonce > last.transaction.message.nonce;
      if (isLater && !this.#isPinned(keyOf(parked.transaction.id))) last = parked;
    }
    return last;
  }
}
