import type {
  Account,
  Address,
  Asset,
  BlockHash,
  BlockHeader,
  CommitCertificate,
  Debt,
  DeclaredTransaction,
  GenesisHash,
  LedgerRecord,
  Lot,
  LotId,
  Parameters,
  Receipt,
  SignedTransaction,
  State,
  StateRoot,
  TransactionId,
  UnsignedTransaction,
  ValidatorSet,
} from '@mutual-chain/protocol';
import type {
  BlockName,
  DiagnosisJson,
  HeightOrLatest,
  LotFilter,
  MempoolErrorCode,
  PageRequest,
  RecordFilter,
  RefusalCode,
  RpcErrorCode,
} from '../contract/index.ts';

/*
 * What the server needs of a node. Whoever runs it implements these with a chain, a mempool and peers of his own; the server knows none of
 * them. Answers are promises because they may come from another thread. All answers to one call may be of different heights.
 */

/** What was asked for, or the code of the error to answer with. */
export type Lookup<Value, Code extends RpcErrorCode> =
  | { readonly found: true; readonly value: Value }
  | { readonly found: false; readonly code: Code };

/** Which chain a node serves; never changes. */
export type ChainIdentity = {
  readonly chainId: number;
  readonly networkName: string;
  readonly genesisHash: GenesisHash;
  readonly protocolVersion: number;
};

/** A committed block. */
export type BlockView = {
  readonly hash: BlockHash;
  readonly header: BlockHeader;
  /** In order. */
  readonly transactionIds: readonly TransactionId[];
  /** In the order of `transactionIds`; empty unless they were asked for. */
  readonly transactions: readonly SignedTransaction[];
  /** Undefined for genesis. */
  readonly certificate: CommitCertificate | undefined;
};

/** A committed block as its canonical bytes. */
export type RawBlockView = {
  readonly height: number;
  readonly hash: BlockHash;
  /** Empty for genesis. */
  readonly block: Uint8Array;
  /** Undefined for genesis. */
  readonly certificate: Uint8Array | undefined;
};

/** A receipt with the records it points at. */
export type ReceiptView = { readonly receipt: Receipt; readonly records: readonly LedgerRecord[] };

/** A transaction with what a node knows of it. */
export type TransactionView = {
  readonly id: TransactionId;
  /** Undefined once only the end of a transaction that was never committed is remembered. */
  readonly transaction: SignedTransaction | undefined;
} & (
  | { readonly status: 'pending' | 'expired' | 'rejected' }
  | { readonly status: 'committed'; readonly height: number; readonly index: number; readonly receipt: ReceiptView }
);

/** What one owner has of one asset, smallest unit. */
export type BalanceView = {
  readonly available: bigint;
  readonly locked: bigint;
  readonly pendingIn: bigint;
  readonly pendingOut: bigint;
};

/** An account with everything that belongs to it. */
export type AccountView = {
  readonly account: Account;
  /** Level after its expiry has been taken into account. */
  readonly effectiveLevel: number;
  /** In the order of asset ids. */
  readonly balances: readonly (BalanceView & { readonly asset: string; readonly state: State })[];
};

/** A page of a list; `nextCursor` is undefined when nothing follows. */
export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | undefined };

/** A lot with its id. */
export type LotView = { readonly id: LotId; readonly lot: Lot };
/** An asset with its id. */
export type AssetView = { readonly id: string; readonly asset: Asset };

