import type { TransactionSource } from '../chain/ledger-chain.ts';

/** The transactions of a running node as it drives them: a source of candidates that also hears of peers. */
export type NodeTransactions = TransactionSource & {
  /** A link to a peer is up. */
  readonly connected: (peer: string) => void;
  /** A link to a peer is down. */
  readonly disconnected: (peer: string) => void;
  /** A message of the channel for transactions. */
  readonly received: (peer: string, message: Uint8Array) => void;
};
