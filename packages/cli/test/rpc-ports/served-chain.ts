import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ChainIndexes,
  createChainIndexes,
  createMempoolLedger,
  LedgerChain,
  MemoryStateStore,
  nodeFileSystem,
  type StateStore,
  TransactionService,
} from '@mutual-chain/node';
import {
  type Address,
  assertInvariant,
  blockHash,
  type CommitCertificate,
  createTypedData,
  encodeHex,
  type Genesis,
  genesisHashOf,
  keyPairOf,
  type PrivateKey,
  parseGenesis,
  possessionDigest,
  proposerAt,
  type Signature,
  type SignedTransaction,
  signTransaction,
  type TransactionId,
  type TransactionType,
  type UnsignedTransaction,
} from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import { RpcServer } from '@mutual-chain/rpc/server';
import { genesisChanges, genesisHeader } from '@mutual-chain/state-machine';
import type { ChainIdentity } from '../../src/chain/chain-identity.ts';
import { createRpcPorts, type RpcPortsOptions } from '../../src/rpc-ports/create-rpc-ports.ts';

const cryptography = await loadFastCryptography();

export const START_MS = 1_700_000_000_000;
export const VERSION = '1.2.3';
export const NEW_LOT: Uint8Array = new Uint8Array(32);
export const FEE = 1003n;
const MTN = 10n ** 18n;

/** The private key of a name. */
function keyOf(name: string): PrivateKey {
  return cryptography.sha256(new TextEncoder().encode(name)) as PrivateKey;
}

/** The address of a name. */
export function addressOf(name: string): Address {
  return keyPairOf(keyOf(name)).address;
}

const hexOf = (name: string): string => encodeHex(addressOf(name));

function createChain(): ChainIdentity {
  const validator = keyPairOf(keyOf('validator'));
  const digest = possessionDigest(cryptography, 7, addressOf('operator'));
  const amount = String(1000n * MTN);
  const names = ['alice', 'bob', 'gateway'];
  const rules = { decimals: 2, gateways: [hexOf('gateway')], threshold: 1, minLevel: 0, transferMode: 'IMMEDIATE' as const };
  const genesis: Genesis = parseGenesis({
    chainId: 7,
    networkName: 'test',
    timestampMs: START_MS,
    protocolVersion: 1,
    parameters: { feePerTransaction: String(FEE), feePerByte: '0' },
    allocation: {
      preset: 'custom',
      supply: String(4000n * MTN),
      tranches: [
        {
          name: 'all',
          amount: String(3000n * MTN),
          rule: { kind: 'liquid' },
          accounts: names.map((name) => ({ address: hexOf(name), amount })),
        },
        { name: 'locked', amount, rule: { kind: 'cliff', lockSec: 1_000_000 }, accounts: [{ address: hexOf('founder'), amount }] },
      ],
    },
    assets: [
      { id: 'mUSD', name: 'US dollar', ...rules },
      { id: 'MTN', name: 'Muton', kind: 'NATIVE', ...rules, decimals: 18 },
    ],
    members: [
      { address: hexOf('alice'), level: 2 },
      { address: hexOf('bob'), level: 2 },
      { address: hexOf('gateway'), level: 3 },
    ],
    treasury: hexOf('treasury'),
    audit: hexOf('audit'),
    validators: [
      {
        ...{ publicKey: encodeHex(validator.publicKey), power: 10, operator: hexOf('operator'), peerId: 'peer0' },
        possession: encodeHex(cryptography.sign(digest, keyOf('validator'))),
      },
    ],
  });
  const genesisHash = genesisHashOf(cryptography, genesis);
  const typedData = createTypedData(cryptography, { chainId: 7, genesisHash });
  return { genesis, context: { cryptography, chainId: 7, genesisHash }, typedData };
}

/** What a test can put between the server and what it reads. */
export type ServedChainOptions = { readonly wrap?: (store: StateStore) => StateStore };

/** A chain of one validator whose blocks a test makes, with its mempool, its indexes and its interface over HTTP. */
export class ServedChain {
  readonly chain: ChainIdentity = createChain();
  readonly store: StateStore;
  readonly indexes: ChainIndexes;
  readonly transactions: TransactionService;
  /** What the server was not able to answer. */
  readonly failures: unknown[] = [];
  /** What the node says of itself. */
  observed: { targetHeight: number; peers: number } = { targetHeight: 0, peers: 3 };
  url = '';
  readonly #ledger: LedgerChain;
  readonly #directory: string;
  readonly #nonces = new Map<string, number>();
  #server: RpcServer | undefined;
  #timestampMs = START_MS;

  static async start(options: ServedChainOptions = {}): Promise<ServedChain> {
    const inner = new MemoryStateStore({ cryptography });
    await inner.start();
    const chain = createChain();
    const changes = genesisChanges(cryptography, chain.genesis);
    const preview = inner.view.preview(changes);
    const header = genesisHeader(cryptography, chain.genesis, preview.stateRoot);
    const block = { header, changes, blockHash: blockHash(cryptography, header), transactions: [], receipts: [], records: [] };
    const indexes = createChainIndexes({ store: inner }).indexesOf(block);
    await inner.commitHeight({ height: 0, blockHash: block.blockHash, preview, block: new Uint8Array(0), indexes });
    const served = new ServedChain(options.wrap?.(inner) ?? inner);
    await served.#listen();
    return served;
  }

