import type { CommonFields, SignedTransaction, TransactionMessage, TransactionType } from '@mutual-chain/protocol';
import type { ReceiptJson } from '@mutual-chain/rpc/contract';
import type { Sponsor } from './sponsor.ts';

/** The fields of a transaction type besides the common four. */
export type OwnFields<Type extends TransactionType> = Omit<TransactionMessage<Type>, keyof CommonFields>;

/** An operation of the table with its arguments. Discriminated by `type`. */
export type Operation<Type extends TransactionType = TransactionType> = {
  readonly [Each in Type]: { readonly type: Each; readonly fields: OwnFields<Each> };
}[Type];

/** What the wallet chooses unless it is told. */
export type SendOptions = {
  /** Until when a block may take the transaction, unix seconds of block time. */
  readonly validUntil?: number;
  /** Most that the fee may be, MTN base units. */
  readonly maxFee?: bigint;
  /** Who pays the fee instead of the sender. */
  readonly sponsor?: Sponsor;
};

/** How an operation ended. */
export type Outcome =
  /** A block has it, exactly once; `receipt.ok` says whether it did what it was to do. */
  | {
      readonly status: 'committed';
      /** 0x hex. */
      readonly id: string;
      /** These three are null when no node that was asked keeps the block any more. */
      readonly height: number | null;
      readonly index: number | null;
      readonly receipt: ReceiptJson | null;
    }
  /** No block has it, and none can any more. */
  | { readonly status: 'expired'; readonly id: string }
  /** No block has it: a node refused it, or it was not approved of or not signed. `id` is undefined when it was never signed. */
  | {
      readonly status: 'rejected';
      readonly id: string | undefined;
      readonly code: string;
      readonly field: string | undefined;
      readonly message: string;
      readonly remedy: string;
    };

/** Whether a node has taken an operation into its mempool, durably; if not, how it ended. */
export type Admission =
  /** `url` is that of the node which said so; undefined when a block had the transaction before any node was heard to have taken it. */
  | { readonly admitted: true; readonly id: string; readonly url: string | undefined }
  | { readonly admitted: false; readonly outcome: Outcome };

/** An operation that was handed in. */
export type SentOperation<Type extends TransactionType = TransactionType> = {
  readonly operation: Operation<Type>;
  /** What it does, in one sentence. */
  readonly summary: string;
  /**
   * Id of its transaction, 0x hex; undefined until it is signed. Changes only while no node has taken it, when it has to be signed again with
   * another nonce or fee.
   */
  readonly id: string | undefined;
  /** The transaction as it was signed last. */
  readonly transaction: SignedTransaction<Type> | undefined;
  /** Resolves once a node has taken it, or it has ended. Rejects as `settled`. */
  readonly admitted: (options?: WaitOptions) => Promise<Admission>;
  /**
   * Resolves once it has ended. Rejects only when the waiting ends before the operation: `SDK_ABORTED`, `SDK_CLOSED`, or `SDK_CHAIN_DIFFERS` when
   * every node has come to serve another chain.
   */
  readonly settled: (options?: WaitOptions) => Promise<Outcome>;
};

/** How long to wait. */
export type WaitOptions = { readonly signal?: AbortSignal };
