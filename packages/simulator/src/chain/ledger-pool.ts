import {
  type CommittedBlock,
  type CommittedLedger,
  createMempoolLedger,
  MEMPOOL_LIMITS,
  Mempool,
  type MempoolSizes,
  readCandidate,
  type StateStore,
  type TransactionCandidate,
  type TransactionSource,
} from '@mutual-chain/node';
import { encodeHex, type TransactionId, type TypedData, type VerifiedTransaction, verifyTransaction } from '@mutual-chain/protocol';
import type { ChainContext } from '@mutual-chain/state-machine';

/** Small ones, so that they are met. */
const LIMITS = { ...MEMPOOL_LIMITS, transactionsMax: 40, parkedMax: 12, parkedPerAccountMax: 4, nonceAheadMax: 8, parkedTtlMs: 800 };
const BLOCK_LIMITS = { transactionsMax: 20, bytesMax: 20_000 };
const CLIENT = { kind: 'client', name: 'wallet' } as const;

/** What every node of a run shares. */
export type LedgerContext = ChainContext & { readonly typedData: TypedData };

/** Transactions that some node has verified; the others need not do it again. */
export type VerifiedOnce = Map<string, VerifiedTransaction | undefined>;

/** The mempool of a node on the real ledger. */
export class LedgerPool implements TransactionSource {
  readonly #context: LedgerContext;
  readonly #ledger: CommittedLedger;
  readonly #verified: VerifiedOnce;
  readonly #nowMs: () => number;
  readonly #mempool: Mempool<TransactionCandidate, VerifiedTransaction>;

  constructor(options: {
    readonly context: LedgerContext;
    readonly store: StateStore;
    readonly included: ReadonlySet<string>;
    readonly verified: VerifiedOnce;
    readonly nowMs: () => number;
  }) {
    const { context, store, included, verified, nowMs } = options;
    this.#context = context;
    this.#verified = verified;
    this.#nowMs = nowMs;
    this.#ledger = createMempoolLedger({ context, store, isCommitted: (id) => included.has(encodeHex(id)) });
    this.#mempool = new Mempool({ ledger: this.#ledger, tip: this.#ledger.tip(), limits: LIMITS });
  }

  get sizes(): MempoolSizes {
    return this.#mempool.sizes;
  }

  /** A transaction arrives; says whether there is something to put into a block now. */
  submit(raw: Uint8Array): boolean {
    const read = readCandidate(this.#context.cryptography, raw, (id) => this.#mempool.isKnown(id));
    if (read.type !== 'candidate' || this.#mempool.screen(read.candidate, CLIENT).type !== 'verify') return false;
    const verified = this.verify(raw);
    if (verified === undefined) this.#mempool.verificationFailed(read.candidate);
    else this.#mempool.admit(verified, CLIENT, this.#nowMs());
    return this.#mempool.hasCandidates;
  }

  readonly hasCandidates = (): boolean => this.#mempool.hasCandidates;

  readonly candidates = (): Iterable<VerifiedTransaction> => this.#mempool.candidates(BLOCK_LIMITS);

  readonly verify = (raw: Uint8Array): VerifiedTransaction | undefined => {
    const name = encodeHex(raw);
    if (this.#verified.has(name)) return this.#verified.get(name);
    const verification = verifyTransaction(this.#context.cryptography, this.#context.typedData, raw);
    const transaction = verification.ok ? verification.transaction : undefined;
    this.#verified.set(name, transaction);
    return transaction;
  };

  readonly leftOut: NonNullable<TransactionSource['leftOut']> = (candidates) => {
    for (const { id, code } of candidates) this.#mempool.setAside(id, code);
  };

  readonly committed = ({ header, transactions }: CommittedBlock): void => {
    this.#mempool.dropOverdue(this.#nowMs());
    this.#mempool.committed({ height: header.height, tip: this.#ledger.tip(), transactions });
  };

  /** This node prevoted a block. */
  pin(
    height: number,
    blockHash: Parameters<Mempool<TransactionCandidate, VerifiedTransaction>['pin']>[1],
    ids: readonly TransactionId[],
  ): void {
    this.#mempool.pin(height, blockHash, ids);
  }

  /** The first length that is above its limit, in words. */
  overflow(): string | undefined {
    const { transactions, parked } = this.sizes;
    if (transactions > LIMITS.transactionsMax) return `${transactions} transactions`;
    return parked > LIMITS.parkedMax ? `${parked} parked transactions` : undefined;
  }
}
