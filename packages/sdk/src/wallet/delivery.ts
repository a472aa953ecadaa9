import { RPC_LIMITS, type SentOrRefusedJson } from '@mutual-chain/rpc/contract';
import { NodeError, SdkError } from '../errors.ts';
import type { BatchAnswer, BatchCall, RpcClient } from '../rpc/rpc-client.ts';
import type { Sleep } from '../rpc/sleep.ts';
import type { Entry } from './entry.ts';
import type { Finding, Observation, Outbox, RefusalOfNode } from './outbox.ts';

/** What a delivery is made of. */
export type DeliveryOptions = {
  readonly rpc: RpcClient;
  readonly outbox: Outbox;
  /** 0x hex. */
  readonly address: string;
  /** Genesis hash of the chain, 0x hex. */
  readonly genesisHash: string;
  /** Called when every node serves another chain than that. */
  readonly chainLost: () => void;
  /** Signs the operation that the outbox offers next; never rejects. */
  readonly signNext: () => Promise<void>;
  /** Most transactions of one request. */
  readonly chunkMax: number;
  /** Pause between two looks at the chain, ms. */
  readonly pollMs: number;
  /** Longest pause while no node answers, ms. */
  readonly pauseMsMax: number;
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
};

/** Bytes of the transactions of one request at most: half of what a node reads. */
const CHUNK_BYTES_MAX = RPC_LIMITS.requestBytesMax / 2;

/** Calls of a batch besides those about transactions. */
const OWN_CALLS = 3;

/** Errors of a whole call that say that no transaction of it was looked at. */
const NOT_MADE: ReadonlySet<string> = new Set(['RATE_LIMITED', 'SERVER_BUSY', 'NOT_READY']);

/** Errors about one transaction that leave open whether the node has it. */
const UNDECIDED: ReadonlySet<string> = new Set(['MEMPOOL_NOT_DURABLE', 'MEMPOOL_STOPPED', 'INTERNAL_ERROR', 'TIMEOUT']);

/** Errors of a whole call that will be the same next time: the transactions in it are refused. */
const REFUSED: ReadonlySet<string> = new Set([
  'PARSE_ERROR',
  'INVALID_REQUEST',
  'INVALID_PARAMS',
  'METHOD_NOT_FOUND',
  'REQUEST_TOO_LARGE',
  'MEDIA_TYPE_UNSUPPORTED',
  'HOST_FORBIDDEN',
  'ORIGIN_FORBIDDEN',
]);

/** What every look at the chain begins with. */
type FirstCalls = readonly [BatchCall<'mutual_chainInfo'>, BatchCall<'mutual_status'>, BatchCall<'mutual_getAccount'>];

