import {
  type Address,
  type BlockHash,
  type BlockHeader,
  blockHash,
  type CommitCertificate,
  consensusDigest,
  createTypedData,
  type DeclaredTransaction,
  EMPTY_ACCOUNT,
  encodeHex,
  equalBytes,
  type Genesis,
  type GenesisJsonInput,
  genesisHashOf,
  type KeyPair,
  keyPairOf,
  type LedgerRecord,
  type Parameters,
  type PrivateKey,
  parseGenesis,
  possessionDigest,
  type Receipt,
  type ResultCode,
  type Signature,
  type SignedTransaction,
  type TransactionId,
  type TypedData,
  type ValidatorSet,
  type VerifiedTransaction,
  verifyTransaction,
} from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import type { BlockView, Lookup, RpcPorts, Submission, TransactionView } from '@mutual-chain/rpc/server';
import {
  accountTable,
  assetTable,
  buildBlock,
  type ChainContext,
  checkAdmission,
  DEFAULT_BLOCK_LIMITS,
  effectiveLevel,
  genesisChanges,
  genesisHeader,
  holdingTable,
  MemoryState,
  parametersTable,
  StateOverlay,
  simulateTransaction,
  type Table,
  validatorSetTable,
} from '@mutual-chain/state-machine';

/*
 * A chain of the real ledger in memory that makes a block when it is told to, and a mempool that keeps the promises of JSON-RPC: what it has
 * taken it keeps until a block has it, its time is over or its nonce is used, and a transaction that it knows is no error.
 */

const cryptography = await loadFastCryptography();

const CHAIN_ID = 7;
export const START_SEC = 1_800_000_000;
const MTN = 10n ** 18n;

/** The same key for the same name. */
export function keysOf(name: string): KeyPair {
  return keyPairOf(cryptography.sha256(new TextEncoder().encode(`sdk test ${name}`)) as PrivateKey, cryptography);
}

const MEMBERS = ['alice', 'bob', 'carol'] as const;
const VALIDATORS = [0, 1, 2, 3].map((index) => ({ key: keysOf(`validator ${index}`), operator: keysOf(`operator ${index}`).address }));

function genesisDocument(change: Partial<GenesisJsonInput>): GenesisJsonInput {
  const hex = (name: string): string => encodeHex(keysOf(name).address);
  return {
    chainId: CHAIN_ID,
    networkName: 'memory',
    timestampMs: START_SEC * 1000,
    protocolVersion: 1,
    parameters: {},
    allocation: {
      preset: 'custom',
      supply: String(3000n * MTN),
      tranches: [
        {
          name: 'all',
          amount: String(3000n * MTN),
          rule: { kind: 'liquid' },
          accounts: MEMBERS.map((name) => ({ address: hex(name), amount: String(1000n * MTN) })),
        },
      ],
    },
    assets: [],
    members: MEMBERS.map((name) => ({ address: hex(name), level: 2 })),
    treasury: hex('treasury'),
    audit: hex('audit'),
    validators: VALIDATORS.map(({ key, operator }, index) => ({
      publicKey: encodeHex(key.publicKey),
      power: 10,
      operator: encodeHex(operator),
      peerId: `peer${index}`,
      possession: encodeHex(cryptography.sign(possessionDigest(cryptography, CHAIN_ID, operator), key.privateKey)),
    })),
    ...change,
  };
}

type StoredBlock = {
  readonly header: BlockHeader;
  readonly hash: BlockHash;
  readonly transactions: readonly VerifiedTransaction[];
  readonly certificate: CommitCertificate | undefined;
  readonly validators: ValidatorSet;
};

type Committed = {
  readonly transaction: VerifiedTransaction;
  readonly height: number;
  readonly index: number;
  readonly receipt: Receipt;
  readonly records: readonly LedgerRecord[];
};

const found = <Value>(value: Value): Lookup<Value, never> => ({ found: true, value });
const missing = <Code extends string>(code: Code): { readonly found: false; readonly code: Code } => ({ found: false, code });

