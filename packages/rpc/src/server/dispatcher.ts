import { setImmediate } from 'node:timers/promises';
import { assertInvariant, type Cryptography, formatAddress } from '@mutual-chain/protocol';
import { openRpcDocument, RPC_LIMITS, type RpcErrorCode } from '../contract/index.ts';
import type { Clock } from './clock.ts';
import { bindParameters } from './json-rpc/bind-parameters.ts';
import { parseBody } from './json-rpc/parse-body.ts';
import { type Call, type CallId, idOf, parseCall } from './json-rpc/parse-call.ts';
import type { CallContext } from './method.ts';
import type { RpcEvents, RpcPorts } from './ports.ts';
import type { RateVerdict } from './rate-limiter.ts';
import { errorObject, RpcError } from './rpc-error.ts';
import { SERVED_METHODS } from './served-methods.ts';

/** What a dispatcher is made of. */
export type DispatcherOptions = {
  readonly ports: RpcPorts;
  readonly events: RpcEvents;
  readonly cryptography: Pick<Cryptography, 'keccak256'>;
  readonly clock: Pick<Clock, 'elapsedMs'>;
  /** Version of the program, for the document. */
  readonly version: string;
  /** Most calls that wait for a transaction at the same time. */
  readonly waitingCallsMax: number;
};

/** A request as it came in. */
export type RpcRequest = {
  readonly body: Uint8Array;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Takes what a call costs from what the client may ask. */
  readonly charge: (calls: number) => RateVerdict;
};

/** The answer: JSON, or undefined when the request held nothing but notifications. `isRateLimited` when every call was refused for its rate. */
export type RpcResponse = { readonly body: string | undefined; readonly isRateLimited: boolean; readonly retryAfterMs: number };

/** Room for the error objects of calls that are not answered because the response is full. */
const ERRORS_BYTES = 65_536;

type Answer = { readonly text: string | undefined; readonly retryAfterMs: number | undefined };

