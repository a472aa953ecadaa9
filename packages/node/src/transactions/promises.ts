import type { TransactionId, VerifiedTransaction } from '@mutual-chain/protocol';
import { keyOf } from '../mempool/byte-key.ts';
import type { RememberedEnd } from '../mempool/ended-transactions.ts';
import type { MempoolLimits } from '../mempool/limits.ts';
import { endedKey, type JournalRecord, transactionKey } from './journal-record.ts';
import type { Slot } from './submission.ts';
import type { TransactionJournal } from './transaction-journal.ts';

/** An admitted transaction that a client is going to be promised a place for. */
export type Pledge = {
  readonly transaction: VerifiedTransaction;
  /** Nobody but clients of this node has sent it. */
  readonly isOwn: boolean;
  /** Who is told once it is durable. */
  readonly slots: Slot[];
};

/** What becomes durable together. */
export type PromiseGroup = { readonly pledges: readonly Pledge[]; readonly ends: readonly EndedRecord[] };

/** What was promised before this node was restarted, and what of it had ended by then, earliest first. */
export type FormerPromises = { readonly transactions: readonly Uint8Array[]; readonly ended: readonly EndedRecord[] };

type EndedRecord = Extract<JournalRecord, { readonly type: 'ended' }>;

/**
 * What this node has promised to clients, as its journal has it. Transactions become durable in groups. How one ended that is in no block is written down
 * with the next group, and kept as long as the mempool remembers it.
 *
 * Errors: those of the journal.
 */
export class Promises {
  readonly #journal: TransactionJournal;
  readonly #limits: Pick<MempoolLimits, 'endedMax' | 'endedRetentionSec'>;
  #pledges = new Map<string, Pledge>();
  #pledgedBytes = 0;
  #ends: EndedRecord[] = [];
  /** Times of the ends that are in the journal, in their order. */
  readonly #endTimes = new Map<string, number>();

  constructor(journal: TransactionJournal, limits: Pick<MempoolLimits, 'endedMax' | 'endedRetentionSec'>) {
    this.#journal = journal;
    this.#limits = limits;
  }

  /** Whether something waits to become durable. */
  get isPending(): boolean {
    return this.#pledges.size > 0 || this.#ends.length > 0;
  }

  /** Bytes of the transactions that wait to become durable. */
  get pendingBytes(): number {
    return this.#pledgedBytes;
  }

  /** Opens the journal. */
  start(): FormerPromises {
    const records = this.#journal.start();
    const ended = [...records.values()].filter((record) => record.type === 'ended').sort((left, right) => left.timeSec - right.timeSec);
    for (const { id, timeSec } of ended) {
      this.#endTimes.set(endedKey(id), timeSec);
      this.#journal.release(transactionKey(id));
    }
    const open = [...records].flatMap(([key, record]) => (record.type === 'transaction' && this.#journal.has(key) ? [record.raw] : []));
    return { transactions: open, ended };
  }

  /** All that was promised before has been looked at. */
  sweep(): void {
    this.#journal.sweep();
  }

  /** Whether a transaction is durable. */
  isKept(id: TransactionId): boolean {
    return this.#journal.has(transactionKey(id));
  }

  /** Has an admitted transaction made durable with the next group. */
  pledge(transaction: VerifiedTransaction, isOwn: boolean, slots: readonly Slot[]): void {
    const key = keyOf(transaction.id);
    const pledge = this.#pledges.get(key);
    if (pledge !== undefined) {
      pledge.slots.push(...slots);
      return;
    }
    this.#pledges.set(key, { transaction, isOwn, slots: [...slots] });
    this.#pledgedBytes += transaction.bytes.length;
  }

  /** A transaction needs no place any more. Returns whoever was to be told of its pledge. */
  end(id: TransactionId, end: { readonly status: RememberedEnd; readonly timeSec: number } | undefined): readonly Slot[] {
    const key = keyOf(id);
    const pledge = this.#pledges.get(key);
    this.#pledges.delete(key);
    this.#pledgedBytes -= pledge?.transaction.bytes.length ?? 0;
    if (end === undefined) this.#journal.release(transactionKey(id));
    else if (pledge !== undefined || this.isKept(id)) this.#ends.push({ type: 'ended', id, ...end });
    return pledge?.slots ?? [];
  }

  /** Takes out what waits to become durable. */
  take(): PromiseGroup {
    const group = { pledges: [...this.#pledges.values()], ends: this.#ends };
    this.#pledges = new Map();
    this.#pledgedBytes = 0;
    this.#ends = [];
    return group;
  }

  /** Makes a group durable; false when there is no space for it. */
  keep({ pledges, ends }: PromiseGroup): boolean {
    const records = [...pledges.map(({ transaction }): JournalRecord => ({ type: 'transaction', raw: transaction.bytes })), ...ends];
    const isKept = records.length === 0 || this.#journal.append(records) === 'durable';
    // Until there is space for how they ended, the transactions stay where they are: after a restart they end again.
    if (!isKept) this.#ends = [...ends, ...this.#ends];
    else {
      for (const { id, timeSec } of ends) {
        this.#endTimes.set(endedKey(id), timeSec);
        this.#journal.release(transactionKey(id));
      }
    }
    return isKept;
  }

  /** Forgets ends as the mempool does, at a block time in unix seconds. */
  forgetUntil(timeSec: number): void {
    for (const [key, endedSec] of this.#endTimes) {
      if (endedSec + this.#limits.endedRetentionSec > timeSec && this.#endTimes.size <= this.#limits.endedMax) return;
      this.#endTimes.delete(key);
      this.#journal.release(key);
    }
  }
}
