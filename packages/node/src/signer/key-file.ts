import { decodeUtf8, encodeUtf8 } from '@mutual-chain/protocol';
import { nodeError } from '../errors.ts';
import { readFileIfThere, replaceFile } from '../file-system/durable-files.ts';
import type { FileSystem } from '../file-system/file-system.ts';
import { KEY_FILE_CHARACTERS_MAX } from './keystore-json.ts';

/** Rights of anybody but the owner. */
const OTHERS = 0o077;

/**
 * Writes an encrypted key to a file of its owner alone, whole or not at all; never over another one.
 * Errors: `KEY_FILE_EXISTS`, those of the file system.
 */
export function writeKeyFile(fileSystem: FileSystem, directory: string, name: string, text: string): void {
  const path = `${directory}/${name}`;
  if (readFileIfThere(fileSystem, path) !== undefined) {
    throw nodeError('KEY_FILE_EXISTS', `${path} is there already: name another file, a key is never written over`, { path });
  }
  replaceFile(fileSystem, directory, name, encodeUtf8(text)).close();
}

/** The text of a key file that only its owner can read. Errors: `KEY_FILE_TOO_OPEN`, `KEY_FILE_DAMAGED`, those of the file system. */
export function readKeyFile(fileSystem: FileSystem, path: string): string {
  const file = fileSystem.open(path, 'read');
  try {
    const permissions = file.permissions();
    if ((permissions & OTHERS) !== 0) {
      const message = `${path} has permissions ${permissions.toString(8)}, so that others than its owner can use it: run chmod 600 on it, and think about a new key`;
      throw nodeError('KEY_FILE_TOO_OPEN', message, { path, permissions });
    }
    return textOf(file.read(0, KEY_FILE_CHARACTERS_MAX + 1), path);
  } finally {
    file.close();
  }
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw nodeError('KEY_FILE_DAMAGED', `${path} is not a whole key file, it is no text: restore it from a backup`, { path });
  }
}
