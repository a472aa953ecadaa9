import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { decryptKey, encryptKey, makeDirectory, nodeFileSystem, readKeyFile, writeKeyFile } from '@mutual-chain/node';
import { type Cryptography, formatAddress, type KeyPair, keyPairOf, parseAddress } from '@mutual-chain/protocol';
import { InvalidArgumentError, Option } from 'commander';
import { cliError } from '../errors.ts';
import { folderName, once } from '../option-values.ts';
import { withPath } from '../system-error.ts';

const SUFFIX = '.json';
const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

/** The option that names the folder of keys. */
export function keyFolderOption(): Option {
  return new Option(
    '--keys <dir>',
    'folder of the keys (or MUTUAL_KEYS; .mutual/keys in the home of the user unless it is said)',
  ).argParser(once(folderName));
}

/** The folder of keys that an option or the environment names, or that of this user; absolute. */
export function keyFolderOf(option: string | undefined): string {
  const named = option ?? process.env['MUTUAL_KEYS'] ?? '';
  return named.trim() === '' ? join(homedir(), '.mutual', 'keys') : resolve(named);
}

/** Reads the name of a key as an argument: it is the name of its file. */
export function keyName(text: string): string {
  if (NAME.test(text)) return text;
  throw new InvalidArgumentError('A key is named with 1 to 32 of a–z 0–9 - _, beginning with a letter or digit.');
}

/** A key of a folder without its secret. */
export type ListedKey = { readonly name: string; readonly address: string; readonly path: string };

/** The keys of a folder by name; a folder that is not there has none. Files that are no keystores are left out. */
export function listKeys(folder: string): readonly ListedKey[] {
  const names = withPath(folder, () => (existsSync(folder) ? readdirSync(folder) : []), 'read');
  return names
    .filter((name) => name.endsWith(SUFFIX) && NAME.test(name.slice(0, -SUFFIX.length)))
    .sort()
    .flatMap((file) => {
      const path = join(folder, file);
      const address = addressIn(readKeyFile(nodeFileSystem, path));
      return address === undefined ? [] : [{ name: file.slice(0, -SUFFIX.length), address, path }];
    });
}

/** Encrypts a key into a folder under a new name and returns the path of its file. Errors: `KEY_FILE_EXISTS`, `CLI_FOLDER_NOT_WRITABLE`. */
export function addKey(folder: string, name: string, keyPair: KeyPair, passphrase: string, cryptography: Cryptography): string {
  const text = encryptKey({ privateKey: keyPair.privateKey, passphrase, cryptography });
  withPath(folder, () => {
    if (existsSync(folder)) return;
    makeDirectory(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  });
  writeKeyFile(nodeFileSystem, folder, `${name}${SUFFIX}`, text);
  return join(folder, `${name}${SUFFIX}`);
}

/** Whether a folder has a key of this name. */
export function hasKey(folder: string, name: string): boolean {
  return NAME.test(name) && existsSync(join(folder, `${name}${SUFFIX}`));
}

/** The keystore of a key as it is in its file. Errors: `CLI_KEY_UNKNOWN`, those of key files. */
export function readKeystore(folder: string, name: string): string {
  if (hasKey(folder, name)) return readKeyFile(nodeFileSystem, join(folder, `${name}${SUFFIX}`));
  const known = listKeys(folder).map((key) => key.name);
  const there = known.length === 0 ? 'it has none: make one with mutual keys new' : `there are ${known.join(', ')}`;
  throw cliError('CLI_KEY_UNKNOWN', `${folder} has no key ${name}; ${there}.`, { path: folder, name });
}

/** Opens a key. Errors: `CLI_KEY_UNKNOWN`, those of key files. */
export function openKey(folder: string, name: string, passphrase: string, cryptography: Cryptography): KeyPair {
  const privateKey = decryptKey(readKeystore(folder, name), passphrase, cryptography, join(folder, `${name}${SUFFIX}`));
  return keyPairOf(privateKey, cryptography);
}

function addressIn(text: string): string | undefined {
  try {
    const { address } = JSON.parse(text) as { readonly address?: unknown };
    return typeof address === 'string' ? formatAddress(parseAddress(`0x${address.replace(/^0x/, '')}`, 'address')) : undefined;
  } catch {
    return undefined;
  }
}
