import {
  type Address,
  ChainError,
  encodeHex,
  formatAddress,
  type Parameters,
  type SignedTransaction,
  summarizeTransaction,
  type TransactionType,
  type TypedDataPayload,
  typedDataPayload,
  type UnsignedTransaction,
} from '@mutual-chain/protocol';
import type { ReceiptJson } from '@mutual-chain/rpc/contract';
import { assertKnownOptions } from '../assert-known-options.ts';
import { type ChainIdentity, chainIdentityFrom, type ExpectedChain } from '../chain/chain-identity.ts';
import { readParameters } from '../chain/read-parameters.ts';
import { NodeError, SdkError } from '../errors.ts';
import { RpcClient } from '../rpc/rpc-client.ts';
import { type Sleep, sleep } from '../rpc/sleep.ts';
import { Delivery } from './delivery.ts';
import { draftTransaction } from './draft.ts';
import type { Entry } from './entry.ts';
import type { Operation, OwnFields, SendOptions, SentOperation, WaitOptions } from './operation.ts';
import { Outbox } from './outbox.ts';
import { checkedEntry, signChecked } from './sign-checked.ts';
import type { Signer } from './signer.ts';
import { type AssetDecimals, summaryFormat } from './summary-format.ts';

/** What somebody is asked to approve of before it is signed. */
export type ApprovalRequest = {
  /** What it does, in one sentence. */
  readonly summary: string;
  readonly transaction: UnsignedTransaction;
  /** What a wallet that shows typed data would show. */
  readonly payload: TypedDataPayload;
};

/** What a wallet is made of. Everything but the node and the signer has a default. */
export type WalletOptions = {
  /** A client, or the URLs of nodes. */
  readonly rpc: RpcClient | string | readonly string[];
  readonly signer: Signer;
  /** Which chain is meant; without it the chain that the node names is taken. */
  readonly expected?: ExpectedChain;
  /** Asked before anything is signed; false ends the operation with `SDK_NOT_APPROVED`. Without it everything is approved. */
  readonly approve?: (request: ApprovalRequest) => boolean | Promise<boolean>;
  /** Keeps a signed transaction before any node is given it, so that `resume` can go on with it in another run. A rejection ends the operation. */
  readonly record?: (transaction: SignedTransaction) => Promise<void>;
  /** Digits after the point of assets in summaries. Default: MTN alone is known. */
  readonly decimals?: AssetDecimals;
  /** How long a transaction stands where `validUntil` is not given, seconds. */
  readonly validForSec?: number;
  /** Most transactions in flight. */
  readonly windowMax?: number;
  /** Most operations that have not ended. */
  readonly queueMax?: number;
  /** Most transactions of one request. */
  readonly chunkMax?: number;
  /** Pause between two looks at the chain, ms. */
  readonly pollMs?: number;
  /** Longest pause while no node answers, ms. */
  readonly pauseMsMax?: number;
  readonly sleep?: Sleep;
};

const OPTIONS: Readonly<Record<keyof WalletOptions, true>> = {
  rpc: true,
  signer: true,
  expected: true,
  approve: true,
  record: true,
  decimals: true,
  validForSec: true,
  windowMax: true,
  queueMax: true,
  chunkMax: true,
  pollMs: true,
  pauseMsMax: true,
  sleep: true,
};

/** What a wallet has unless it is given others. */
export const WALLET_DEFAULTS = {
  validForSec: 600,
  windowMax: 256,
  queueMax: 10_000,
  chunkMax: 100,
  pollMs: 250,
  pauseMsMax: 5000,
} as const;

type Connected = {
  readonly options: WalletOptions;
  readonly rpc: RpcClient;
  readonly chain: ChainIdentity;
  readonly parameters: Parameters;
};

/**
 * Sends the operations of one account, and follows each until it has ended.
 *
 * Builds and signs every transaction itself. Many may be in flight: it gives out nonces, sends in the order in which operations were handed in,
 * and repeats what a node has lost. Whatever happens to connections and nodes, each operation is in one block or in none, and the wallet says
 * which. Nodes are believed about what is in blocks and about what they refuse; `LightClient` checks headers.
 */
export class Wallet {
  readonly address: Address;
  readonly chain: ChainIdentity;
  readonly rpc: RpcClient;
  readonly #options: WalletOptions;
  readonly #outbox: Outbox;
  readonly #delivery: Delivery;
  readonly #closing = new AbortController();
  readonly #summary: ReturnType<typeof summaryFormat>;
  #parameters: Parameters;

