import { type Cryptography, encodeUtf8, type LotId } from '@mutual-chain/protocol';

const SPLIT_DOMAIN = encodeUtf8('mutual-chain/lot/v1');

/** Id of a lot split off another lot, or opened by a product: SHA-256(domain ‖ id ‖ index as 4 bytes big-endian). */
export function splitLotId(cryptography: Cryptography, parent: Uint8Array, index: number): LotId {
  const preimage = new Uint8Array(SPLIT_DOMAIN.length + 36);
  preimage.set(SPLIT_DOMAIN);
  preimage.set(parent, SPLIT_DOMAIN.length);
  new DataView(preimage.buffer).setUint32(SPLIT_DOMAIN.length + 32, index);
  return cryptography.sha256(preimage) as LotId;
}