  private constructor(store: StateStore) {
    this.store = store;
    this.indexes = createChainIndexes({ store });
    this.#directory = mkdtempSync(join(tmpdir(), 'served-'));
    const { context } = this.chain;
    this.transactions = new TransactionService({
      cryptography,
      identity: context,
      ledger: createMempoolLedger({ context, store, isCommitted: this.indexes.isCommitted }),
      journal: { fileSystem: nodeFileSystem, directory: join(this.#directory, 'journal') },
      clock: {
        wallMs: () => this.#timestampMs,
        schedule: (delayMs, run) => {
          const timer = setTimeout(run, delayMs);
          return () => clearTimeout(timer);
        },
      },
      send: () => false,
      cut: () => undefined,
      workAvailable: () => undefined,
      failed: (error) => this.failures.push(error),
    });
    this.#ledger = new LedgerChain({
      context,
      store,
      transactions: this.transactions,
      indexesOf: this.indexes.indexesOf,
      failed: (error) => this.failures.push(error),
    });
    this.transactions.start();
  }

  /** Signs a transaction with the next nonce of its sender. */
  sign(from: string, type: TransactionType, fields: Readonly<Record<string, unknown>>): SignedTransaction {
    const nonce = this.#nonces.get(from) ?? 0;
    this.#nonces.set(from, nonce + 1);
    return signTransaction(cryptography, this.chain.typedData, this.unsigned(from, nonce, type, fields), keyOf(from));
  }

  /** A message that is valid for ten minutes. */
  unsigned(from: string, nonce: number, type: TransactionType, fields: Readonly<Record<string, unknown>>): UnsignedTransaction {
    const common = { from: addressOf(from), nonce, validUntil: Math.floor(this.#timestampMs / 1000) + 600, maxFee: 10n ** 15n };
    return { type, message: { ...common, ...fields } } as unknown as UnsignedTransaction;
  }

  /** Hands in transactions of a sender and puts them into a block of their own. Resolves to their ids. */
  async commit(...transactions: readonly SignedTransaction[]): Promise<readonly TransactionId[]> {
    const outcomes = await this.transactions.submit(transactions.map((transaction) => ({ transaction, domain: undefined })));
    await this.makeBlock();
    return outcomes.map((each) => {
      assertInvariant(each.ok, 'a transaction of a test is admitted');
      return each.id;
    });
  }

  /** Makes the next block of all that waits, some time after the last. */
  makeBlock(afterMs = 1000): Promise<void> {
    const { height, validators } = this.#ledger.tip();
    const proposer = proposerAt(validators, 0).address;
    this.#timestampMs += afterMs;
    return new Promise((resolve) => {
      this.#ledger.build({ height: height + 1, round: 0, proposer, timestampMs: this.#timestampMs }, (outcome) => {
        assertInvariant(outcome.ok, 'a block is built');
        const { block, body } = outcome;
        const signatures = [{ validatorIndex: 0, signature: new Uint8Array(65).fill(1) as Signature }];
        const certificate: CommitCertificate = { height: height + 1, round: 0, blockHash: block.blockHash, signatures };
        this.#ledger.commit({ height: height + 1, blockHash: block.blockHash, body, certificate }, resolve);
      });
    });
  }

  /** Calls a method over HTTP; resolves to the result or the error of the answer. */
  async call(
    method: string,
    params: unknown = [],
  ): Promise<{ readonly result?: unknown; readonly error?: { readonly data: { readonly code: string } } }> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: `mutual_${method}`, params });
    const response = await fetch(this.url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    const { result, error } = (await response.json()) as { result?: unknown; error?: { data: { code: string } } };
    return error === undefined ? { result } : { error };
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.transactions.stop();
    await this.store.stop();
    rmSync(this.#directory, { recursive: true });
  }

  async #listen(): Promise<void> {
    const { store, indexes, transactions, chain } = this;
    const ports = createRpcPorts({ cryptography, chain, store, indexes, transactions, node: this.#node(), version: VERSION });
    const events = { called: () => undefined, limited: () => undefined, failed: (_: string, error: unknown) => this.failures.push(error) };
    this.#server = new RpcServer({ ports, events, cryptography, port: 0 });
    this.url = await this.#server.start();
  }

  #node(): RpcPortsOptions['node'] {
    const served = this;
    return {
      get tip() {
        return served.#ledger.tip();
      },
      get progress() {
        const { height } = served.#ledger.tip();
        const { targetHeight } = served.observed;
        return { height, targetHeight, requests: 0, bufferedBlocks: 0, bufferedBytes: 0, believedPeers: 0, isNextPruned: false };
      },
      transport: {
        peer: 'peer0',
        peers: () =>
          Array.from({ length: served.observed.peers }, (_, index) => ({ peer: `peer${index}`, height: 0, validator: undefined })),
        addresses: () => [],
        counters: () => {
          throw new Error('nobody counts here');
        },
      },
      validator: keyPairOf(keyOf('validator')).address,
      diagnose: () => ({ ok: true, summary: 'Blocks are being made.', findings: [] }),
    };
  }
}
