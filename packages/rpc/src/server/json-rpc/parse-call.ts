import { RPC_LIMITS } from '../../contract/index.ts';
import { RpcError } from '../rpc-error.ts';

/** What tells one call of a batch from another: repeated in its answer. */
export type CallId = string | number | null;

/** Parameters by position or by name. */
export type CallParameters = readonly unknown[] | Readonly<Record<string, unknown>>;

/** One call. Without an id it is a notification, which gets no answer. Source: JSON-RPC 2.0 section 4. */
export type Call = { readonly id: CallId | undefined; readonly method: string; readonly params: CallParameters };

const FIELDS: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params']);

/** The id that the answer to a malformed call carries: its own where that is sound, and null otherwise. */
export function idOf(json: unknown): CallId {
  const id = isObject(json) ? json['id'] : null;
  return isCallId(id) ? id : null;
}

/** Reads one call. Errors: `INVALID_REQUEST`, naming the field. */
export function parseCall(json: unknown): Call {
  if (!isObject(json)) throw invalid('request', 'has to be an object');
  for (const name of Object.keys(json)) if (!FIELDS.has(name)) throw invalid(name.slice(0, 64), 'is not a field of a request');
  const { jsonrpc, id, method, params = [] } = json;
  if (jsonrpc !== '2.0') throw invalid('jsonrpc', 'has to be "2.0"');
  if (id !== undefined && !isCallId(id)) {
    throw invalid('id', `has to be a text of at most ${RPC_LIMITS.idCharactersMax} characters, a whole number, or null`);
  }
  if (typeof method !== 'string' || method.length > RPC_LIMITS.methodCharactersMax) {
    throw invalid('method', `has to be a text of at most ${RPC_LIMITS.methodCharactersMax} characters`);
  }
  if (!Array.isArray(params) && !isObject(params)) throw invalid('params', 'has to be a list or an object');
  return { id, method, params };
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isCallId(id: unknown): id is CallId {
  if (typeof id === 'string') return id.length <= RPC_LIMITS.idCharactersMax;
  return id === null || Number.isSafeInteger(id);
}

function invalid(field: string, reason: string): RpcError {
  return new RpcError('INVALID_REQUEST', { field, reason });
}
