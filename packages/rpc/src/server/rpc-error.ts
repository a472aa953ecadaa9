import { ChainError, RESULT_CODE_MEANINGS } from '@mutual-chain/protocol';
import { numberOf, type RefusalCode, RPC_ERRORS, type RpcErrorCode, type RpcErrorObject } from '../contract/index.ts';

/** What may stand in `error.data` besides the code. */
export type RpcErrorDetails = { readonly field?: string; readonly reason?: string; readonly retryAfterMs?: number };

/** A call that is answered with an error. `code` is one of `RPC_ERRORS`, or the result code of a refused transaction. */
export class RpcError extends ChainError<RpcErrorCode | RefusalCode> {
  override readonly name: string = 'RpcError';

  constructor(code: RpcErrorCode | RefusalCode, details: RpcErrorDetails = {}) {
    super(code, messageOf(code, details), details);
  }
}

function messageOf(code: RpcErrorCode | RefusalCode, { field, reason }: RpcErrorDetails): string {
  const meaning = Object.hasOwn(RPC_ERRORS, code) ? RPC_ERRORS[code as RpcErrorCode].meaning : RESULT_CODE_MEANINGS[code as RefusalCode];
  return field === undefined ? (reason ?? meaning) : `${field}: ${reason ?? meaning}`;
}

/** The error as it stands in an answer. */
export function errorObject(error: RpcError): RpcErrorObject {
  return { code: numberOf(error.code), message: error.message, data: { code: error.code, ...(error.details as RpcErrorDetails) } };
}
