import type {
  ChainDomain,
  Cryptography,
  DeclaredTransaction,
  ResultCode,
  TransactionId,
  VerifiedTransaction,
} from '@mutual-chain/protocol';
import type { TransactionSource } from '../chain/ledger-chain.ts';
import type { FileSystem } from '../file-system/file-system.ts';
import type { MempoolLimits } from '../mempool/limits.ts';
import type { MempoolSizes } from '../mempool/mempool.ts';
import type { MempoolStatus } from '../mempool/outcome.ts';
import type { MempoolLedger, MempoolTip } from '../mempool/pool-transaction.ts';
import type { TransactionCandidate } from '../mempool/read-candidate.ts';
import type { Refusal } from '../mempool/refusal.ts';
import type { RuntimeClock } from '../runtime/ports.ts';
import type { JournalIncident } from './journal-incident.ts';
import type { TransactionLimits } from './limits.ts';
import type { TransactionCounters } from './transaction-counters.ts';

/** The committed state as the mempool asks it. */
export type CommittedLedger = MempoolLedger<TransactionCandidate> & { readonly tip: () => MempoolTip };

/** What a service of transactions is made of. */
export type TransactionServiceOptions = {
  /** The fast one in a node. */
  readonly cryptography: Cryptography;
  readonly identity: ChainDomain;
  readonly ledger: CommittedLedger;
  readonly journal: {
    readonly fileSystem: FileSystem;
    /** Directory of the journal alone; made when missing, in a parent that exists. */
    readonly directory: string;
    /** Fresh bytes that nobody else can guess; those of the system when left out. */
    readonly random?: (length: number) => Uint8Array;
    /** Told of what was found on the disk and dealt with. */
    readonly onIncident?: (incident: JournalIncident) => void;
  };
  readonly clock: RuntimeClock;
  /** Queues a message of the channel for transactions; false when it is not taken. */
  readonly send: (peer: string, message: Uint8Array) => boolean;
  /** Ends the link to a peer that broke the rules. */
  readonly cut: (peer: string, reason: string) => void;
  /** There is something to put into a block. */
  readonly workAvailable: () => void;
  /** The disk failed: the node has to stop. */
  readonly failed: (error: unknown) => void;
  readonly mempoolLimits?: MempoolLimits;
  readonly limits?: TransactionLimits;
};

/** What became of a transaction that a client handed in. One that was known already is not refused. */
export type SubmissionOutcome = { readonly ok: true; readonly id: TransactionId } | ({ readonly ok: false } & Refusal);

/** A candidate that a block which was built has left out, and why. */
export type LeftOutCandidate = { readonly id: TransactionId; readonly code: ResultCode };

/** How much there is of everything that grows. */
export type TransactionSizes = MempoolSizes & {
  /** Transactions that nobody has looked at yet. */
  readonly unread: number;
  readonly journalSegments: number;
  readonly journalBytes: number;
  /** Verified transactions of proposed blocks that are remembered. */
  readonly remembered: number;
  /** Waiting for the end of a transaction. */
  readonly waiting: number;
};

/** The transactions of a node: from clients and peers into blocks. */
export type Transactions = TransactionSource & {
  /** Reads the journal and goes on with what it has, before anything of clients or peers is looked at. Errors: `JOURNAL_OTHER_CHAIN`, `JOURNAL_FORMAT_UNKNOWN`, those of the file system. */
  readonly start: () => void;
  /** Makes durable what was admitted, and answers whoever waits. A second call does nothing. */
  readonly stop: () => void;
  /**
   * Verifies and admits transactions, in order. The promise has one outcome for each, and resolves when all that were admitted are durable;
   * one that waits for an earlier nonce holds it up for `parkedTtlMs` at most. Never rejects.
   */
  readonly submit: (transactions: readonly DeclaredTransaction[]) => Promise<readonly SubmissionOutcome[]>;
  /** A link to a peer is up: it is sent what waits here. */
  readonly connected: (peer: string) => void;
  /** A link to a peer is down. */
  readonly disconnected: (peer: string) => void;
  /** A message of the channel for transactions. */
  readonly received: (peer: string, message: Uint8Array) => void;
  /** A block that was built has left candidates out: those that cannot pay at present are not offered until they can. */
  readonly leftOut: (candidates: readonly LeftOutCandidate[]) => void;
  /** Status of a transaction that was admitted or promised here; undefined when it is not known, or a block has it. */
  readonly statusOf: (id: TransactionId) => MempoolStatus | undefined;
  /** A transaction that waits here. */
  readonly find: (id: TransactionId) => VerifiedTransaction | undefined;
  /** Nonce for the next transaction of an account: the lowest that neither a block nor an admitted or promised transaction has. */
  readonly pendingNonce: (address: TransactionCandidate['message']['from']) => number;
  /** Resolves once the transaction is committed, expired or rejected, the signal aborts, or the service stops. Never rejects. */
  readonly settled: (id: TransactionId, signal: AbortSignal) => Promise<void>;
  readonly sizes: TransactionSizes;
  /** What was done since the service was made. */
  readonly counters: TransactionCounters;
};
