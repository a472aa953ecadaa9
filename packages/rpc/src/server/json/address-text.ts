import type { Address } from '@mutual-chain/protocol';

/** Writes an address in the mixed case of EIP-55. */
export type AddressText = (address: Address) => string;