  private constructor({ options, rpc, chain, parameters }: Connected) {
    const { windowMax, queueMax, chunkMax, pollMs, pauseMsMax } = { ...WALLET_DEFAULTS, ...options };
    this.address = options.signer.address;
    this.chain = chain;
    this.rpc = rpc;
    this.#options = options;
    this.#parameters = parameters;
    this.#summary = summaryFormat(options.decimals);
    this.#outbox = new Outbox({ windowMax, queueMax });
    this.#delivery = new Delivery({
      rpc,
      outbox: this.#outbox,
      address: encodeHex(this.address),
      genesisHash: encodeHex(chain.typedData.domain.genesisHash),
      chainLost: () => this.#stop('SDK_CHAIN_DIFFERS', 'every node serves another chain now'),
      signNext: () => this.#signNext(),
      // Whoever is asked in person does not wait with the first transaction for the answer to the last.
      chunkMax: options.approve === undefined && options.signer.isInteractive !== true ? chunkMax : 1,
      pollMs,
      pauseMsMax,
      sleep: options.sleep ?? sleep,
      signal: this.#closing.signal,
    });
  }

  /**
   * Learns from a node which chain it serves and what it costs to use.
   *
   * Errors: `SDK_FIELD_UNKNOWN` for an option that there is not, `SDK_CHAIN_DIFFERS` when it is not the expected chain; those of `RpcClient`.
   */
  static async connect(options: WalletOptions): Promise<Wallet> {
    assertKnownOptions(options, OPTIONS, 'a wallet');
    const rpc = options.rpc instanceof RpcClient ? options.rpc : new RpcClient({ urls: [options.rpc].flat() });
    const chain = chainIdentityFrom(await rpc.call('mutual_chainInfo'), options.expected);
    return new Wallet({ options, rpc, chain, parameters: await readParameters(rpc) });
  }

  /** Address in the mixed case of EIP-55. */
  get addressText(): string {
    return formatAddress(this.address);
  }

  /** How many operations have not ended. */
  get unfinished(): number {
    return this.#outbox.size;
  }

  /**
   * Hands in an operation. It is signed and sent by and by, and may be followed by what this answers.
   *
   * Errors, before anything is done: `SDK_FIELD_UNKNOWN` for fields and options that there are not, `PROTOCOL_TRANSACTION_FIELD_INVALID` and the
   * like for fields that are wrong, `SDK_QUEUE_FULL`, `SDK_CLOSED`.
   */
  send<Type extends TransactionType>(type: Type, fields: OwnFields<Type>, options: SendOptions = {}): SentOperation<Type> {
    const [sent] = this.sendMany([{ type, fields } as unknown as Operation], options);
    return sent as unknown as SentOperation<Type>;
  }

  /** Hands in operations, all or none. Blocks have them in this order as far as none is refused. Errors: as `send`. */
  sendMany(operations: readonly Operation[], options: SendOptions = {}): readonly SentOperation[] {
    this.#assertOpen();
    const { queueMax } = { ...WALLET_DEFAULTS, ...this.#options };
    if (this.#outbox.size + operations.length > queueMax) {
      throw new SdkError('SDK_QUEUE_FULL', `${this.#outbox.size} operations have not ended, at most ${queueMax} are kept`, { queueMax });
    }
    const summaries = operations.map((operation) => this.summarize(this.#draft(operation, options, 0)));
    const sent = operations.map((operation, index) => handleOf(this.#outbox.add(operation, options), summaries[index] ?? ''));
    this.#delivery.wake();
    return sent;
  }

  /**
   * Goes on with a transaction that an earlier run has signed, whether or not it was sent. Errors: `SDK_SIGNATURE_WRONG` when it is not one of
   * this account for this chain.
   */
  resume(transaction: SignedTransaction): SentOperation {
    this.#assertOpen();
    const { type, message } = transaction;
    if (encodeHex(message.from) !== encodeHex(this.address)) {
      throw new SdkError('SDK_SIGNATURE_WRONG', 'the transaction is of another account', { field: 'message.from' });
    }
    const { from, nonce, validUntil, maxFee, ...fields } = message;
    const entry = this.#outbox.adopt({ type, fields } as unknown as Operation, checkedEntry(this.chain.typedData, transaction, 0));
    this.#delivery.wake();
    return handleOf(entry, this.summarize(transaction));
  }

  /** What a transaction does, in one sentence. */
  summarize(transaction: UnsignedTransaction): string {
    return summarizeTransaction(transaction, this.#summary);
  }

  /**
   * The complete message of an operation as it would be signed now, with the next nonce. Nothing is signed, sent or kept. Errors: as `send`; those of
   * `RpcClient`.
   */
  async draft<Type extends TransactionType>(type: Type, fields: OwnFields<Type>, options: SendOptions = {}): Promise<UnsignedTransaction> {
    const { pendingNonce } = await this.rpc.call('mutual_getAccount', { address: this.address });
    const { timestampMs } = await this.rpc.call('mutual_status');
    return this.#draft({ type, fields } as unknown as Operation, options, pendingNonce, Math.floor(timestampMs / 1000));
  }

  /** The receipt that an operation would get in a block right after the last one. Errors: as `draft`. */
  async simulate<Type extends TransactionType>(type: Type, fields: OwnFields<Type>, options: SendOptions = {}): Promise<ReceiptJson> {
    return this.rpc.call('mutual_simulateTransaction', { transaction: await this.draft(type, fields, options) });
  }

  /** Waits until every operation that was handed in so far has ended. Errors: `SDK_ABORTED`, `SDK_CLOSED`. */
  async idle({ signal }: WaitOptions = {}): Promise<void> {
    await Promise.all(this.#outbox.entries.map(({ ended }) => ended.wait(signal)));
  }

  /** Stops following operations; whoever waits for one is told `SDK_CLOSED`. What nodes have already, they keep. */
  close(): void {
    this.#stop('SDK_CLOSED', 'the wallet was closed before the operation had ended');
  }

  #stop(code: 'SDK_CLOSED' | 'SDK_CHAIN_DIFFERS', message: string): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    for (const { lastSigned, ended, admission } of this.#outbox.entries) {
      const error = new SdkError(code, message, { id: lastSigned?.id });
      ended.reject(error);
      admission.reject(error);
    }
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw new SdkError('SDK_CLOSED', 'the wallet is closed');
  }

  #draft(operation: Operation, options: SendOptions, nonce: number, timeSec = this.#outbox.timeSec): UnsignedTransaction {
    const { validForSec } = { ...WALLET_DEFAULTS, ...this.#options };
    return draftTransaction(operation, options, { from: this.address, nonce, timeSec, parameters: this.#parameters, validForSec });
  }

  /** Signs what the outbox offers next. */
  async #signNext(): Promise<void> {
    await this.#refreshParameters();
    const next = this.#outbox.takeToSign();
    if (next === undefined) return;
    const { entry, nonce } = next;
    try {
      const transaction = this.#draft(entry.operation, entry.options, nonce);
      if (transaction.message.validUntil <= this.#outbox.timeSec) throw expired();
      await this.#assertApproved(entry, transaction);
      const signed = await signChecked(this.#options.signer, this.chain.typedData, transaction, this.#outbox.height, entry.options.sponsor);
      await this.#record(signed.transaction);
      this.#outbox.signedAs(entry, signed);
    } catch (error) {
      this.#outbox.notSigned(entry, nonce, refusalOf(error));
    }
  }

  async #record(transaction: SignedTransaction): Promise<void> {
    try {
      await this.#options.record?.(transaction);
    } catch (cause) {
      throw new SdkError('SDK_NOT_RECORDED', `the transaction could not be recorded: ${wordsOf(cause)}`, {}, cause);
    }
  }

  /** Asked once, and again when it may cost more than was approved of, but not when only the nonce has changed. */
  async #assertApproved({ lastSigned }: Entry, transaction: UnsignedTransaction): Promise<void> {
    const { approve } = this.#options;
    if (approve === undefined) return;
    if (lastSigned !== undefined && transaction.message.maxFee <= lastSigned.transaction.message.maxFee) return;
    const payload = typedDataPayload(this.chain.typedData.domain, transaction);
    if (await approve({ summary: this.summarize(transaction), transaction, payload })) return;
    throw new SdkError('SDK_NOT_APPROVED', 'the operation was not approved of');
  }

  async #refreshParameters(): Promise<void> {
    if (!this.#outbox.feeMayHaveChanged) return;
    this.#outbox.feeMayHaveChanged = false;
    try {
      this.#parameters = await readParameters(this.rpc, this.#closing.signal);
    } catch (error) {
      if (!(error instanceof SdkError)) throw error;
    }
  }
}

function expired(): NodeError {
  return new NodeError({ code: -32000, message: 'validUntil has passed', data: { code: 'EXPIRED', field: 'validUntil' } }, '');
}

function refusalOf(error: unknown): { readonly code: string; readonly message: string; readonly field: string | undefined } {
  if (!(error instanceof ChainError)) return { code: 'SDK_NOT_SIGNED', message: `the signer refused: ${wordsOf(error)}`, field: undefined };
  const { field } = error.details;
  return { code: error.code, message: error.message, field: typeof field === 'string' ? field : undefined };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function handleOf(entry: Entry, summary: string): SentOperation {
  return {
    operation: entry.operation,
    summary,
    get id() {
      return entry.lastSigned?.id;
    },
    get transaction() {
      return entry.lastSigned?.transaction as SentOperation['transaction'];
    },
    admitted: ({ signal } = {}) => entry.admission.wait(signal),
    settled: ({ signal } = {}) => entry.ended.wait(signal),
  };
}
