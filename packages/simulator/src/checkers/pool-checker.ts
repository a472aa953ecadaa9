import type { Mark } from '../campaign/marks.ts';
import { hexOf } from './powers.ts';

/** What a mempool said happened to a transaction. */
type PoolChange =
  | { readonly type: 'admitted'; readonly transaction: PoolRow }
  | { readonly type: 'dropped'; readonly id: Uint8Array }
  | { readonly type: 'ended'; readonly id: Uint8Array; readonly status: 'committed' | 'expired' | 'rejected' };

type PoolRow = {
  readonly id: Uint8Array;
  readonly message: { readonly from: Uint8Array; readonly nonce: number; readonly validUntil: number };
};

/** Told of everything that happens in the mempool of a node. */
export type PoolObserver = {
  readonly changed: (changes: readonly PoolChange[]) => void;
  /** Transactions of a prevoted block that were here when it was pinned. */
  readonly pinned: (height: number, ids: readonly Uint8Array[]) => void;
  readonly committed: (
    height: number,
    state: { readonly timestampMs: number; readonly nonces: readonly number[] },
    included: readonly PoolRow[],
  ) => void;
  /** Compares with what the mempool has now. */
  readonly look: (isKnown: (id: never) => boolean) => void;
};

/**
 * Holds a mempool to its promises: what it admitted stays until a block has it, its nonce is used or its time is over; what is pinned stays;
 * what a block has is gone.
 */
export class PoolChecker implements PoolObserver {
  readonly #report: (description: string) => void;
  readonly #mark: (mark: Mark) => void;
  readonly #admitted = new Map<string, PoolRow>();
  readonly #pinned = new Map<string, { readonly height: number; readonly id: Uint8Array }>();
  #ended: { readonly name: string; readonly status: string; readonly row: PoolRow | undefined }[] = [];
  #included: readonly PoolRow[] = [];

  constructor(report: (description: string) => void, mark: (mark: Mark) => void) {
    this.#report = report;
    this.#mark = mark;
  }

  readonly changed = (changes: readonly PoolChange[]): void => {
    for (const change of changes) {
      const id = change.type === 'admitted' ? change.transaction.id : change.id;
      const name = hexOf(id);
      if (change.type === 'admitted') this.#admitted.set(name, change.transaction);
      else if (change.type === 'dropped') {
        if (this.#admitted.has(name)) this.#report('an admitted transaction is dropped');
        this.#mark('parkedDropped');
      } else {
        if (change.status === 'expired') this.#mark('transactionExpired');
        this.#ended.push({ name, status: change.status, row: this.#admitted.get(name) });
        this.#admitted.delete(name);
      }
    }
  };

  readonly pinned = (height: number, ids: readonly Uint8Array[]): void => {
    for (const id of ids) this.#pinned.set(hexOf(id), { height, id });
  };

  readonly committed = (
    height: number,
    { timestampMs, nonces }: { readonly timestampMs: number; readonly nonces: readonly number[] },
    included: readonly PoolRow[],
  ): void => {
    const names = new Set(included.map(({ id }) => hexOf(id)));
    for (const { name, status, row } of this.#ended) {
      if (row === undefined) continue;
      const { from, nonce, validUntil } = row.message;
      const isUsed = nonce < (nonces[(from[0] as number) - 1] ?? 0);
      const isLate = validUntil <= Math.floor(timestampMs / 1000);
      const isRight = status === 'committed' ? names.has(name) : status === 'expired' ? isLate : isUsed && !names.has(name);
      if (!isRight) this.#report(`a transaction ends as ${status} after height ${height}, which it is not`);
    }
    this.#ended = [];
    this.#included = included;
    for (const [name, pin] of this.#pinned) if (pin.height <= height) this.#pinned.delete(name);
  };

  readonly look = (isKnown: (id: never) => boolean): void => {
    for (const { id } of this.#admitted.values())
      if (!isKnown(id as never)) this.#report(`transaction ${hexOf(id).slice(0, 8)} was admitted and is gone`);
    for (const { id } of this.#pinned.values())
      if (!isKnown(id as never)) this.#report(`transaction ${hexOf(id).slice(0, 8)} of a prevoted block is gone`);
    for (const { id } of this.#included)
      if (isKnown(id as never)) this.#report(`transaction ${hexOf(id).slice(0, 8)} is in a block and waits for one`);
    this.#included = [];
  };
}
