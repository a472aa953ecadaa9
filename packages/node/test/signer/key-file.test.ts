import { execFileSync } from 'node:child_process';
import { scryptSync } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referenceCryptography as cryptography, encodeHex, keyPairOf, type PrivateKey } from '@mutual-chain/protocol';
import { decryptKeystoreJson, encryptKeystoreJson, getAddress } from 'ethers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFileSystem } from '../../src/file-system/node-file-system.ts';
import { readKeyFile, writeKeyFile } from '../../src/signer/key-file.ts';
import { decryptKey, encryptKey } from '../../src/signer/keystore.ts';
import { SCRYPT_COST_MAX } from '../../src/signer/keystore-json.ts';

/*
 * Goal: a key file is what other wallets read and write, opens with its passphrase alone, and every other case has its own error. Method: the
 * vector of the Web3 Secret Storage Definition; the files of ethers; a file of our own, whole, changed in every field and flipped in every byte; files on this machine.
 */

const PRIVATE_KEY = new Uint8Array(32).fill(11) as PrivateKey;
const PASSPHRASE = 'correct horse';
/** Next to nothing, so that thousands of files can be tried. */
const cost = { n: 2, r: 1, p: 1 };
const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index * 7 + length);
const encrypted = encryptKey({ privateKey: PRIVATE_KEY, passphrase: PASSPHRASE, cryptography, cost, random });

/** The scrypt vector of the definition, as published. */
const PUBLISHED = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
    ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
    kdf: 'scrypt',
    kdfparams: { dklen: 32, n: 262144, p: 8, r: 1, salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19' },
    mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
};
const PUBLISHED_KEY = '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d';

function opened(text: string, passphrase = PASSPHRASE): unknown {
  try {
    return encodeHex(decryptKey(text, passphrase, cryptography, 'the file'));
  } catch (error) {
    return error;
  }
}

const failing = (code: string): unknown => expect.objectContaining({ code, details: expect.objectContaining({ path: 'the file' }) });

