import type { TransactionId, VerifiedTransaction } from '@mutual-chain/protocol';
import { keyOf } from '../mempool/byte-key.ts';
import { BATCH_HEADER_BYTES, bytesInBatch } from './transaction-batch.ts';

/** A place in a lane. The last place of a lane is always empty; one whose transaction is gone leads on to those behind it. */
type Place<Holder> = {
  readonly sequence: number;
  transaction: VerifiedTransaction | undefined;
  /** Who is known to have the transaction. */
  holders: Holder[];
  previous: Place<Holder> | undefined;
  next: Place<Holder> | undefined;
};

/** How far somebody has been told what is in a lane. */
export type LaneCursor<Holder> = { readonly place: Place<Holder> };

/** What comes next for somebody. */
export type LanePortion<Holder> = {
  readonly transactions: readonly Uint8Array[];
  /** Where to go on when he has been told. */
  readonly resume: LaneCursor<Holder>;
  /** The same for all portions with the same transactions; undefined when some were left out for this one. */
  readonly name: string | undefined;
};

/**
 * Transactions in the order in which they were admitted, told to everybody once. Somebody new begins at the front. What is remembered of each is how far he
 * is, and for each transaction of a few who have it from elsewhere.
 */
export class GossipLane<Holder> {
  readonly #holdersMax: number;
  readonly #places = new Map<string, Place<Holder>>();
  #first: Place<Holder> = createPlace(0, undefined);
  #end: Place<Holder> = this.#first;

  constructor(holdersMax: number) {
    this.#holdersMax = holdersMax;
  }

  /** Sequence number of whatever is added next. */
  get end(): number {
    return this.#end.sequence;
  }

  /** Before the first transaction. */
  get front(): LaneCursor<Holder> {
    return { place: this.#first };
  }

  /** Number of transactions. */
  get size(): number {
    return this.#places.size;
  }

  /** Adds a transaction that is not there. */
  add(transaction: VerifiedTransaction, holder: Holder | undefined): void {
    const place = this.#end;
    this.#places.set(keyOf(transaction.id), place);
    place.transaction = transaction;
    if (holder !== undefined) place.holders.push(holder);
    this.#end = createPlace(place.sequence + 1, place);
    place.next = this.#end;
  }

  /** Somebody has this transaction. */
  mark(id: TransactionId, holder: Holder): void {
    const holders = this.#places.get(keyOf(id))?.holders;
    if (holders !== undefined && holders.length < this.#holdersMax && !holders.includes(holder)) holders.push(holder);
  }

  remove(id: TransactionId): void {
    const key = keyOf(id);
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    place.transaction = undefined;
    place.holders = [];
    const { previous, next } = place;
    if (previous === undefined) this.#first = next as Place<Holder>;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    // Whoever stands here goes on from `next`; nobody has to be able to go back.
    place.previous = undefined;
  }

  /** Whether there is something behind a cursor, up to a sequence number, whoever may have it. */
  hasMore(cursor: LaneCursor<Holder>, until: number): boolean {
    return settled(cursor.place).sequence < Math.min(until, this.end);
  }

  /**
   * What comes next for somebody, up to a sequence number: transactions that he is not known to have, as many as a batch of so many bytes has room for, and
   * one if there is any.
   */
  next(cursor: LaneCursor<Holder>, holder: Holder, until: number, batchBytes: number): LanePortion<Holder> {
    const transactions: Uint8Array[] = [];
    const first = settled(cursor.place);
    let place = first;
    let hasLeftOut = false;
    for (let length = BATCH_HEADER_BYTES; place.sequence < until && place.next !== undefined; place = place.next) {
      const { transaction, holders } = place;
      if (transaction === undefined) continue;
      if (holders.includes(holder)) {
        hasLeftOut = true;
        continue;
      }
      length += bytesInBatch(transaction.bytes);
      if (length > batchBytes && transactions.length > 0) break;
      transactions.push(transaction.bytes);
    }
    return { transactions, resume: { place: settled(place) }, name: hasLeftOut ? undefined : `${first.sequence} ${place.sequence}` };
  }
}

function createPlace<Holder>(sequence: number, previous: Place<Holder> | undefined): Place<Holder> {
  return { sequence, transaction: undefined, holders: [], previous, next: undefined };
}

/** The first place from this one on whose transaction is there, or the end. */
function settled<Holder>(from: Place<Holder>): Place<Holder> {
  let place = from;
  while (place.transaction === undefined && place.next !== undefined) place = place.next;
  return place;
}
