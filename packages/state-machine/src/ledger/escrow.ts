import { type Address, type Cryptography, encodeUtf8 } from '@mutual-chain/protocol';

const ESCROW_DOMAIN = encodeUtf8('mutual-chain/escrow/v1');

/**
 * Address under which a product holds money: nobody has its key.
 *
 * Last 20 bytes of SHA-256(domain ‖ product name's UTF-8 length in one byte ‖ product name ‖ id).
 */
export function escrowAddress(cryptography: Cryptography, product: string, id: Uint8Array): Address {
  const name = encodeUtf8(product);
  const preimage = new Uint8Array(ESCROW_DOMAIN.length + 1 + name.length + id.length);
  preimage.set(ESCROW_DOMAIN);
  preimage[ESCROW_DOMAIN.length] = name.length;
  preimage.set(name, ESCROW_DOMAIN.length + 1);
  preimage.set(id, ESCROW_DOMAIN.length + 1 + name.length);
  return cryptography.sha256(preimage).slice(12) as Address;
}
