import type { AdmissionCode } from '../mempool/refusal.ts';

/** Everything that is counted, since the service was made. */
export type TransactionCounters = {
  /** Transactions that clients handed in. */
  readonly submitted: number;
  /** Admitted transactions by where they came from. */
  readonly admitted: { readonly client: number; readonly peer: number; readonly journal: number };
  /** Transactions that were not taken, by code. */
  readonly refused: Readonly<Partial<Record<AdmissionCode, number>>>;
  /** Admitted transactions by how they ended. */
  readonly ended: { readonly committed: number; readonly expired: number; readonly rejected: number };
  /** Transactions whose signatures were verified, good or not. */
  readonly verified: number;
  /** Transactions of proposed blocks that had been verified before. */
  readonly verifiedBefore: number;
  readonly batchesReceived: number;
  readonly transactionsReceived: number;
  /** Of those, known already. */
  readonly duplicatesReceived: number;
  /** Batches of peers for which there was no room. */
  readonly batchesIgnored: number;
  readonly batchesSent: number;
  readonly transactionsSent: number;
  /** Batches that a link did not take and that are sent again later. */
  readonly batchesDelayed: number;
  readonly peersCut: number;
  readonly journalWrites: number;
  readonly journalFailures: number;
};

/** The same while counting. */
export type MutableCounters = {
  -readonly [Name in keyof TransactionCounters]: TransactionCounters[Name] extends number
    ? number
    : { -readonly [Part in keyof TransactionCounters[Name]]: TransactionCounters[Name][Part] };
};

/** All zero. */
export function createTransactionCounters(): MutableCounters {
  return {
    submitted: 0,
    admitted: { client: 0, peer: 0, journal: 0 },
    refused: {},
    ended: { committed: 0, expired: 0, rejected: 0 },
    verified: 0,
    verifiedBefore: 0,
    batchesReceived: 0,
    transactionsReceived: 0,
    duplicatesReceived: 0,
    batchesIgnored: 0,
    batchesSent: 0,
    transactionsSent: 0,
    batchesDelayed: 0,
    peersCut: 0,
    journalWrites: 0,
    journalFailures: 0,
  };
}
