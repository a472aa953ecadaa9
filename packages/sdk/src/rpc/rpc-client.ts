import { assertInvariant } from '@mutual-chain/protocol';
import { type Method, RPC_LIMITS } from '@mutual-chain/rpc/contract';
import { assertKnownOptions } from '../assert-known-options.ts';
import { NodeError, SdkError } from '../errors.ts';
import { bindParameters } from './bind-parameters.ts';
import { type Answer, type CallJson, readAnswers } from './envelope.ts';
import { exchange, type Fetch } from './exchange.ts';
import { type MethodName, type MethodParameters, type MethodResult, methodOf } from './method-table.ts';
import { readResult } from './read-result.ts';
import { type Sleep, sleep } from './sleep.ts';

/** What a client is made of. Everything but the URLs has a default. */
export type RpcClientOptions = {
  /** URLs of nodes of one chain, the preferred one first. */
  readonly urls: readonly string[];
  /** How long one attempt at one node may take, ms. */
  readonly timeoutMs?: number;
  /** How often the list of nodes is gone through before a failure is reported. */
  readonly roundsMax?: number;
  /** Pause after the first round, ms; each further one is twice as long. */
  readonly pauseMs?: number;
  readonly fetch?: Fetch;
  readonly sleep?: Sleep;
};

const OPTIONS: Readonly<Record<keyof RpcClientOptions, true>> = {
  urls: true,
  timeoutMs: true,
  roundsMax: true,
  pauseMs: true,
  fetch: true,
  sleep: true,
};

/** What a client has unless it is given others. */
export const RPC_CLIENT_DEFAULTS = { timeoutMs: 15_000, roundsMax: 3, pauseMs: 200 } as const;

/** How one call is made. */
export type CallOptions = {
  readonly signal?: AbortSignal;
  /** Instead of that of the client, ms. */
  readonly timeoutMs?: number;
  /** One attempt at one node, and no other: whoever asks decides what to do about a failure. A failed one makes the next node the preferred one. */
  readonly once?: boolean;
};

/** A call of a batch. */
export type BatchCall<Name extends MethodName = MethodName> = {
  readonly [Each in Name]: { readonly method: Each; readonly parameters: MethodParameters<Each> };
}[Name];

/** What became of one call of a batch. */
export type BatchAnswer<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly error: NodeError | SdkError };

type BatchAnswers<Calls extends readonly BatchCall[]> = {
  readonly [Index in keyof Calls]: BatchAnswer<MethodResult<Calls[Index]['method']>>;
};

type CallArguments<Name extends MethodName> =
  Record<never, never> extends MethodParameters<Name>
    ? [parameters?: MethodParameters<Name>, options?: CallOptions]
    : [parameters: MethodParameters<Name>, options?: CallOptions];

/**
 * Errors of a node after which another node, or the same one later, may still give the answer. Whoever lost a transaction in one of these ways
 * may send it again: the same bytes have the same id and are executed once.
 */
const WORTH_ANOTHER: ReadonlySet<string> = new Set([
  'SDK_UNREACHABLE',
  'SDK_TIMEOUT',
  'SDK_ANSWER_INVALID',
  'INTERNAL_ERROR',
  'SERVER_BUSY',
  'NOT_READY',
  'RATE_LIMITED',
  'TIMEOUT',
]);

/** Answers of a node that keeps less than another one may keep: worth another node, but not another try. */
const PRUNED: ReadonlySet<string> = new Set(['HEIGHT_PRUNED', 'PRUNED']);

/**
 * Calls the methods of nodes of one chain.
 *
 * - Parameters are checked before they are sent, and results before they are returned, by the shapes of the contract.
 * - A call that a node does not answer goes to the next one. Every method may be repeated: those that read change nothing, and those that send
 *   hand in transactions whose ids are those of their bytes.
 * - Whoever is told a refusal after a lost answer finds both in `details.attempts`: the transaction may be in a mempool all the same.
 */
export class RpcClient {
  readonly #options: Required<RpcClientOptions>;
  /** Position of the node that is asked first. */
  #preferred = 0;
  #lastId = 0;

  /** Errors: `SDK_FIELD_UNKNOWN`, `SDK_URL_INVALID`. */
  constructor(options: RpcClientOptions | string) {
    const given = typeof options === 'string' ? { urls: [options] } : options;
    assertKnownOptions(given, OPTIONS, 'a client');
    const request: Fetch = (url, init) => fetch(url, init);
    this.#options = { ...RPC_CLIENT_DEFAULTS, fetch: request, sleep, ...given };
    if (given.urls.length === 0) throw new SdkError('SDK_URL_INVALID', 'a client needs the URL of at least one node', { field: 'urls' });
    for (const url of given.urls) assertUrl(url);
  }

