// The shell of a node: what it keeps, and later what it says and hears.

export { inspectBody } from './chain/inspect-body.ts';
export {
  type CommittedBlock,
  type IndexableBlock,
  LedgerChain,
  type LedgerChainOptions,
  type TransactionSource,
} from './chain/ledger-chain.ts';
export { NODE_ERRORS, type NodeErrorCode, nodeError } from './errors.ts';
export { FILE_ERROR_CODES, type FileErrorCode, fileError, isFileError } from './file-system/file-error.ts';
export { FILE_OPERATIONS, type FileOperation, runFileOperations } from './file-system/file-operations.ts';
export type { FileSystem, OpenFile, OpenMode } from './file-system/file-system.ts';
export { measuredFileSystem } from './file-system/measured-file-system.ts';
export { nodeFileSystem } from './file-system/node-file-system.ts';
export { type ChainIndexes, type ChainIndexesOptions, createChainIndexes } from './indexes/chain-indexes.ts';
export { compareIndexes, type IndexDifference } from './indexes/compare-indexes.ts';
export type { IndexKind } from './indexes/index-key.ts';
export { INDEX_FORM, INDEX_READ_LIMITS, type IndexReadLimits } from './indexes/limits.ts';
export type {
  DebtSelection,
  IdentifiedDebt,
  IdentifiedLot,
  ListPage,
  ListPart,
  LotSelection,
  ReceiptWithRecords,
  RecordPosition,
  RecordSelection,
  TransactionPlace,
} from './indexes/queries.ts';
export { MEMPOOL_LIMITS, type MempoolLimits } from './mempool/limits.ts';
export { type CommittedForMempool, Mempool, type MempoolOptions, type MempoolSizes } from './mempool/mempool.ts';
export { type ReadOutcome, readCandidate, type TransactionCandidate } from './mempool/read-candidate.ts';
export { isPeerFault, type Refusal, refusalOf } from './mempool/refusal.ts';
export { type DiagnosedNode, diagnoseNode, type Finding, type FindingCode, type NodeDiagnosis } from './node/diagnose-node.ts';
export { MutualNode, type MutualNodeOptions, type ValidatorKey } from './node/mutual-node.ts';
export { networkMembers } from './node/network-members.ts';
export type { NodeEvent } from './node/node-event.ts';
export type { NodeTransactions } from './node/node-transactions.ts';
export { BodyShelf, EARLY_BODIES_MAX } from './runtime/body-shelf.ts';
export {
  CONSENSUS_MESSAGE_BYTES_MAX,
  type ConsensusMessage,
  type DecidingMessage,
  decodeConsensusMessage,
  encodeConsensusMessage,
} from './runtime/consensus-messages.ts';
export { ConsensusRuntime, type ConsensusRuntimeOptions } from './runtime/consensus-runtime.ts';
export type {
  BuildOutcome,
  BuildRequest,
  ChainTip,
  DecidedBlock,
  InspectedBody,
  LogRecordKind,
  RuntimeChain,
  RuntimeClock,
  RuntimeLog,
  RuntimeTransport,
} from './runtime/ports.ts';
export { systemClock } from './runtime/system-clock.ts';
export { isForeignUse } from './signer/foreign-use.ts';
export { readKeyFile, writeKeyFile } from './signer/key-file.ts';
export { decryptKey, type EncryptKeyOptions, encryptKey, SCRYPT_COST_DEFAULT } from './signer/keystore.ts';
export { KEY_FILE_CHARACTERS_MAX, SCRYPT_COST_MAX, type ScryptCost } from './signer/keystore-json.ts';
export {
  createLastSignFile,
  exportLastSign,
  importLastSign,
  LAST_SIGN_FILE,
  type LastSignFileOptions,
  readLastSign,
} from './signer/last-sign-file.ts';
export { LAST_SIGN_BYTES, type SignerIdentity } from './signer/last-sign-record.ts';
export { LocalSigner, type LocalSignerOptions } from './signer/local-signer.ts';
export { lockSignerDirectory } from './signer/lock-signer-directory.ts';
export type { LastSign } from './signer/sign-guard.ts';
export type { Signer, SignOutcome, SignRefusal } from './signer/signer.ts';
export { LevelStateStore, type LevelStateStoreOptions } from './storage/level-state-store.ts';
export { makeDirectory } from './storage/make-directory.ts';
export { MemoryStateStore } from './storage/memory-state-store.ts';
export type { HeightCommit, IndexEntry, IndexRange, StateStore, StoredIndexEntry, StoreIdentity, StoreTip } from './storage/state-store.ts';
export { SERVING_LIMITS, type ServingLimits, SYNC_LIMITS, type SyncLimits } from './sync/limits.ts';
export { type AnswerPlan, beginServing, createServingState, endServing, planAnswer, type ServingState } from './sync/serve-blocks.ts';
export { type SyncStep, syncStep } from './sync/step.ts';
export { CUT_REASONS, type CutReason, type SyncEffect } from './sync/sync-effect.ts';
export type { FetchedBlock, SyncInput } from './sync/sync-input.ts';
export { createSyncState, progressOf, type SyncProgress, type SyncState } from './sync/sync-state.ts';
export { createMempoolLedger } from './transactions/committed-ledger.ts';
export type { JournalIncident } from './transactions/journal-incident.ts';
export { TRANSACTION_LIMITS, type TransactionLimits } from './transactions/limits.ts';
export type {
  CommittedLedger,
  LeftOutCandidate,
  SubmissionOutcome,
  TransactionServiceOptions,
  TransactionSizes,
  Transactions,
} from './transactions/ports.ts';
export type { TransactionCounters } from './transactions/transaction-counters.ts';
export { TransactionService } from './transactions/transaction-service.ts';
export { WAL_LIMITS } from './wal/limits.ts';
export { SegmentedLog, type SegmentedLogOptions } from './wal/segmented-log.ts';
export type { LogIncident, LogRecord, WriteAheadLog } from './wal/write-ahead-log.ts';
