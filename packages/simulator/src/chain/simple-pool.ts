import { MEMPOOL_LIMITS, Mempool, type MempoolLimits, type MempoolSizes } from '@mutual-chain/node';
import type { Address, BlockHash, TransactionId } from '@mutual-chain/protocol';
import type { PoolObserver } from '../checkers/pool-checker.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { SimpleContext } from './execute-simple-block.ts';
import { type PooledTransaction, readPooled } from './pooled-transaction.ts';
import type { SimpleState } from './simple-state.ts';
import { decodeSimpleTransaction } from './simple-transaction.ts';

/** What a pool needs from its chain and its node. */
export type SimplePoolOptions = {
  readonly context: SimpleContext;
  /** State of the tip. */
  readonly state: () => SimpleState;
  readonly isCommitted: (id: TransactionId) => boolean;
  readonly random: RandomStream;
  readonly nowMs: () => number;
  readonly schedule: (delayMs: number, label: string, run: () => void) => void;
  /** Called when there is something to put into a block that was not there before. */
  readonly filled: () => void;
  readonly observer: PoolObserver;
};

/** Small ones, so that they are met. */
const LIMITS: MempoolLimits = {
  ...MEMPOOL_LIMITS,
  transactionsMax: 48,
  bytesMax: 1024,
  parkedMax: 12,
  parkedPerAccountMax: 4,
  nonceAheadMax: 8,
  parkedTtlMs: 800,
  verifyingMax: 16,
  verifyingPerSourceMax: 12,
  pinnedBlocksMax: 4,
  recheckedPerBlockMax: 2,
  endedMax: 64,
  endedRetentionSec: 10,
};
const VALID_UNTIL_WINDOW_SEC = 120;
/** Of a thousand transactions, so many are verified later and not at once, and how much later at most, ms. */
const LATE_VERIFICATIONS_PER_MILLE = 250;
const VERIFICATION_MS_MAX = 6;
const BLOCK_TRANSACTIONS_MAX = 32;
const BLOCK_BYTES_MAX = 640;

/** The mempool of a node, fed with what arrives and what is decided. */
export class SimplePool {
  readonly #options: SimplePoolOptions;
  readonly #mempool: Mempool<PooledTransaction, PooledTransaction>;
  #deadlineMs: number | undefined;

  constructor(options: SimplePoolOptions) {
    const { state, isCommitted } = options;
    this.#options = options;
    this.#mempool = new Mempool<PooledTransaction, PooledTransaction>({
      tip: tipOf(state()),
      limits: LIMITS,
      ledger: {
        nonceOf: (address) => state().nonces[accountOf(address)] ?? 0,
        check: () => 'OK',
        feeDue: ({ message, transaction }) => ({
          fee: transaction.kind === 'transfer' ? BigInt(transaction.amount) : 0n,
          payer: message.from,
        }),
        feeBalanceOf: (payer) => BigInt(state().balances[accountOf(payer)] ?? 0),
        isCommitted,
      },
    });
  }

  get sizes(): MempoolSizes {
    return this.#mempool.sizes;
  }

  get limits(): MempoolLimits {
    return LIMITS;
  }

  get hasCandidates(): boolean {
    return this.#mempool.hasCandidates;
  }

  /** A transaction arrives. Its tag is looked at later, as a signature would be. */
  submit(bytes: Uint8Array): void {
    const { random, schedule, context } = this.#options;
    const candidate = readPooled(bytes);
    if (candidate === undefined) return;
    const source = random.chance(300) ? ({ kind: 'client', name: 'wallet' } as const) : ({ kind: 'peer', name: 'peer' } as const);
    if (this.#mempool.screen(candidate, source).type !== 'verify') return;
    const verify = (): void => {
      if (decodeSimpleTransaction(bytes, context.rules.secret) === undefined) this.#mempool.verificationFailed(candidate);
      else this.#admit(candidate, source);
    };
    if (random.chance(LATE_VERIFICATIONS_PER_MILLE)) schedule(random.between(1, VERIFICATION_MS_MAX), 'verified', verify);
    else verify();
  }

  /** What a block may have, in order. */
  candidates(): readonly PooledTransaction[] {
    return this.#mempool.candidates({ transactionsMax: BLOCK_TRANSACTIONS_MAX, bytesMax: BLOCK_BYTES_MAX });
  }

  /** A block that was built has no room for a candidate: it cannot be paid. */
  setAside(id: TransactionId): void {
    this.#mempool.setAside(id, 'INSUFFICIENT_FEE_BALANCE');
  }

  /** This node prevoted a block. */
  pin(height: number, blockHash: BlockHash, transactions: readonly Uint8Array[]): void {
    const ids = transactions.flatMap((bytes) => readPooled(bytes)?.id ?? []);
    const present = ids.filter((id) => this.#mempool.isKnown(id));
    if (this.#mempool.pin(height, blockHash, ids)) this.#options.observer.pinned(height, present);
  }

  /** A block is committed; the state is already the one after it. */
  committed(height: number, transactions: readonly Uint8Array[]): void {
    const { state, observer } = this.#options;
    const included = transactions.flatMap((bytes) => readPooled(bytes) ?? []);
    const changes = this.#mempool.committed({ height, tip: tipOf(state()), transactions: included });
    observer.changed(changes);
    observer.committed(height, state(), included);
    observer.look((id) => this.#mempool.isKnown(id));
    this.#watchDeadline();
  }

  #admit(candidate: PooledTransaction, source: Parameters<Mempool<PooledTransaction, PooledTransaction>['admit']>[1]): void {
    const { nowMs, filled, observer } = this.#options;
    const before = this.#mempool.sizes.readyAccounts;
    observer.changed(this.#mempool.admit(candidate, source, nowMs()).changes);
    this.#watchDeadline();
    if (before === 0 && this.#mempool.sizes.readyAccounts > 0) filled();
  }

  #watchDeadline(): void {
    const { nextDeadlineMs } = this.#mempool;
    if (nextDeadlineMs === undefined || (this.#deadlineMs !== undefined && this.#deadlineMs <= nextDeadlineMs)) return;
    const { schedule, nowMs, observer } = this.#options;
    this.#deadlineMs = nextDeadlineMs;
    schedule(nextDeadlineMs - nowMs(), 'overdue', () => {
      this.#deadlineMs = undefined;
      observer.changed(this.#mempool.dropOverdue(nowMs()));
      observer.look((id) => this.#mempool.isKnown(id));
      this.#watchDeadline();
    });
  }
}

function accountOf(address: Address): number {
  return (address[0] as number) - 1;
}

function tipOf({ timestampMs }: SimpleState): { readonly timeSec: number; readonly validUntilWindowSec: number } {
  return { timeSec: Math.floor(timestampMs / 1000), validUntilWindowSec: VALID_UNTIL_WINDOW_SEC };
}
