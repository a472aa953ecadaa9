import type { RpcErrorCode } from '../contract/index.ts';
import type { Lookup } from './ports.ts';
import { RpcError } from './rpc-error.ts';

/** The value that was looked up. Errors: `RpcError` with the code of the lookup. */
export function found<Value>(lookup: Lookup<Value, RpcErrorCode>): Value {
  if (!lookup.found) throw new RpcError(lookup.code);
  return lookup.value;
}
