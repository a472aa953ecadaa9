import type { Address, TransactionId } from '@mutual-chain/protocol';

export { bridgeEscrow, feeEscrow, stakeEscrow, systemAddress } from '@mutual-chain/protocol';

/** 20 zero bytes: stands for «nobody» or «the outside world» in records, never a counterparty. */
export const ZERO_ADDRESS: Address = new Uint8Array(20) as Address;

/** 32 zero bytes: the transaction id of scheduled work, and «none» wherever an id is optional. */
export const ZERO_ID: TransactionId = new Uint8Array(32) as TransactionId;