/** What one chain of nodes has in common: blocks and state. */
export class MemoryChain {
  readonly genesis: Genesis;
  readonly context: ChainContext;
  readonly typedData: TypedData;
  readonly state = new MemoryState({ cryptography });
  readonly blocks: StoredBlock[] = [];
  readonly committed = new Map<string, Committed>();
  nowMs: number = START_SEC * 1000;

  constructor(change: Partial<GenesisJsonInput> = {}) {
    this.genesis = parseGenesis(genesisDocument(change));
    const genesisHash = genesisHashOf(cryptography, this.genesis);
    this.context = { cryptography, chainId: this.genesis.chainId, genesisHash };
    this.typedData = createTypedData(cryptography, { chainId: this.genesis.chainId, genesisHash });
    this.state.promote(this.state.preview(genesisChanges(cryptography, this.genesis)));
    const header = genesisHeader(cryptography, this.genesis, this.state.stateRoot);
    this.blocks.push({
      header,
      hash: blockHash(cryptography, header),
      transactions: [],
      certificate: undefined,
      validators: this.read(validatorSetTable, undefined) as ValidatorSet,
    });
  }

  get tip(): StoredBlock {
    return this.blocks.at(-1) as StoredBlock;
  }

  get nowSec(): number {
    return Math.floor(this.tip.header.timestampMs / 1000);
  }

  read<Key, Value>(table: Table<Key, Value>, key: Key): Value | undefined {
    return new StateOverlay(this.state).get(table, key);
  }

  nonceOf(address: Address): number {
    return this.read(accountTable, address)?.nonce ?? 0;
  }

  get parameters(): Parameters {
    return this.read(parametersTable, undefined) as Parameters;
  }

  /** Puts the tip into a state that no transaction leads to. */
  write(edit: (state: StateOverlay) => void): void {
    const overlay = new StateOverlay(this.state);
    edit(overlay);
    this.state.promote(this.state.preview(overlay.changes()));
  }

  /** Makes a block of what can stand in one. */
  block(candidates: readonly VerifiedTransaction[], stepSec: number): void {
    this.nowMs += stepSec * 1000;
    const validators = this.read(validatorSetTable, undefined) as ValidatorSet;
    const proposer = (validators.validators[0] as ValidatorSet['validators'][number]).address;
    const setting = { timestampMs: this.nowMs, proposer, parentHash: this.tip.hash, evidence: [] };
    const built = buildBlock(this.state, candidates, this.context, setting, DEFAULT_BLOCK_LIMITS);
    this.state.promote(built.preview);
    const { header, transactions, receipts, records } = built;
    const hash = blockHash(cryptography, header);
    for (const [index, transaction] of transactions.entries()) {
      const receipt = receipts[index] as Receipt;
      const own = records.slice(receipt.firstRecord, receipt.firstRecord + receipt.records);
      this.committed.set(encodeHex(transaction.id), { transaction, height: header.height, index, receipt, records: own });
    }
    const certificate = certificateOf(this.context, header.height, hash, validators);
    this.blocks.push({ header, hash, transactions, certificate, validators });
  }
}

function certificateOf({ genesisHash }: ChainContext, height: number, hash: BlockHash, set: ValidatorSet): CommitCertificate {
  const digest = consensusDigest(cryptography, genesisHash, { kind: 'precommit', height, round: 0, blockHash: hash });
  const signatures = set.validators.map(({ publicKey }, validatorIndex) => {
    const { key } = VALIDATORS.find((each) => equalBytes(each.key.publicKey, publicKey)) as (typeof VALIDATORS)[number];
    return { validatorIndex, signature: cryptography.sign(digest, key.privateKey) as Signature };
  });
  return { height, round: 0, blockHash: hash, signatures };
}

/** What a mempool of a test allows. */
export type PoolLimits = { readonly transactionsMax: number };