/** Reads what is committed. */
export type ChainReader = {
  readonly identity: ChainIdentity;
  /** The block of a name; its transactions only when they are wanted, because decoding them takes time. */
  readonly block: (name: BlockName, withTransactions: boolean) => Promise<Lookup<BlockView, 'UNKNOWN_BLOCK' | 'HEIGHT_PRUNED'>>;
  readonly rawBlock: (name: BlockName) => Promise<Lookup<RawBlockView, 'UNKNOWN_BLOCK' | 'HEIGHT_PRUNED'>>;
  /** An address to which nothing has happened has an empty account. */
  readonly account: (address: Address) => Promise<AccountView>;
  readonly balance: (address: Address, asset: string) => Promise<Lookup<BalanceView, 'UNKNOWN_ASSET'>>;
  readonly lot: (id: LotId) => Promise<Lookup<LotView, 'UNKNOWN_LOT'>>;
  /** At most `limit` lots; gives up before it has read more of the database than one call may, and then returns fewer with a cursor. */
  readonly lots: (filter: LotFilter & PageRequest) => Promise<Lookup<Page<LotView>, 'CURSOR_INVALID'>>;
  /** As `lots`, in the order in which records were written. */
  readonly records: (filter: RecordFilter & PageRequest) => Promise<Lookup<Page<LedgerRecord>, 'CURSOR_INVALID' | 'HEIGHT_PRUNED'>>;
  readonly asset: (id: string) => Promise<Lookup<AssetView, 'UNKNOWN_ASSET'>>;
  readonly assets: (page: PageRequest) => Promise<Lookup<Page<AssetView>, 'CURSOR_INVALID'>>;
  readonly debt: (id: LotId) => Promise<Lookup<{ readonly id: LotId; readonly debt: Debt }, 'UNKNOWN_DEBT'>>;
  /** Who decides the height. */
  readonly validators: (
    height: HeightOrLatest,
  ) => Promise<Lookup<{ readonly height: number; readonly set: ValidatorSet }, 'UNKNOWN_BLOCK' | 'HEIGHT_PRUNED'>>;
  /** What the height was executed under. */
  readonly parameters: (
    height: HeightOrLatest,
  ) => Promise<Lookup<{ readonly height: number; readonly parameters: Parameters }, 'UNKNOWN_BLOCK' | 'HEIGHT_PRUNED'>>;
};

/** What became of a transaction that was handed in. One that was known already is not refused. */
export type Submission =
  | { readonly ok: true; readonly id: TransactionId }
  | { readonly ok: false; readonly code: RefusalCode | MempoolErrorCode; readonly field?: string };

/** Takes transactions in and knows where they stand. */
export type TransactionPool = {
  /**
   * Verifies and admits transactions, in order, and answers one outcome for each once all that were admitted are durable.
   *
   * Signatures have not been checked, and neither has the chain that a transaction declares.
   */
  readonly submit: (transactions: readonly DeclaredTransaction[]) => Promise<readonly Submission[]>;
  readonly transaction: (id: TransactionId) => Promise<Lookup<TransactionView, 'UNKNOWN_TRANSACTION' | 'PRUNED'>>;
  /** Resolves once the transaction is committed, expired or rejected, or the signal aborts: whatever comes first. Never rejects. */
  readonly settled: (id: TransactionId, signal: AbortSignal) => Promise<void>;
  /** Nonce of the account's next transaction after all that wait here. */
  readonly pendingNonce: (address: Address) => Promise<number>;
  /** Executes a message on the last block and keeps nothing. */
  readonly simulate: (transaction: UnsignedTransaction) => Promise<ReceiptView>;
};

/** What a node knows of itself. */
export type NodeStatus = {
  readonly version: string;
  readonly peerId: string;
  /** Undefined before the first block is stored. */
  readonly tip:
    | { readonly height: number; readonly blockHash: BlockHash; readonly stateRoot: StateRoot; readonly timestampMs: number }
    | undefined;
  readonly syncing: boolean;
  readonly peers: number;
  /** Fewest peers without which the node cannot take part. */
  readonly peersNeeded: number;
  readonly validator: Address | undefined;
  readonly earliestHeight: number;
};

/** Observes the node. */
export type NodeObserver = {
  readonly status: () => NodeStatus;
  readonly diagnose: () => Promise<DiagnosisJson>;
};

/** Where metrics come from, in the text format of Prometheus. */
export type MetricsSource = { readonly contentType: string; readonly text: () => Promise<string> };

/** What the server tells whoever counts: one event for each call, and one for each time that a limit was reached. Must not throw. */
export type RpcEvents = {
  /** `code` is undefined for a call that succeeded. */
  readonly called: (call: { readonly method: string; readonly code: string | undefined; readonly durationMs: number }) => void;
  readonly limited: (code: RpcErrorCode) => void;
  /** A bug or a damaged disk: the call was answered with `INTERNAL_ERROR`, and nobody outside learns why. */
  readonly failed: (method: string, error: unknown) => void;
};

/** Everything the methods are answered from. */
export type RpcPorts = {
  readonly chain: ChainReader;
  readonly transactions: TransactionPool;
  readonly node: NodeObserver;
};
