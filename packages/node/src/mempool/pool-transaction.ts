import type { Address, ResultCode, TransactionId } from '@mutual-chain/protocol';

/** What the mempool has to know of a transaction. */
export type PoolTransaction = {
  readonly id: TransactionId;
  /** Raw bytes, as blocks carry them. */
  readonly bytes: Uint8Array;
  readonly message: {
    readonly from: Address;
    readonly nonce: number;
    /** Unix seconds. */
    readonly validUntil: number;
  };
  /** Who pays the fee instead of the sender. Not covered by `id`. */
  readonly sponsor?: { readonly signature: Uint8Array };
};

/**
 * Where a transaction comes from. A client waits for an answer; a peer is cut when it sends what no honest node forwards; the journal has what
 * this node admitted before it was restarted.
 */
export type Source = { readonly kind: 'client' | 'peer' | 'journal'; readonly name: string };

/** What the mempool asks of the ledger, each as of the tip. Reads only, and answers at once. */
export type MempoolLedger<Candidate extends PoolTransaction> = {
  /** Next nonce of an account, 0 for one that does not exist. */
  readonly nonceOf: (address: Address) => number;
  /** Whether a transaction is includable and its sender permitted; later nonces count as if their turn had come. */
  readonly check: (candidate: Candidate) => ResultCode;
  /** Fee and who pays it. MTN base units. */
  readonly feeDue: (candidate: Candidate) => FeeDue;
  /** What an account has for fees. MTN base units. */
  readonly feeBalanceOf: (payer: Address) => bigint;
  /** Whether a block has this transaction. */
  readonly isCommitted: (id: TransactionId) => boolean;
};

/** What a transaction costs, MTN base units, and who pays it. */
export type FeeDue = { readonly fee: bigint; readonly payer: Address };

/** The last committed block as far as the mempool needs it. */
export type MempoolTip = {
  /** Its time, unix seconds, rounded down. */
  readonly timeSec: number;
  /** How far `validUntil` may be ahead of it, seconds. */
  readonly validUntilWindowSec: number;
};

/** What a block has of a transaction that matters here. */
export type CommittedTransaction = Pick<PoolTransaction, 'id' | 'message'>;
