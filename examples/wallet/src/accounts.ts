import { type Address, deriveFromMnemonic, formatAddress, type KeyPair } from '@mutual-chain/protocol';

/**
 * The mnemonic of every key here. It is published, in this file and in the documentation of many Ethereum tools: whoever holds anything
 * of value under it has given it away.
 */
export const TEST_MNEMONIC = 'test test test test test test test test test test test junk';

/** Whom each key belongs to, by its index on the path m/44'/60'/0'/0/index. Append; an index never changes its owner. */
const ACCOUNTS = [
  { index: 0, name: 'registrar', role: 'registrar: sets membership levels' },
  { index: 1, name: 'gateway', role: 'gateway of mUSD and mBOND, level 3' },
  { index: 2, name: 'committee', role: 'committee, level 2' },
  { index: 3, name: 'arbiter', role: 'arbiter, level 2' },
  { index: 4, name: 'alice', role: 'member, level 2' },
  { index: 5, name: 'bob', role: 'member, level 2' },
  { index: 6, name: 'carol', role: 'member, level 2' },
  { index: 7, name: 'dave', role: 'member, level 2' },
  { index: 8, name: 'erin', role: 'member, level 2' },
  { index: 9, name: 'frank', role: 'member, level 2' },
  { index: 10, name: 'grace', role: 'member, level 1' },
  { index: 11, name: 'newcomer', role: 'nobody yet, level 0' },
  { index: 20, name: 'presale', role: 'tranche presale' },
  { index: 21, name: 'sale', role: 'tranche sale, what is left of it' },
  { index: 22, name: 'founders', role: 'tranche founders, locked' },
  { index: 23, name: 'reserve', role: 'tranche reserve, locked' },
  { index: 24, name: 'research', role: 'tranche research, locked' },
  { index: 25, name: 'treasury', role: 'receives a share of fees' },
  { index: 26, name: 'audit', role: 'receives a share of fees' },
  { index: 30, name: 'operator0', role: 'operator of validator0' },
  { index: 31, name: 'operator1', role: 'operator of validator1' },
  { index: 32, name: 'operator2', role: 'operator of validator2' },
  { index: 33, name: 'operator3', role: 'operator of validator3' },
  { index: 40, name: 'validator0', role: 'validator key' },
  { index: 41, name: 'validator1', role: 'validator key' },
  { index: 42, name: 'validator2', role: 'validator key' },
  { index: 43, name: 'validator3', role: 'validator key' },
] as const;

/** Name of an account of the address book. */
export type AccountName = (typeof ACCOUNTS)[number]['name'];

/** Members of level 2 that trade with each other. */
export const MEMBERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'] as const satisfies readonly AccountName[];

/** Operators, each of the validator with the same number. */
export const OPERATORS = ['operator0', 'operator1', 'operator2', 'operator3'] as const satisfies readonly AccountName[];

/** Validator keys. */
export const VALIDATORS = ['validator0', 'validator1', 'validator2', 'validator3'] as const satisfies readonly AccountName[];

const derivation = deriveFromMnemonic(TEST_MNEMONIC);
const keyPairs: ReadonlyMap<AccountName, KeyPair> = new Map(ACCOUNTS.map(({ name, index }) => [name, derivation.keyPair(index)]));

/** Keys of an account. */
export function keyPairOfAccount(name: AccountName): KeyPair {
  return keyPairs.get(name) as KeyPair;
}

/** Address of an account. */
export function addressOf(name: AccountName): Address {
  return keyPairOfAccount(name).address;
}

/** Address of an account as documents write it. */
export function addressText(name: AccountName): string {
  return formatAddress(addressOf(name));
}

/** One line of the address book: public, no key in it. */
export type AddressBookEntry = { readonly name: string; readonly role: string; readonly address: string };

/** All accounts, in order of their index. */
export function addressBook(): AddressBookEntry[] {
  return ACCOUNTS.map(({ name, role }) => ({ name, role, address: addressText(name) }));
}
