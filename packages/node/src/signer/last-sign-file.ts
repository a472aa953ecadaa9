import { equalBytes } from '@mutual-chain/protocol';
import { nodeError } from '../errors.ts';
import { makeDurableDirectory, readFileIfThere, replaceFile } from '../file-system/durable-files.ts';
import type { FileSystem } from '../file-system/file-system.ts';
import { decodeLastSign, encodeLastSign, type SignerIdentity } from './last-sign-record.ts';
import { compareSignPlaces, type LastSign } from './sign-guard.ts';

/** Name of the file that says what a key signed last. */
export const LAST_SIGN_FILE = 'last-sign';

/** Where the file of a key is, and whose it is. */
export type LastSignFileOptions = SignerIdentity & {
  readonly fileSystem: FileSystem;
  /** Directory of the file; its parent exists. */
  readonly directory: string;
};

const pathOf = ({ directory }: LastSignFileOptions): string => `${directory}/${LAST_SIGN_FILE}`;

/**
 * Says of a key that it has signed nothing. Only for a key that was never used on the chain: one that was would sign twice.
 * Errors: `SIGNER_STATE_EXISTS`, those of the file system.
 */
export function createLastSignFile(options: LastSignFileOptions): void {
  makeDurableDirectory(options.fileSystem, options.directory);
  if (readFileIfThere(options.fileSystem, pathOf(options)) !== undefined) {
    const path = pathOf(options);
    throw nodeError('SIGNER_STATE_EXISTS', `${path} is there already: leave it as it is, the key has been in use`, { path });
  }
  writeLastSign(options, undefined);
}

/**
 * What the key signed last; undefined when it has signed nothing.
 * Errors: `SIGNER_STATE_MISSING`, `SIGNER_STATE_DAMAGED`, `SIGNER_STATE_FOREIGN`, those of the file system.
 */
export function readLastSign(options: LastSignFileOptions): LastSign | undefined {
  const path = pathOf(options);
  const bytes = readFileIfThere(options.fileSystem, path);
  if (bytes !== undefined) return decodeLastSign(options, bytes, path);
  const remedy = 'restore the copy that was exported with the key; only for a key that has never been used, begin with an empty one';
  throw nodeError('SIGNER_STATE_MISSING', `${path} is missing: ${remedy}`, { path });
}

/**
 * Makes sure that what `readLastSign` read is durable: a process that was killed while it wrote may have left it in the memory of the system alone.
 * Errors: those of the file system.
 */
export function makeLastSignDurable(options: LastSignFileOptions): void {
  const file = options.fileSystem.open(pathOf(options), 'update');
  try {
    file.sync();
  } finally {
    file.close();
  }
  options.fileSystem.syncDirectory(options.directory);
}

/** Makes durable what was signed last. Errors: those of the file system, after which one cannot know which of the two is there. */
export function writeLastSign(options: LastSignFileOptions, last: LastSign | undefined): void {
  replaceFile(options.fileSystem, options.directory, LAST_SIGN_FILE, encodeLastSign(options, last)).close();
}

/** The record of what was signed last, for taking along with the key. Errors: those of `readLastSign`. */
export function exportLastSign(options: LastSignFileOptions): Uint8Array {
  return encodeLastSign(options, readLastSign(options));
}

/**
 * Takes over the record that came with a key. Never goes back: what is known here to be signed stays signed.
 * Errors: `SIGNER_STATE_LOWER`, `SIGNER_STATE_DAMAGED`, `SIGNER_STATE_FOREIGN`, those of the file system.
 */
export function importLastSign(options: LastSignFileOptions, record: Uint8Array): void {
  const { fileSystem, directory } = options;
  const path = pathOf(options);
  const imported = decodeLastSign(options, record, 'the imported record');
  makeDurableDirectory(fileSystem, directory);
  const here = readFileIfThere(fileSystem, path);
  const known = here === undefined ? undefined : decodeLastSign(options, here, path);
  if (known !== undefined && !follows(imported, known)) {
    const message = `what is imported is not above what ${path} says was signed last: leave it as it is`;
    throw nodeError('SIGNER_STATE_LOWER', message, { path, known: known.request, imported: imported?.request });
  }
  writeLastSign(options, imported);
}

function follows(imported: LastSign | undefined, known: LastSign): boolean {
  if (imported === undefined) return false;
  const order = compareSignPlaces(imported.request, known.request);
  return order > 0 || (order === 0 && equalBytes(imported.digest, known.digest));
}
