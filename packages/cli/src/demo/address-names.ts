import { type Cryptography, encodeHex, formatAddress, parseAddress } from '@mutual-chain/protocol';
import { bridgeEscrow, feeEscrow, stakeEscrow, systemAddress, ZERO_ADDRESS } from '@mutual-chain/state-machine';
import type { AddressBookEntry } from './story-files.ts';

/** Names of addresses: those of the address book, and of the addresses that the ledger itself derives. */
export class AddressNames {
  readonly #names: Map<string, string> = new Map();

  constructor(cryptography: Cryptography, accounts: readonly AddressBookEntry[]) {
    const own = { system: systemAddress, 'stake escrow': stakeEscrow, 'fee escrow': feeEscrow, 'bridge escrow': bridgeEscrow };
    this.#names.set(encodeHex(ZERO_ADDRESS), 'outside');
    for (const [name, address] of Object.entries(own)) this.#names.set(encodeHex(address(cryptography)), name);
    for (const [index, { name, address }] of accounts.entries()) {
      this.#names.set(encodeHex(parseAddress(address, `accounts.${index}.address`, cryptography.keccak256)), name);
    }
  }

  /** The name, or the address itself. */
  nameOf(address: Uint8Array): string {
    return this.#names.get(encodeHex(address)) ?? formatAddress(address as Parameters<typeof formatAddress>[0]);
  }
}
