import { PARAMETER_TABLE, type Parameters, parametersFrom, TRANSACTION_TYPES } from '@mutual-chain/protocol';
import type { RpcClient } from '../rpc/rpc-client.ts';

/** The parameters the last block was executed under. Those that are not known here are left out: a newer node may have more. */
export async function readParameters(rpc: RpcClient, signal?: AbortSignal): Promise<Parameters> {
  const { parameters } = await rpc.call('mutual_getParameters', {}, signal === undefined ? {} : { signal });
  return parametersFrom(Object.fromEntries(Object.entries(parameters).filter(([name]) => isKnown(name))));
}

function isKnown(name: string): boolean {
  return Object.hasOwn(PARAMETER_TABLE, name) || (name.startsWith('fee.') && Object.hasOwn(TRANSACTION_TYPES, name.slice('fee.'.length)));
}
