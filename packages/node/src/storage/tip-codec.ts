import type { BlockHash, StateRoot } from '@mutual-chain/protocol';
import type { StoreTip } from './state-store.ts';

const TIP_BYTES = 72;

/** Height (8, big-endian) ‖ block hash (32) ‖ state root (32). */
export function encodeTip(tip: StoreTip): Uint8Array {
  const bytes = new Uint8Array(TIP_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(tip.height));
  bytes.set(tip.blockHash, 8);
  bytes.set(tip.stateRoot, 40);
  return bytes;
}

/** The tip of bytes whose checksum has been verified. */
export function decodeTip(bytes: Uint8Array): StoreTip {
  const height = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  return { height, blockHash: bytes.slice(8, 40) as BlockHash, stateRoot: bytes.slice(40, 72) as StateRoot };
}