/** One node on a chain: its mempool, which survives restarts, and the ports of its JSON-RPC server. */
export class MemoryNode {
  readonly chain: MemoryChain;
  readonly limits: PoolLimits;
  readonly #pool = new Map<string, VerifiedTransaction>();
  readonly #ended = new Map<string, 'expired' | 'rejected'>();
  /** Lowest height of which the node has blocks and transactions. */
  earliestHeight = 0;
  /** Whether it knows of transactions that their blocks were pruned; one that has joined from a snapshot never heard of them. */
  remembersPruned = true;

  constructor(chain: MemoryChain, limits: PoolLimits = { transactionsMax: 1000 }) {
    this.chain = chain;
    this.limits = limits;
  }

  /** The transactions of the mempool, those of each account in the order of nonces. */
  get pending(): readonly VerifiedTransaction[] {
    return [...this.#pool.values()].sort((left, right) => left.message.nonce - right.message.nonce);
  }

  /** Makes a block of the mempool, some seconds after the last, and forgets what has ended. */
  makeBlock(stepSec = 1, transactionsMax = 1000): void {
    this.chain.block(this.pending.slice(0, transactionsMax), stepSec);
    this.sweep();
  }

  /** Takes out what blocks have, what is too late and what has lost its nonce. */
  sweep(): void {
    for (const [id, { message }] of this.#pool) {
      if (this.chain.committed.has(id)) this.#pool.delete(id);
      else if (message.nonce < this.chain.nonceOf(message.from)) this.#end(id, 'rejected');
      else if (message.validUntil <= this.chain.nowSec) this.#end(id, 'expired');
    }
  }

  /** Forgets the mempool, as a node does whose disk was lost. */
  loseMempool(): void {
    this.#pool.clear();
  }

  /** Takes a transaction in that came from another node. */
  gossip(transaction: VerifiedTransaction): void {
    this.#admit(transaction);
  }

  pendingNonce(address: Address): number {
    let nonce = this.chain.nonceOf(address);
    while (this.#at(address, nonce) !== undefined) nonce += 1;
    return nonce;
  }

  #at(address: Address, nonce: number): VerifiedTransaction | undefined {
    return [...this.#pool.values()].find(({ message }) => message.nonce === nonce && equalBytes(message.from, address));
  }

  #end(id: string, status: 'expired' | 'rejected'): void {
    this.#pool.delete(id);
    this.#ended.set(id, status);
  }

  submit({ transaction }: DeclaredTransaction): Submission {
    const verdict = verifyTransaction(cryptography, this.chain.typedData, transaction);
    return verdict.ok ? this.#admit(verdict.transaction) : { ok: false, code: 'BAD_SIGNATURE', field: 'signature' };
  }

  #admit(transaction: VerifiedTransaction): Submission {
    const { id, message } = transaction;
    const key = encodeHex(id);
    if (this.#pool.has(key) || this.chain.committed.has(key)) return { ok: true, id };
    const code = checkAdmission(this.chain.state, this.chain.context, transaction);
    if (code !== 'OK') return { ok: false, code, field: 'transaction' };
    // Codes of the mempool that the contract does not list yet reach clients as texts.
    if (this.#at(message.from, message.nonce) !== undefined)
      return { ok: false, code: 'NONCE_TAKEN' as ResultCode & 'FROZEN', field: 'nonce' };
    if (message.nonce > this.pendingNonce(message.from)) return { ok: false, code: 'NONCE_TOO_HIGH', field: 'nonce' };
    if (this.#pool.size >= this.limits.transactionsMax) return { ok: false, code: 'MEMPOOL_FULL' };
    this.#pool.set(key, transaction);
    return { ok: true, id };
  }

  view(id: TransactionId): Lookup<TransactionView, 'UNKNOWN_TRANSACTION' | 'PRUNED'> {
    const key = encodeHex(id);
    const committed = this.chain.committed.get(key);
    if (committed !== undefined && committed.height < this.earliestHeight) {
      return missing(this.remembersPruned ? 'PRUNED' : 'UNKNOWN_TRANSACTION');
    }
    if (committed !== undefined) {
      const { transaction, height, index, receipt, records } = committed;
      return found({ id, transaction, status: 'committed', height, index, receipt: { receipt, records } });
    }
    const pending = this.#pool.get(key);
    if (pending !== undefined) return found({ id, transaction: pending, status: 'pending' });
    const ended = this.#ended.get(key);
    return ended === undefined ? missing('UNKNOWN_TRANSACTION') : found({ id, transaction: undefined, status: ended });
  }

  /** The ports of a server; what no test asks for is not there. */
  get ports(): RpcPorts {
    const { chain } = this;
    const { chainId, genesisHash } = chain.context;
    const none = async () => found({ items: [], nextCursor: undefined });
    return {
      chain: {
        identity: { chainId, networkName: chain.genesis.networkName, genesisHash, protocolVersion: 1 },
        block: async (name) => {
          const block =
            name === 'latest'
              ? chain.tip
              : chain.blocks.find(({ header, hash }) => (typeof name === 'number' ? header.height === name : equalBytes(hash, name)));
          if (block === undefined) return missing('UNKNOWN_BLOCK');
          const { header, hash, certificate, transactions } = block;
          const view: BlockView = { hash, header, certificate, transactionIds: transactions.map(({ id }) => id), transactions };
          return found(view);
        },
        account: async (address) => {
          const account = chain.read(accountTable, address) ?? EMPTY_ACCOUNT;
          const held = chain.read(holdingTable, { owner: address, asset: 'MTN' })?.amount ?? 0n;
          const balance = { asset: 'MTN', state: 'S5' as const, available: held, locked: 0n, pendingIn: 0n, pendingOut: 0n };
          return { account, effectiveLevel: effectiveLevel(account, chain.nowSec), balances: held === 0n ? [] : [balance] };
        },
        balance: async (address, asset) => {
          if (chain.read(assetTable, asset) === undefined) return missing('UNKNOWN_ASSET');
          const available = chain.read(holdingTable, { owner: address, asset })?.amount ?? 0n;
          return found({ available, locked: 0n, pendingIn: 0n, pendingOut: 0n });
        },
        lots: none,
        asset: async (id) => {
          const asset = chain.read(assetTable, id);
          return asset === undefined ? missing('UNKNOWN_ASSET') : found({ id, asset });
        },
        validators: async (height) => {
          const at = height === 'latest' ? chain.tip.header.height : height;
          const block = chain.blocks[at];
          return block === undefined ? missing('UNKNOWN_BLOCK') : found({ height: at, set: block.validators });
        },
        parameters: async () => found({ height: chain.tip.header.height, parameters: chain.parameters }),
      } as Partial<RpcPorts['chain']> as RpcPorts['chain'],
      transactions: {
        submit: async (transactions) => transactions.map((each) => this.submit(each)),
        transaction: async (id) => this.view(id),
        settled: async () => {},
        pendingNonce: async (address) => this.pendingNonce(address),
        simulate: async (transaction) => {
          const signed = { ...transaction, signature: new Uint8Array(65), id: new Uint8Array(32), bytes: new Uint8Array(200) };
          const { receipt, records } = simulateTransaction(chain.state, chain.context, signed as unknown as VerifiedTransaction);
          return { receipt, records };
        },
      },
      node: {
        status: () => ({
          version: '1.0.0',
          peerId: 'peer0',
          tip: {
            height: chain.tip.header.height,
            blockHash: chain.tip.hash,
            stateRoot: chain.tip.header.stateRoot,
            timestampMs: chain.tip.header.timestampMs,
          },
          syncing: false,
          peers: 3,
          peersNeeded: 2,
          validator: undefined,
          earliestHeight: this.earliestHeight,
        }),
        diagnose: async () => ({ ok: true, summary: 'Blocks are made.', findings: [] }),
      },
    };
  }
}

/** The transfers in blocks by memo: how often each memo is there. */
export function memosIn(chain: MemoryChain): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { transaction } of chain.committed.values()) {
    const { type, message } = transaction as SignedTransaction;
    if (type === 'Transfer') counts.set(message.memo, (counts.get(message.memo) ?? 0) + 1);
  }
  return counts;
}
