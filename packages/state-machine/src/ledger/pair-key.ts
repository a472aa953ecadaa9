import { type Address, type Bytes32, encodeUtf8 } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';

/** Key of what one account has granted another for an asset: SHA-256(owner ‖ other ‖ asset id). */
export function pairKey(execution: Execution, owner: Address, other: Address, asset: string): Bytes32 {
  const name = encodeUtf8(asset);
  const preimage = new Uint8Array(40 + name.length);
  preimage.set(owner);
  preimage.set(other, 20);
  preimage.set(name, 40);
  return execution.chain.cryptography.sha256(preimage) as Bytes32;
}