/**
 * Answers requests: reads the envelope, finds the methods, checks the parameters, and writes the response.
 *
 * The calls of a batch run one after the other, in order. Source: JSON-RPC 2.0.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #context: Omit<CallContext, 'signal'>;
  #waiting = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const { keccak256 } = options.cryptography;
    let document: object | undefined;
    this.#context = {
      ...options.ports,
      checksums: { keccak256 },
      addressText: (address) => formatAddress(address, keccak256),
      takeWaitingPlace: () => this.#takeWaitingPlace(),
      document: () => {
        document ??= openRpcDocument(options.version);
        return document;
      },
    };
  }

  /** Answers one request. Never rejects for anything a client can send. */
  async dispatch(request: RpcRequest): Promise<RpcResponse> {
    let json: unknown;
    try {
      json = parseBody(request.body);
      if (Array.isArray(json)) assertBatch(json);
    } catch (error) {
      // What cannot be read costs as much as what can.
      request.charge(1);
      return { body: this.#failure(null, '', error), isRateLimited: false, retryAfterMs: 0 };
    }
    if (!Array.isArray(json)) {
      const { text, retryAfterMs } = await this.#answer(json, request, RPC_LIMITS.responseBytesMax);
      return { body: text, isRateLimited: retryAfterMs !== undefined, retryAfterMs: retryAfterMs ?? 0 };
    }
    return this.#answerBatch(json, request);
  }

  async #answerBatch(batch: readonly unknown[], request: RpcRequest): Promise<RpcResponse> {
    const texts: string[] = [];
    let room = RPC_LIMITS.responseBytesMax - ERRORS_BYTES;
    let limited = 0;
    let retryAfterMs = 0;
    for (const json of batch) {
      const answer = await this.#answer(json, request, room);
      if (answer.retryAfterMs !== undefined) limited += 1;
      retryAfterMs = Math.max(retryAfterMs, answer.retryAfterMs ?? 0);
      if (answer.text !== undefined) {
        texts.push(answer.text);
        room = Math.max(0, room - Buffer.byteLength(answer.text) - 1);
      }
      // Other connections get their turn between the calls of a batch.
      await setImmediate();
    }
    const body = texts.length === 0 ? undefined : `[${texts.join(',')}]`;
    return { body, isRateLimited: limited === batch.length, retryAfterMs };
  }

  async #answer(json: unknown, request: RpcRequest, roomBytes: number): Promise<Answer> {
    const startedMs = this.#options.clock.elapsedMs();
    let call: Call | undefined;
    let text: string | undefined;
    let code: string | undefined;
    let retryAfterMs: number | undefined;
    try {
      charge(request, 1);
      call = parseCall(json);
      text = await this.#call(call, request, roomBytes);
    } catch (error) {
      code = error instanceof RpcError ? error.code : 'INTERNAL_ERROR';
      retryAfterMs = error instanceof RpcError && error.code === 'RATE_LIMITED' ? retryAfterOf(error) : undefined;
      text = this.#failure(call === undefined ? idOf(json) : (call.id ?? null), call?.method ?? '', error);
    }
    const method = call !== undefined && SERVED_METHODS.has(call.method) ? call.method : 'unknown';
    this.#options.events.called({ method, code, durationMs: this.#options.clock.elapsedMs() - startedMs });
    const isNotification = call !== undefined && call.id === undefined;
    return { text: isNotification ? undefined : text, retryAfterMs };
  }

  async #call(call: Call, request: RpcRequest, roomBytes: number): Promise<string> {
    const served = SERVED_METHODS.get(call.method);
    if (served === undefined)
      throw new RpcError('METHOD_NOT_FOUND', { field: 'method', reason: 'there is no such method: see rpc.discover' });
    if (request.signal.aborted) throw new RpcError('TIMEOUT', { reason: 'the time of the request is used up: this call was not made' });
    if (roomBytes === 0)
      throw new RpcError('RESPONSE_TOO_LARGE', { reason: 'the answers before fill the response: this call was not made' });
    const parameters = bindParameters(served.method, call.params);
    charge(request, served.weight(parameters) - 1);
    const result = await served.answer({ ...this.#context, signal: request.signal }, parameters);
    const text = JSON.stringify({ jsonrpc: '2.0', id: call.id ?? null, result });
    if (Buffer.byteLength(text) > roomBytes)
      throw new RpcError('RESPONSE_TOO_LARGE', { reason: 'the call was made, but its answer does not fit' });
    return text;
  }

  #failure(id: CallId, method: string, error: unknown): string {
    const shown = error instanceof RpcError ? error : new RpcError('INTERNAL_ERROR');
    if (shown !== error) this.#options.events.failed(method, error);
    const { code } = shown;
    if (isLimit(code)) this.#options.events.limited(code);
    return JSON.stringify({ jsonrpc: '2.0', id, error: errorObject(shown) });
  }

  #takeWaitingPlace(): (() => void) | undefined {
    if (this.#waiting >= this.#options.waitingCallsMax) return undefined;
    this.#waiting += 1;
    return () => {
      this.#waiting -= 1;
      assertInvariant(this.#waiting >= 0, 'a place is given back once');
    };
  }
}

/** Codes that say that a limit was reached. */
const LIMIT_CODES: ReadonlySet<string> = new Set<RpcErrorCode>([
  'RATE_LIMITED',
  'RESPONSE_TOO_LARGE',
  'SERVER_BUSY',
  'TIMEOUT',
  'MEMPOOL_FULL',
  'MEMPOOL_ACCOUNT_FULL',
  'MEMPOOL_BUSY',
]);

function isLimit(code: string): code is RpcErrorCode {
  return LIMIT_CODES.has(code);
}

function assertBatch(batch: readonly unknown[]): void {
  const { batchCallsMax } = RPC_LIMITS;
  if (batch.length > 0 && batch.length <= batchCallsMax) return;
  throw new RpcError('INVALID_REQUEST', { field: 'batch', reason: `has ${batch.length} calls, from 1 to ${batchCallsMax} are allowed` });
}

function charge(request: RpcRequest, calls: number): void {
  if (calls === 0) return;
  const verdict = request.charge(calls);
  if (!verdict.ok) throw new RpcError('RATE_LIMITED', { retryAfterMs: verdict.retryAfterMs });
}

function retryAfterOf({ details }: RpcError): number {
  const { retryAfterMs } = details;
  return typeof retryAfterMs === 'number' ? retryAfterMs : 0;
}
