import type { Address, Cryptography, TransactionId } from '@mutual-chain/protocol';
import { escrowAddress } from './escrow.ts';

/** 20 zero bytes: stands for «nobody» or «the outside world» in records, never a counterparty. */
export const ZERO_ADDRESS: Address = new Uint8Array(20) as Address;

/** 32 zero bytes: the transaction id of scheduled work, and «none» wherever an id is optional. */
export const ZERO_ID: TransactionId = new Uint8Array(32) as TransactionId;

/** Actor of scheduled work in records: the escrow address of product `system`. */
export function systemAddress(cryptography: Cryptography): Address {
  return escrowAddress(cryptography, 'system', ZERO_ID);
}

/** Holds the joining stakes of all members. */
export function stakeEscrow(cryptography: Cryptography): Address {
  return escrowAddress(cryptography, 'membership', ZERO_ID);
}

/** Holds a block's fees from the transaction that pays them to the end of the block. */
export function feeEscrow(cryptography: Cryptography): Address {
  return escrowAddress(cryptography, 'fees', ZERO_ID);
}

/** Holds the MTN that has left the chain through gateways: MTN is never burned. */
export function bridgeEscrow(cryptography: Cryptography): Address {
  return escrowAddress(cryptography, 'bridge', ZERO_ID);
}