  /** The nodes, the preferred one first. */
  get urls(): readonly string[] {
    const { urls } = this.#options;
    return [...urls.slice(this.#preferred), ...urls.slice(0, this.#preferred)];
  }

  /** Makes one call. Errors: `NodeError` with the code of the node; `SdkError` when there is no answer, or the caller is to blame. */
  async call<Name extends MethodName>(
    method: Name,
    ...[parameters = {} as MethodParameters<Name>, options = {}]: CallArguments<Name>
  ): Promise<MethodResult<Name>> {
    const [prepared] = this.#prepare([{ method, parameters } as BatchCall]);
    assertInvariant(prepared !== undefined, 'one call is prepared');
    const result = await this.#attempt(options, async (url) => {
      const [answer] = await this.#exchange(url, [prepared], options, false);
      assertInvariant(answer !== undefined, 'every call has an answer');
      if (!answer.ok) throw answer.error;
      return readResult(prepared.method, answer.result);
    });
    return result as MethodResult<Name>;
  }

  /**
   * Makes several calls in one request to one node, which carries them out in order. What fails is told call by call, and only what concerns the
   * whole request is thrown. Errors: as `call`; `SDK_PARAMETERS_INVALID` for an empty or too long batch.
   */
  async batch<const Calls extends readonly BatchCall[]>(calls: Calls, options: CallOptions = {}): Promise<BatchAnswers<Calls>> {
    const { batchCallsMax } = RPC_LIMITS;
    if (calls.length === 0 || calls.length > batchCallsMax) {
      const reason = `has ${calls.length} calls, from 1 to ${batchCallsMax} are allowed`;
      throw new SdkError('SDK_PARAMETERS_INVALID', `batch: ${reason}`, { field: 'batch', reason });
    }
    const prepared = this.#prepare(calls);
    const answers = await this.#attempt(options, (url) => this.#exchange(url, prepared, options, true));
    return answers.map((answer, index) => readAnswer(prepared[index]?.method, answer)) as unknown as BatchAnswers<Calls>;
  }

  #prepare(calls: readonly BatchCall[]): readonly Prepared[] {
    return calls.map(({ method: name, parameters }) => {
      const method = methodOf(name);
      this.#lastId += 1;
      return { method, call: { jsonrpc: '2.0', id: this.#lastId, method: name, params: bindParameters(method, parameters) } };
    });
  }

  async #exchange(url: string, prepared: readonly Prepared[], options: CallOptions, isBatch: boolean): Promise<readonly Answer[]> {
    const calls = prepared.map(({ call }) => call);
    const body = JSON.stringify(isBatch ? calls : calls[0]);
    const { fetch: request, timeoutMs } = this.#options;
    const json = await exchange({ fetch: request, url, body, timeoutMs: options.timeoutMs ?? timeoutMs, signal: options.signal });
    return readAnswers(url, calls, json);
  }

  /** Asks one node after the other, in rounds, until one answers or none is worth another try. */
  async #attempt<Value>({ signal, once = false }: CallOptions, ask: (url: string) => Promise<Value>): Promise<Value> {
    const { urls, roundsMax, pauseMs } = this.#options;
    const failures: Failure[] = [];
    for (let round = 0; round < (once ? 1 : roundsMax); round++) {
      if (round > 0) {
        const waitMs = Math.max(pauseMs * 2 ** (round - 1), ...failures.slice(-urls.length).map(({ error }) => retryAfterOf(error)));
        await this.#options.sleep(waitMs, signal);
      }
      for (const url of once ? this.urls.slice(0, 1) : this.urls) {
        try {
          return await ask(url);
        } catch (error) {
          if (!(error instanceof SdkError)) throw error;
          const mayGoOn = WORTH_ANOTHER.has(error.code) || PRUNED.has(error.code);
          failures.push({ url, error });
          if (!mayGoOn) throw withAttempts(failures);
          if (!PRUNED.has(error.code)) this.#failedAt(url);
        }
      }
      if (failures.slice(-urls.length).every(({ error }) => PRUNED.has(error.code))) break;
    }
    throw withAttempts(failures);
  }

  /** Asks the next node first from now on: the one before cannot answer what is wanted. */
  turn(): void {
    this.#preferred = (this.#preferred + 1) % this.#options.urls.length;
  }

  #failedAt(url: string): void {
    if (this.urls[0] === url) this.turn();
  }
}

type Prepared = { readonly method: Method; readonly call: CallJson };
type Failure = { readonly url: string; readonly error: SdkError<string> };

function readAnswer(method: Method | undefined, answer: Answer): BatchAnswer<unknown> {
  assertInvariant(method !== undefined, 'every answer belongs to a call');
  if (!answer.ok) return answer;
  try {
    return { ok: true, result: readResult(method, answer.result) };
  } catch (error) {
    if (!(error instanceof SdkError)) throw error;
    return { ok: false, error };
  }
}

function retryAfterOf(error: SdkError<string>): number {
  return error instanceof NodeError ? (error.retryAfterMs ?? 0) : 0;
}

/** The last failure, which says of the others where and how they failed. */
function withAttempts(failures: readonly Failure[]): SdkError<string> {
  const last = failures.at(-1);
  assertInvariant(last !== undefined, 'something failed');
  if (failures.length > 1) {
    Object.assign(last.error.details, { attempts: failures.map(({ url, error }) => ({ url, code: error.code })) });
  }
  return last.error;
}

function assertUrl(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'http:' || protocol === 'https:') return;
  throw new SdkError('SDK_URL_INVALID', 'the URL of a node begins with http:// or https://', { field: 'urls' });
}