/** Carries the operations of an outbox to nodes until each has ended: looks at the chain, signs, sends, waits, and begins anew. */
export class Delivery {
  readonly #options: DeliveryOptions;
  /** How many transactions the next request has at most: fewer after refusals, because everything after a refused one is refused with it. */
  #chunk: number;
  #failures = 0;
  #retryAfterMs = 0;
  /** URLs of nodes that served another chain when they were last asked. */
  readonly #strangers = new Set<string>();
  #running = false;
  #alarm = new AbortController();

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#chunk = options.chunkMax;
  }

  /** There is something new to be done. */
  wake(): void {
    this.#alarm.abort();
    if (!this.#running) void this.#run();
  }

  #isDone(): boolean {
    const { outbox, signal } = this.#options;
    return outbox.size === 0 || signal.aborted;
  }

  async #run(): Promise<void> {
    const { outbox, signal, pollMs, pauseMsMax, sleep } = this.#options;
    this.#running = true;
    // What is handed in together is signed and sent together.
    await Promise.resolve();
    while (!this.#isDone()) {
      this.#alarm = new AbortController();
      const hasRoom = await this.#turn();
      if (this.#isDone() || (hasRoom && outbox.canSign)) continue;
      const pauseMs = this.#failures === 0 ? pollMs : Math.min(pauseMsMax, pollMs * 2 ** Math.min(this.#failures, 16));
      const isWoken = outbox.canSign || this.#failures > 0 ? signal : AbortSignal.any([signal, this.#alarm.signal]);
      await sleep(Math.max(pauseMs, this.#retryAfterMs), isWoken);
    }
    this.#running = false;
  }

  /** One look at the chain, and everything that can be done after it. Whether all that was sent was taken. */
  async #turn(): Promise<boolean> {
    const { outbox, signal } = this.#options;
    this.#retryAfterMs = 0;
    if (!(await this.#observe())) return false;
    for (;;) {
      const unsent = outbox.toSend().length;
      for (let count = unsent; count < this.#chunk && outbox.canSign && !signal.aborted; count++) await this.#options.signNext();
      const chunk = this.#nextChunk();
      if (chunk.length === 0 || signal.aborted) break;
      if (!(await this.#send(chunk))) return false;
    }
    this.#failures = 0;
    return true;
  }

  /** Asks one node for everything at once, in this order: what follows from the answers needs them to be of one node. False when it failed. */
  async #observe(): Promise<boolean> {
    const { rpc, outbox, address, signal } = this.#options;
    const ids = outbox.toAsk(RPC_LIMITS.batchCallsMax - OWN_CALLS);
    const questions: readonly BatchCall<'mutual_getTransaction'>[] = ids.map((id) => ({
      method: 'mutual_getTransaction',
      parameters: { id },
    }));
    const first: FirstCalls = [
      { method: 'mutual_chainInfo', parameters: {} },
      { method: 'mutual_status', parameters: {} },
      { method: 'mutual_getAccount', parameters: { address } },
    ];
    const [url = ''] = rpc.urls;
    try {
      const [info, status, account, ...answers] = await rpc.batch([...first, ...questions], { once: true, signal });
      if (!info.ok) throw info.error;
      if (info.result.genesisHash.toLowerCase() !== this.#options.genesisHash) return this.#strange(url);
      this.#strangers.delete(url);
      if (!status.ok) throw status.error;
      if (!account.ok) throw account.error;
      const { height, timestampMs, earliestHeight } = status.result;
      const { nonce, pendingNonce } = account.result;
      const timeSec = Math.floor(timestampMs / 1000);
      const observation: Observation = { height, timeSec, earliestHeight, nonce, pendingNonce, url, findings: findingsOf(ids, answers) };
      if (!outbox.observed(observation)) rpc.turn();
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** The node serves another chain: nothing it says counts, and it is given nothing. */
  #strange(url: string): false {
    const { rpc, chainLost } = this.#options;
    this.#failures += 1;
    this.#strangers.add(url);
    if (rpc.urls.every((each) => this.#strangers.has(each))) chainLost();
    rpc.turn();
    return false;
  }

  /** Signed transactions in the order of their nonces, as many as fit into a request. */
  #nextChunk(): readonly Entry[] {
    const chunk: Entry[] = [];
    let bytes = 0;
    for (const entry of this.#options.outbox.toSend()) {
      bytes += entry.signed?.jsonBytes ?? 0;
      if (chunk.length > 0 && (bytes > CHUNK_BYTES_MAX || chunk.length >= this.#chunk)) break;
      chunk.push(entry);
    }
    return chunk;
  }

  /** Sends transactions to one node. False when something was not taken. */
  async #send(chunk: readonly Entry[]): Promise<boolean> {
    const { rpc, outbox, chunkMax, signal } = this.#options;
    const transactions = chunk.flatMap(({ signed }) => (signed === undefined ? [] : [signed.transaction]));
    const [url] = rpc.urls;
    let answers: readonly SentOrRefusedJson[];
    try {
      answers = await rpc.call('mutual_sendTransactions', { transactions }, { once: true, signal });
      if (answers.length !== chunk.length) throw new SdkError('SDK_ANSWER_INVALID', 'not every transaction has an outcome', {});
    } catch (error) {
      this.#sendFailed(chunk, error);
      return false;
    }
    this.#failures = 0;
    let allTaken = true;
    let wantsAnother = false;
    for (const [index, entry] of chunk.entries()) {
      const answer = answers[index];
      if (answer !== undefined && 'id' in answer) {
        outbox.taken(entry, url);
        continue;
      }
      allTaken = false;
      if (answer === undefined) continue;
      const { data, message } = answer.error;
      this.#retryAfterMs = Math.max(this.#retryAfterMs, data.retryAfterMs ?? 0);
      if (UNDECIDED.has(data.code)) outbox.unanswered(entry);
      else outbox.refused(entry, { code: data.code, message, field: data.field });
      wantsAnother ||= data.code.startsWith('MEMPOOL_') || UNDECIDED.has(data.code);
    }
    if (wantsAnother) rpc.turn();
    this.#chunk = allTaken ? Math.min(chunkMax, this.#chunk * 2) : Math.max(1, Math.floor(this.#chunk / 4));
    return allTaken;
  }

  #sendFailed(chunk: readonly Entry[], error: unknown): void {
    const { outbox } = this.#options;
    if (error instanceof NodeError && REFUSED.has(error.code)) {
      for (const entry of chunk) outbox.refused(entry, refusalOf(error));
      return;
    }
    const wasMade = !(error instanceof NodeError && NOT_MADE.has(error.code));
    if (wasMade) for (const entry of chunk) outbox.unanswered(entry);
    this.#failed(error);
  }

  #failed(error: unknown): void {
    if (!(error instanceof SdkError)) throw error;
    this.#failures += 1;
    if (error instanceof NodeError) this.#retryAfterMs = Math.max(this.#retryAfterMs, error.retryAfterMs ?? 0);
  }
}

function findingsOf(ids: readonly string[], answers: readonly BatchAnswer<{ readonly status: string }>[]): ReadonlyMap<string, Finding> {
  return new Map(
    ids.flatMap((id, index) => {
      const answer = answers[index];
      const finding = answer === undefined ? undefined : findingOf(answer as BatchAnswer<Found>);
      return finding === undefined ? [] : [[id, finding] as const];
    }),
  );
}

type Found = Extract<Finding, { readonly status: 'committed' }> | { readonly status: 'pending' | 'expired' | 'rejected' };

function findingOf(answer: BatchAnswer<Found>): Finding | undefined {
  if (answer.ok) {
    const { result } = answer;
    if (result.status !== 'committed') return { status: result.status };
    const { height, index, receipt } = result;
    return { status: 'committed', height, index, receipt };
  }
  if (answer.error.code === 'UNKNOWN_TRANSACTION') return { status: 'unknown' };
  if (answer.error.code === 'PRUNED') return { status: 'committed', height: null, index: null, receipt: null };
  return undefined;
}

/** An error of a whole call as the refusal of each of its transactions. */
function refusalOf({ code, message, field }: NodeError): RefusalOfNode {
  return { code, message, field };
}
