import { HDKey } from '@scure/bip32';
import { entropyToMnemonic, mnemonicToSeedSync, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { privateKeyFrom } from '../bytes/checked-bytes.ts';
import { assertInvariant } from '../chain-error.ts';
import { protocolError } from '../errors.ts';
import { type KeyPair, keyPairOf } from './key-pair.ts';

/** Path of account keys but for the last index. Source: BIP-44 with the coin type of Ethereum, so wallets derive the same keys. */
const ACCOUNT_PATH = "m/44'/60'/0'/0";

/** Largest index of a key that is not hardened. Source: BIP-32. */
const INDEX_MAX = 0x7fff_ffff;

/** Whether a text is a mnemonic of the English word list with a right checksum. Source: BIP-39. */
export function isMnemonic(mnemonic: string): boolean {
  return validateMnemonic(mnemonic, wordlist);
}

/**
 * Mnemonic of random bytes: 12 words for 16 bytes, 24 for 32. The randomness comes from the caller, who knows a source of it.
 *
 * Errors: `PROTOCOL_MNEMONIC_INVALID` for another number of bytes.
 */
export function mnemonicFrom(entropy: Uint8Array): string {
  if (entropy.length !== 16 && entropy.length !== 32) {
    throw protocolError('PROTOCOL_MNEMONIC_INVALID', 'a mnemonic is made from 16 or 32 random bytes', { bytes: entropy.length });
  }
  return entropyToMnemonic(entropy, wordlist);
}

/** Derives the keys of one mnemonic; the costly step from words to seed is done once. */
export type KeyDerivation = {
  /** Key pair at m/44'/60'/0'/0/index, 0 ≤ index < 2^31. Errors: `PROTOCOL_MNEMONIC_INVALID`. */
  readonly keyPair: (index: number) => KeyPair;
};

/**
 * Opens a mnemonic for derivation, with the optional passphrase of BIP-39.
 *
 * Errors: `PROTOCOL_MNEMONIC_INVALID`; the words are never part of the error. Source: BIP-39, BIP-32, BIP-44.
 */
export function deriveFromMnemonic(mnemonic: string, passphrase = ''): KeyDerivation {
  if (!isMnemonic(mnemonic)) {
    throw protocolError(
      'PROTOCOL_MNEMONIC_INVALID',
      'mnemonic has to be 12, 15, 18, 21 or 24 words of the English list with a right checksum: check for a missing or misspelt word',
    );
  }
  const account = HDKey.fromMasterSeed(mnemonicToSeedSync(mnemonic, passphrase)).derive(ACCOUNT_PATH);
  return {
    keyPair: (index) => {
      if (!Number.isSafeInteger(index) || index < 0 || index > INDEX_MAX) {
        throw protocolError('PROTOCOL_MNEMONIC_INVALID', `index of a key has to be a whole number from 0 to ${INDEX_MAX}`, {
          field: 'index',
          limit: INDEX_MAX,
          value: index,
        });
      }
      const { privateKey } = account.deriveChild(index);
      assertInvariant(privateKey !== null, 'a key derived from a seed is private');
      return keyPairOf(privateKeyFrom(privateKey));
    },
  };
}
