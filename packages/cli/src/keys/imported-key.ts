import { decryptKey } from '@mutual-chain/node';
import { type Cryptography, deriveFromMnemonic, type KeyPair, keyPairOf, privateKeyFrom } from '@mutual-chain/protocol';
import { isKeystore, plainKeyIn } from './node-keys.ts';

/** What tells how a secret is read. */
export type ImportOptions = {
  /** Index on the path m/44'/60'/0'/0/index of a mnemonic. */
  readonly index: number;
  readonly cryptography: Cryptography;
  /** The password of a keystore. */
  readonly password: string;
  /** Where the secret comes from, for errors. */
  readonly place: string;
};

/** The key in a secret: 12 to 24 words of BIP-39, a private key in hex, or a keystore of version 3. Errors: those of each form. */
export function importedKey(secret: string, { index, cryptography, password, place }: ImportOptions): KeyPair {
  const text = secret.trim();
  if (isKeystore(text)) return keyPairOf(decryptKey(text, password, cryptography, place), cryptography);
  const words = text.split(/\s+/);
  if (words.length > 1) return deriveFromMnemonic(words.join(' ').toLowerCase()).keyPair(index);
  const hex = /^[0-9a-f]{64}$/i.test(text) ? `0x${text}` : text;
  return keyPairOf(privateKeyFrom(plainKeyIn(hex, place)), cryptography);
}
