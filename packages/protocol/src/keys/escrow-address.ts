import type { Address } from '../bytes/branded.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';

const ESCROW_DOMAIN = encodeUtf8('mutual-chain/escrow/v1');

const NO_ID = new Uint8Array(32);

/**
 * Address under which a product holds money: nobody has its key.
 *
 * Last 20 bytes of SHA-256(domain ‖ product name's UTF-8 length in one byte ‖ product name ‖ id).
 */
export function escrowAddress(cryptography: Pick<Cryptography, 'sha256'>, product: string, id: Uint8Array): Address {
  const name = encodeUtf8(product);
  const preimage = new Uint8Array(ESCROW_DOMAIN.length + 1 + name.length + id.length);
  preimage.set(ESCROW_DOMAIN);
  preimage[ESCROW_DOMAIN.length] = name.length;
  preimage.set(name, ESCROW_DOMAIN.length + 1);
  preimage.set(id, ESCROW_DOMAIN.length + 1 + name.length);
  return cryptography.sha256(preimage).slice(12) as Address;
}

/** Actor of scheduled work in records: the escrow address of product `system`. */
export function systemAddress(cryptography: Pick<Cryptography, 'sha256'>): Address {
  return escrowAddress(cryptography, 'system', NO_ID);
}

/** Holds the joining stakes of all members. */
export function stakeEscrow(cryptography: Pick<Cryptography, 'sha256'>): Address {
  return escrowAddress(cryptography, 'membership', NO_ID);
}

/** Holds a block's fees from the transaction that pays them to the end of the block. */
export function feeEscrow(cryptography: Pick<Cryptography, 'sha256'>): Address {
  return escrowAddress(cryptography, 'fees', NO_ID);
}

/** Holds the MTN that has left the chain through gateways: MTN is never burned. */
export function bridgeEscrow(cryptography: Pick<Cryptography, 'sha256'>): Address {
  return escrowAddress(cryptography, 'bridge', NO_ID);
}
