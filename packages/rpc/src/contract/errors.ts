import { RESULT_CODES, type ResultCode } from '@mutual-chain/protocol';

/**
 * Every code in `error.data.code` besides the result codes of refused transactions. Codes are stable: appended, never renamed.
 *
 * Numbers from −32700 to −32600 are those of JSON-RPC 2.0; −32000 to −32007 are ours, one for each thing that a client can do about it.
 * Each row has the number that a code travels with, and what the code means.
 */
export const RPC_ERRORS = {
  PARSE_ERROR: {
    number: -32700,
    meaning: 'The body is not JSON in UTF-8, names a field twice, is nested too deep, or holds half a surrogate pair.',
  },
  INVALID_REQUEST: { number: -32600, meaning: 'The JSON is no JSON-RPC 2.0 request, or an empty or too long batch; `field` says where.' },
  REQUEST_TOO_LARGE: { number: -32600, meaning: 'The body exceeds `requestBytesMax`.' },
  MEDIA_TYPE_UNSUPPORTED: { number: -32600, meaning: 'The content type is not `application/json`.' },
  METHOD_NOT_FOUND: { number: -32601, meaning: 'There is no method of this name.' },
  INVALID_PARAMS: {
    number: -32602,
    meaning: 'A parameter is missing, unknown, or not of its shape; `field` and `reason` say which and why.',
  },
  CURSOR_INVALID: { number: -32602, meaning: 'The cursor does not come from this list.' },
  INTERNAL_ERROR: { number: -32603, meaning: 'The node failed to answer; its log says why.' },
  MEMPOOL_FULL: { number: -32000, meaning: 'The mempool takes no more transactions for now: send it again later.' },
  MEMPOOL_ACCOUNT_FULL: {
    number: -32000,
    meaning: 'As many transactions of this account wait as may: wait until some of them are committed.',
  },
  MEMPOOL_BUSY: { number: -32000, meaning: 'As many signatures wait to be verified as may: send it again in a second.' },
  MEMPOOL_NOT_DURABLE: { number: -32000, meaning: 'The node cannot make the transaction durable: send it to another node.' },
  MEMPOOL_STOPPED: { number: -32000, meaning: 'The node is stopping: send it to another node.' },
  NONCE_TAKEN: {
    number: -32000,
    meaning: 'Another transaction of the account that waits has this nonce; none is replaced.',
  },
  MALFORMED: { number: -32000, meaning: 'The transaction has no canonical bytes: a field is beyond its limit.' },
  UNKNOWN_BLOCK: { number: -32001, meaning: 'There is no such block on this node.' },
  UNKNOWN_TRANSACTION: { number: -32001, meaning: 'This node knows no such transaction.' },
  UNKNOWN_LOT: { number: -32001, meaning: 'There is no such lot.' },
  UNKNOWN_ASSET: { number: -32001, meaning: 'There is no such asset.' },
  UNKNOWN_DEBT: { number: -32001, meaning: 'There is no such debt.' },
  HEIGHT_PRUNED: { number: -32002, meaning: 'This node no longer keeps what was true at that height.' },
  PRUNED: { number: -32002, meaning: 'The block of this transaction is no longer kept.' },
  RESPONSE_TOO_LARGE: { number: -32003, meaning: 'The answer would exceed `responseBytesMax`: ask for less at once.' },
  SERVER_BUSY: { number: -32004, meaning: 'As many calls wait as this node lets wait: try again later.' },
  NOT_READY: { number: -32004, meaning: 'The node has no committed block yet.' },
  RATE_LIMITED: {
    number: -32005,
    meaning: 'This client asks more than it is allowed to; `retryAfterMs` says when the next call has a chance.',
  },
  TIMEOUT: { number: -32006, meaning: 'The answer took longer than `handlerTimeoutMs`.' },
  HOST_FORBIDDEN: { number: -32007, meaning: 'The Host header names none of the hosts this node answers for.' },
  ORIGIN_FORBIDDEN: { number: -32007, meaning: 'The page that asks is of no origin that may.' },
} as const;

/** A code of `RPC_ERRORS`. */
export type RpcErrorCode = keyof typeof RPC_ERRORS;

/** A code that a transaction can be refused with besides result codes: what a ledger knows nothing of. */
export type MempoolErrorCode = Extract<RpcErrorCode, `MEMPOOL_${string}` | 'NONCE_TAKEN' | 'MALFORMED'>;

/** Every `MempoolErrorCode`. */
export const MEMPOOL_ERROR_CODES: readonly MempoolErrorCode[] = [
  'MEMPOOL_FULL',
  'MEMPOOL_ACCOUNT_FULL',
  'MEMPOOL_BUSY',
  'MEMPOOL_NOT_DURABLE',
  'MEMPOOL_STOPPED',
  'NONCE_TAKEN',
  'MALFORMED',
];

/** Number of the error with which a node refuses a transaction; `data.code` is the result code. */
export const TRANSACTION_REFUSED_NUMBER = -32000;

/** Codes a transaction can be refused with: the result codes, except `OK`. */
export type RefusalCode = Exclude<ResultCode, 'OK'>;

const refusals: ReadonlySet<string> = new Set(RESULT_CODES.filter((code) => code !== 'OK'));

/** Number of JSON-RPC for a code of the table or a result code. Where both have one, as `UNKNOWN_LOT`, the table's counts. */
export function numberOf(code: RpcErrorCode | RefusalCode): number {
  if (Object.hasOwn(RPC_ERRORS, code)) return RPC_ERRORS[code as RpcErrorCode].number;
  return refusals.has(code) ? TRANSACTION_REFUSED_NUMBER : RPC_ERRORS.INTERNAL_ERROR.number;
}

/** What stands in `error` of an answer. `data.field` names the offending field, where there is one. */
export type RpcErrorObject = {
  readonly code: number;
  readonly message: string;
  readonly data: { readonly code: string; readonly field?: string; readonly reason?: string; readonly retryAfterMs?: number };
};
