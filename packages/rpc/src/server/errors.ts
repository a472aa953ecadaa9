import { ChainError } from '@mutual-chain/protocol';

/** Every code this package throws at whoever sets it up. What clients are answered with stands in the contract. */
export const RPC_SERVER_ERRORS = {
  RPC_TOKEN_TOO_SHORT: 'The token of the operator is too short to be safe; the least length is named.',
} as const;

/** A code of `RPC_SERVER_ERRORS`. */
export type RpcServerErrorCode = keyof typeof RPC_SERVER_ERRORS;

/** Makes a `ChainError` of this package. */
export function rpcServerError(
  code: RpcServerErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>>,
): ChainError<RpcServerErrorCode> {
  return new ChainError(code, message, details);
}
