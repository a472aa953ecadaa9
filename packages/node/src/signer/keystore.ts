import { createCipheriv, createDecipheriv, randomBytes, timingSafeEqual } from 'node:crypto';
import { ChainError, type Cryptography, encodeHex, encodeUtf8, keyPairOf, type PrivateKey, privateKeyFrom } from '@mutual-chain/protocol';
import { scrypt } from '@noble/hashes/scrypt.js';
import { nodeError } from '../errors.ts';
import { type EncryptedKey, formatKeystore, parseKeystore, type ScryptCost } from './keystore-json.ts';

/** What deriving a key from a passphrase costs when nothing else is said: 256 MiB and about a second. */
export const SCRYPT_COST_DEFAULT: ScryptCost = { n: 2 ** 18, r: 8, p: 1 };

const DERIVED_BYTES = 32;

/** What encrypting a key takes. */
export type EncryptKeyOptions = {
  readonly privateKey: PrivateKey;
  /** Any text; forms of one character that look alike are the same (NFKC). */
  readonly passphrase: string;
  readonly cryptography: Cryptography;
  /** Default `SCRYPT_COST_DEFAULT`. */
  readonly cost?: ScryptCost;
  /** Fresh bytes; those of the system when left out. */
  readonly random?: (length: number) => Uint8Array;
};

/** A private key under a passphrase, as JSON of the Web3 Secret Storage Definition, version 3: scrypt, AES-128-CTR, Keccak-256. */
export function encryptKey({
  privateKey,
  passphrase,
  cryptography,
  cost = SCRYPT_COST_DEFAULT,
  random = randomBytes,
}: EncryptKeyOptions): string {
  const salt = Uint8Array.from(random(32));
  const iv = Uint8Array.from(random(16));
  const derived = deriveKey(passphrase, salt, cost);
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv);
  const ciphertext = Uint8Array.from([...cipher.update(privateKey), ...cipher.final()]);
  const { address } = keyPairOf(privateKey, cryptography);
  const mac = macOf(cryptography, derived, ciphertext);
  return formatKeystore({ id: Uint8Array.from(random(16)), address, ciphertext, iv, cost, salt, mac }, cryptography);
}

/**
 * The private key in a text that `encryptKey` or another wallet wrote. `place` is named in errors.
 * Errors: `KEY_FILE_DAMAGED`, `KEY_FILE_UNSUPPORTED`, `KEY_FILE_PASSPHRASE_WRONG`.
 */
export function decryptKey(text: string, passphrase: string, cryptography: Cryptography, place: string): PrivateKey {
  const key = parseKeystore(text, cryptography, place);
  const derived = deriveKey(passphrase, key.salt, key.cost);
  if (!timingSafeEqual(macOf(cryptography, derived, key.ciphertext), key.mac)) throw notOpened(key, place);
  const decipher = createDecipheriv('aes-128-ctr', derived.subarray(0, 16), key.iv);
  const plain = Uint8Array.from([...decipher.update(key.ciphertext), ...decipher.final()]);
  return checkedKey(plain, key, cryptography, place);
}

/** Not the one of Node.js, which refuses costs with a small r that widely used wallets write. */
function deriveKey(passphrase: string, salt: Uint8Array, { n, r, p }: ScryptCost): Uint8Array {
  // One unit more than the mixing takes, for what the library counts beside it.
  const maxmem = 128 * r * (n + p + 1);
  return scrypt(encodeUtf8(passphrase.normalize('NFKC')), salt, { N: n, r, p, dkLen: DERIVED_BYTES, maxmem });
}

function macOf({ keccak256 }: Cryptography, derived: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return keccak256(Uint8Array.from([...derived.subarray(16), ...ciphertext]));
}

function notOpened({ isChecked }: EncryptedKey, place: string): Error {
  const doubt = isChecked ? '' : ', or the file is damaged, which cannot be told apart because it has no checksum of its own';
  return nodeError('KEY_FILE_PASSPHRASE_WRONG', `the passphrase does not open ${place}: check it, and the layout of the keyboard${doubt}`, {
    path: place,
  });
}

function checkedKey(plain: Uint8Array, { address }: EncryptedKey, cryptography: Cryptography, place: string): PrivateKey {
  const remedy = 'restore it from a backup';
  try {
    const privateKey = privateKeyFrom(plain);
    if (address === undefined || encodeHex(keyPairOf(privateKey, cryptography).address) === address) return privateKey;
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    throw nodeError('KEY_FILE_DAMAGED', `${place} does not hold a private key: ${remedy}`, { path: place });
  }
  throw nodeError('KEY_FILE_DAMAGED', `${place} holds the key of another address than it says: ${remedy}`, { path: place });
}
