import { Wallet } from 'ethers';
import type { GenesisHash } from '../../src/bytes/branded.ts';
import { privateKeyFrom } from '../../src/bytes/checked-bytes.ts';
import { encodeHex } from '../../src/bytes/hex.ts';
import { type KeyPair, keyPairOf } from '../../src/keys/key-pair.ts';
import type { TransactionType } from '../../src/transaction/transaction.ts';
import type { ChainDomain } from '../../src/transaction/typed-data.ts';
import { fieldsOf } from './table-arbitrary.ts';

/** The chain of the tests. */
export const CHAIN: ChainDomain = { chainId: 7331, genesisHash: new Uint8Array(32).fill(0x5a) as GenesisHash };

/** Its domain as ethers takes it. */
export const ETHERS_DOMAIN = { name: 'Mutual Chain', version: '1', chainId: CHAIN.chainId, salt: encodeHex(CHAIN.genesisHash) };

/** A key pair that is the same in every run. */
export function testKey(number: number): KeyPair {
  return keyPairOf(privateKeyFrom(new Uint8Array(32).fill(number)));
}

/** The same key as a wallet of ethers. */
export function testWallet(number: number): Wallet {
  return new Wallet(encodeHex(testKey(number).privateKey));
}

/** The types of a transaction type as ethers takes them. */
export function ethersTypes(type: TransactionType): Record<string, { name: string; type: string }[]> {
  return { [type]: fieldsOf(type).map(({ name, kind }) => ({ name, type: kind })) };
}