describe('the text of a key file', () => {
  test('has the fields of the definition, and a checksum', () => {
    const file = JSON.parse(encrypted) as unknown;
    expect(file).toEqual({
      version: 3,
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      address: expect.stringMatching(/^[0-9a-f]{40}$/),
      crypto: {
        cipher: 'aes-128-ctr',
        cipherparams: { iv: encodeHex(random(16)).slice(2) },
        ciphertext: expect.stringMatching(/^[0-9a-f]{64}$/),
        kdf: 'scrypt',
        kdfparams: { dklen: 32, n: 2, p: 1, r: 1, salt: encodeHex(random(32)).slice(2) },
        mac: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(encrypted).not.toContain(encodeHex(PRIVATE_KEY).slice(2));
  });

  test('differs each time', () => {
    const texts = [1, 2].map(() => encryptKey({ privateKey: PRIVATE_KEY, passphrase: PASSPHRASE, cryptography, cost }));
    expect(texts[0]).not.toBe(texts[1]);
    expect(texts.map((text) => opened(text))).toEqual([encodeHex(PRIVATE_KEY), encodeHex(PRIVATE_KEY)]);
  });

  test('is that of the definition, and costs what an attacker is meant to pay when nothing else is said', () => {
    const child = fileURLToPath(new URL('./full-cost-keys.ts', import.meta.url));
    const arguments_ = ['--conditions=mutual-source', child, 'testpassword', JSON.stringify(PUBLISHED)];
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    expect(JSON.parse(execFileSync(process.execPath, arguments_, { encoding: 'utf8', env }))).toEqual({
      opened: [PUBLISHED_KEY, `0x${'0c'.repeat(32)}`],
      kdfparams: { dklen: 32, n: 262_144, r: 8, p: 1, salt: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  const {
    checksum: _checksum,
    crypto,
    ...file
  } = JSON.parse(encrypted) as { readonly checksum: string; readonly crypto: { readonly mac: string } };
  test.each<readonly [string, object]>([
    ['without a checksum', { ...file, crypto }],
    ['without an address', { version: 3, crypto }],
    ['with the capital that some wallets write', { ...file, Crypto: crypto }],
    ['with 0x before the digits', { ...file, crypto: { ...crypto, mac: `0x${crypto.mac}` } }],
  ])('of another wallet is opened, %s', (_name, each) => {
    expect(opened(JSON.stringify(each))).toBe(encodeHex(PRIVATE_KEY));
  });
});

describe('another implementation', () => {
  const account = { address: getAddress(encodeHex(keyPairOf(PRIVATE_KEY).address)), privateKey: encodeHex(PRIVATE_KEY) };

  test('opens what this one wrote', async () => {
    expect((await decryptKeystoreJson(encrypted, PASSPHRASE)).privateKey).toBe(account.privateKey);
  });

  test('writes what this one opens', async () => {
    const text = await encryptKeystoreJson(account, PASSPHRASE, { scrypt: { N: 4, r: 8, p: 2 } });
    expect([opened(text), opened(text, 'other')]).toEqual([account.privateKey, failing('KEY_FILE_PASSPHRASE_WRONG')]);
  });
});

describe('a passphrase', () => {
  test.each([
    ['that is right', 'correct horse', encodeHex(PRIVATE_KEY)],
    ['that is another', 'correct horsf', failing('KEY_FILE_PASSPHRASE_WRONG')],
    ['that is empty', '', failing('KEY_FILE_PASSPHRASE_WRONG')],
    ['with a space more', 'correct horse ', failing('KEY_FILE_PASSPHRASE_WRONG')],
  ])('%s', (_name, passphrase, expected) => {
    expect(opened(encrypted, passphrase)).toEqual(expected);
  });

  test('is the same in each form of one character', () => {
    const text = encryptKey({ privateKey: PRIVATE_KEY, passphrase: 'caf\u00e9 \ufb01', cryptography, cost });
    expect(opened(text, 'cafe\u0301 fi')).toBe(encodeHex(PRIVATE_KEY));
  });

  test('that does not open a file without a checksum may not be to blame, and the message says so', () => {
    expect(opened(JSON.stringify({ ...(JSON.parse(encrypted) as object), checksum: undefined }), 'other')).toMatchObject({
      code: 'KEY_FILE_PASSPHRASE_WRONG',
      message: expect.stringContaining('or the file is damaged'),
    });
    expect(opened(encrypted, 'other')).toMatchObject({ message: expect.not.stringContaining('damaged') });
  });
});

describe('damage', () => {
  test('of one bit anywhere is found, or changes nothing', () => {
    const bytes = Buffer.from(encrypted);
    const outcomes = new Map<string, number>();
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [0, 3, 5]) {
        const spoiled = Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte)));
        const found = opened(spoiled.toString('latin1'));
        const outcome = found instanceof Error ? String((found as Error & { readonly code?: string }).code) : String(found);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    }
    // Harmless are white space, the id, the case of digits, and the name of the checksum, which is then not there.
    expect([...outcomes.keys()].sort()).toEqual([encodeHex(PRIVATE_KEY), 'KEY_FILE_DAMAGED', 'KEY_FILE_UNSUPPORTED'].sort());
    expect(outcomes.get('KEY_FILE_DAMAGED')).toBeGreaterThan(900);
  });

  const file = JSON.parse(encrypted) as { readonly address: string; readonly crypto: Record<string, unknown> };
  const changed = (change: object): string => JSON.stringify({ ...file, checksum: undefined, ...change });
  const cryptoChanged = (change: object): string => changed({ crypto: { ...file.crypto, ...change } });
  const costing = (n: unknown, r: unknown = 1, p: unknown = 1): string => cryptoChanged({ kdfparams: { dklen: 32, n, r, p, salt: '00' } });
  test.each<readonly [string, string, string]>([
    ['no JSON', encrypted.slice(1), 'KEY_FILE_DAMAGED'],
    ['a key as it is', encodeHex(PRIVATE_KEY), 'KEY_FILE_DAMAGED'],
    ['no object', '[]', 'KEY_FILE_DAMAGED'],
    ['an empty file', '', 'KEY_FILE_DAMAGED'],
    ['a text that is too long', `${encrypted}${' '.repeat(4096)}`, 'KEY_FILE_DAMAGED'],
    ['no crypto', changed({ crypto: null }), 'KEY_FILE_DAMAGED'],
    ['a ciphertext that is no text', cryptoChanged({ ciphertext: 5 }), 'KEY_FILE_DAMAGED'],
    ['a ciphertext that is too short', cryptoChanged({ ciphertext: '00' }), 'KEY_FILE_DAMAGED'],
    ['digits that are none', cryptoChanged({ mac: 'x'.repeat(64) }), 'KEY_FILE_DAMAGED'],
    ['the address of another key', changed({ address: '00'.repeat(20) }), 'KEY_FILE_DAMAGED'],
    ['a checksum that is wrong', changed({ checksum: '00'.repeat(32) }), 'KEY_FILE_DAMAGED'],
    ['a cost that is no number', costing('2'), 'KEY_FILE_DAMAGED'],
    ['a cost that is no power of two', costing(3), 'KEY_FILE_DAMAGED'],
    ['a cost of one', costing(1), 'KEY_FILE_DAMAGED'],
    ['no parallelism', costing(2, 1, 0), 'KEY_FILE_DAMAGED'],
    ['a cost beyond the limit', costing(SCRYPT_COST_MAX, 2), 'KEY_FILE_UNSUPPORTED'],
    ['another version', changed({ version: 4 }), 'KEY_FILE_UNSUPPORTED'],
    ['another cipher', cryptoChanged({ cipher: 'aes-256-gcm' }), 'KEY_FILE_UNSUPPORTED'],
    ['another derivation', cryptoChanged({ kdf: 'pbkdf2' }), 'KEY_FILE_UNSUPPORTED'],
    ['another length of derived key', cryptoChanged({ kdfparams: { dklen: 64 } }), 'KEY_FILE_UNSUPPORTED'],
  ])('%s', (_name, text, code) => {
    expect(opened(text)).toEqual(failing(code));
  });

  test('a key that is none is found, whatever the rest says', () => {
    const zero = encryptKey({ privateKey: PRIVATE_KEY, passphrase: PASSPHRASE, cryptography, cost });
    const { crypto } = JSON.parse(zero) as { crypto: Record<string, unknown> };
    // The stream of the cipher is the ciphertext of zeros, so this ciphertext holds the number zero under a code that is right.
    const stream = Buffer.from(String(crypto['ciphertext']), 'hex').map((byte) => byte ^ 11);
    expect(stream.length).toBe(32);
    const text = withRightCode(zero, stream);
    expect(opened(text)).toMatchObject({ code: 'KEY_FILE_DAMAGED', message: expect.stringContaining('does not hold a private key') });
  });

  test('no error tells the content of the file', () => {
    const message = (opened(encodeHex(PRIVATE_KEY)) as Error).message;
    expect(message).not.toContain('0b0b');
    expect((opened(encodeHex(PRIVATE_KEY)) as Error).cause).toBe(undefined);
  });
});

/** A file whose ciphertext is another one, with the code over it that its passphrase gives. */
function withRightCode(text: string, ciphertext: Uint8Array): string {
  const file = JSON.parse(text) as { crypto: { kdfparams: { salt: string } } & Record<string, unknown> };
  const derived = scryptSync(PASSPHRASE, Buffer.from(file.crypto.kdfparams.salt, 'hex'), 32, { N: cost.n, r: cost.r, p: cost.p });
  const mac = cryptography.keccak256(Uint8Array.from([...derived.subarray(16), ...ciphertext]));
  const crypto = { ...file.crypto, ciphertext: Buffer.from(ciphertext).toString('hex'), mac: Buffer.from(mac).toString('hex') };
  return JSON.stringify({ ...file, checksum: undefined, crypto });
}

describe('on this machine', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'keys-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  test('a key file is its owner’s alone, and read as it was written', () => {
    writeKeyFile(nodeFileSystem, directory, 'key.json', encrypted);
    expect([statSync(join(directory, 'key.json')).mode & 0o777, readKeyFile(nodeFileSystem, join(directory, 'key.json'))]).toEqual([
      0o600,
      encrypted,
    ]);
  });

  test('a key is never written over another', () => {
    writeFileSync(join(directory, 'key.json'), 'older');
    expect(() => writeKeyFile(nodeFileSystem, directory, 'key.json', encrypted)).toThrow(
      expect.objectContaining({ code: 'KEY_FILE_EXISTS' }),
    );
    expect(readFileSync(join(directory, 'key.json'), 'utf8')).toBe('older');
  });

  test.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o601])('a key file with permissions %o is refused', (mode) => {
    const path = join(directory, 'key.json');
    writeKeyFile(nodeFileSystem, directory, 'key.json', encrypted);
    chmodSync(path, mode);
    expect(() => readKeyFile(nodeFileSystem, path)).toThrow(
      expect.objectContaining({
        code: 'KEY_FILE_TOO_OPEN',
        details: { path, permissions: mode },
        message: expect.stringContaining('chmod 600'),
      }),
    );
    chmodSync(path, 0o400);
    expect(readKeyFile(nodeFileSystem, path)).toBe(encrypted);
  });

  test('a file that is no text, and one that is missing, are told', () => {
    writeFileSync(join(directory, 'key.json'), Uint8Array.of(0xff), { mode: 0o600 });
    expect(() => readKeyFile(nodeFileSystem, join(directory, 'key.json'))).toThrow(expect.objectContaining({ code: 'KEY_FILE_DAMAGED' }));
    expect(() => readKeyFile(nodeFileSystem, join(directory, 'none.json'))).toThrow(expect.objectContaining({ code: 'FILE_NOT_FOUND' }));
  });
});
