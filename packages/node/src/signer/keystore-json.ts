import { type Address, ChainError, type Cryptography, decodeHex, encodeHex, encodeUtf8 } from '@mutual-chain/protocol';
import { nodeError } from '../errors.ts';

/** Cost of scrypt: memory is 128 · n · r bytes, time grows with n · r · p; n is a power of two. */
export type ScryptCost = { readonly n: number; readonly r: number; readonly p: number };

/** Largest n · r · p that a key file may ask for: four times the default, 1 GiB and some seconds, so that a file cannot hold up the machine. */
export const SCRYPT_COST_MAX: number = 2 ** 23;

/** Longest key file, characters. */
export const KEY_FILE_CHARACTERS_MAX = 4096;

/** A private key under a passphrase. */
export type EncryptedKey = {
  readonly ciphertext: Uint8Array;
  readonly iv: Uint8Array;
  readonly cost: ScryptCost;
  readonly salt: Uint8Array;
  readonly mac: Uint8Array;
  /** 0x and lower-case hex digits; undefined when the file does not say. */
  readonly address: string | undefined;
  /** Whether a checksum was there, and right. */
  readonly isChecked: boolean;
};

/** What a new file says. */
export type NewKeystore = Omit<EncryptedKey, 'address' | 'isChecked'> & { readonly id: Uint8Array; readonly address: Address };

type Fields = Readonly<Record<string, unknown>>;

const CIPHER = 'aes-128-ctr';
const KDF = 'scrypt';
const VERSION = 3;
const DERIVED_BYTES = 32;

/** The JSON text of a new file. Beside the fields of the definition it has a checksum, so that damage is told from a wrong passphrase. */
export function formatKeystore(key: NewKeystore, cryptography: Pick<Cryptography, 'sha256'>): string {
  const { n, r, p } = key.cost;
  const crypto = {
    cipher: CIPHER,
    cipherparams: { iv: digitsOf(key.iv) },
    ciphertext: digitsOf(key.ciphertext),
    kdf: KDF,
    kdfparams: { dklen: DERIVED_BYTES, n, p, r, salt: digitsOf(key.salt) },
    mac: digitsOf(key.mac),
  };
  const address = digitsOf(key.address);
  const checksum = checksumOf(cryptography, { ...key, address: `0x${address}` });
  return `${JSON.stringify({ version: VERSION, id: uuidOf(key.id), address, crypto, checksum }, undefined, 2)}\n`;
}

/** Reads the JSON text of a key file; `place` is named in errors. Errors: `KEY_FILE_DAMAGED`, `KEY_FILE_UNSUPPORTED`. */
export function parseKeystore(text: string, cryptography: Pick<Cryptography, 'sha256'>, place: string): EncryptedKey {
  try {
    return readKeystore(text, cryptography, place);
  } catch (error) {
    // The text is never part of the message: it may be a key that somebody wrote into the file as it is.
    if (error instanceof SyntaxError) throw damaged(place, 'it is not JSON');
    if (error instanceof ChainError && error.code === 'PROTOCOL_HEX_INVALID') throw damaged(place, error.message);
    throw error;
  }
}

function readKeystore(text: string, cryptography: Pick<Cryptography, 'sha256'>, place: string): EncryptedKey {
  if (text.length > KEY_FILE_CHARACTERS_MAX) throw damaged(place, `it has more than ${KEY_FILE_CHARACTERS_MAX} characters`);
  const read = new FieldReader(place);
  const file = read.fields(JSON.parse(text), 'the file');
  if (file['version'] !== VERSION) throw unsupported(place, 'version', VERSION);
  // Some wallets write the name with a capital.
  const crypto = read.fields(file['crypto'] ?? file['Crypto'], 'crypto');
  if (read.text(crypto, 'cipher') !== CIPHER) throw unsupported(place, 'cipher', CIPHER);
  if (read.text(crypto, 'kdf') !== KDF) throw unsupported(place, 'kdf', KDF);
  const parameters = read.fields(crypto['kdfparams'], 'kdfparams');
  if (parameters['dklen'] !== DERIVED_BYTES) throw unsupported(place, 'dklen', DERIVED_BYTES);
  const key = {
    ciphertext: read.bytes(crypto, 'ciphertext', 32),
    iv: read.bytes(read.fields(crypto['cipherparams'], 'cipherparams'), 'iv', 16),
    cost: readCost(parameters, place),
    salt: read.bytes(parameters, 'salt'),
    mac: read.bytes(crypto, 'mac', 32),
    address: file['address'] === undefined ? undefined : encodeHex(read.bytes(file, 'address', 20)),
  };
  const { checksum } = file;
  if (checksum !== undefined && checksum !== checksumOf(cryptography, key)) throw damaged(place, 'its checksum is not that of its content');
  return { ...key, isChecked: checksum !== undefined };
}

/** Reads fields of a file; what is missing or of another kind is damage. */
class FieldReader {
  readonly #place: string;

  constructor(place: string) {
    this.#place = place;
  }

  fields(value: unknown, name: string): Fields {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
    throw damaged(this.#place, `${name} is no object`);
  }

  text(fields: Fields, name: string): string {
    const value = fields[name];
    if (typeof value === 'string') return value;
    throw damaged(this.#place, `${name} is no text`);
  }

  bytes(fields: Fields, name: string, lengthBytes?: number): Uint8Array {
    const digits = this.text(fields, name);
    return decodeHex(digits.startsWith('0x') ? digits : `0x${digits}`, name, lengthBytes);
  }
}

function readCost(parameters: Fields, place: string): ScryptCost {
  const { n, r, p } = parameters as Readonly<Record<'n' | 'r' | 'p', unknown>>;
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;
  if (!isCount(n) || !isCount(r) || !isCount(p)) throw damaged(place, 'n, r and p are whole numbers from 1');
  if (!Number.isInteger(Math.log2(n)) || n < 2) throw damaged(place, 'n is a power of two');
  if (n * r * p > SCRYPT_COST_MAX) throw unsupported(place, 'n · r · p', `at most ${SCRYPT_COST_MAX}`);
  return { n, r, p };
}

function checksumOf({ sha256 }: Pick<Cryptography, 'sha256'>, key: Omit<EncryptedKey, 'isChecked'>): string {
  const { n, r, p } = key.cost;
  const parts = [
    key.address ?? '',
    encodeHex(key.iv),
    encodeHex(key.ciphertext),
    `${n} ${r} ${p}`,
    encodeHex(key.salt),
    encodeHex(key.mac),
  ];
  return digitsOf(sha256(encodeUtf8(parts.join('\n'))));
}

function digitsOf(bytes: Uint8Array): string {
  return encodeHex(bytes).slice(2);
}

/** Version 4 of RFC 9562, from 16 bytes. */
function uuidOf(random: Uint8Array): string {
  const bytes = random.map((byte, index) => (index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte));
  const digits = digitsOf(bytes);
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-');
}

function damaged(place: string, what: string): Error {
  return nodeError('KEY_FILE_DAMAGED', `${place} is not a whole key file, ${what}: restore it from a backup`, { path: place });
}

function unsupported(place: string, field: string, expected: string | number): Error {
  const message = `${place} has another ${field} than this program reads: encrypt the key again with ${field} ${expected}`;
  return nodeError('KEY_FILE_UNSUPPORTED', message, { path: place, field, expected });
}
