import { closeSync, fdatasyncSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeError } from '../errors.ts';
import { openRecord, sealRecord } from './checksummed-record.ts';
import type { StoreTip } from './state-store.ts';
import { decodeTip, encodeTip } from './tip-codec.ts';

const NAME = 'anchor';
const KEY = new TextEncoder().encode(NAME);

/**
 * The last committed height in a small file of its own, so that a database which has silently lost heights is found out when it is opened.
 *
 * Written to a temporary file, synced, renamed, and the directory synced: the file is always whole and never newer than the database. All of it in
 * one go: each of eight promises would wait for its turn behind everything else a busy node does, and nothing is decided meanwhile.
 */
export function writeAnchor(directory: string, tip: StoreTip): void {
  const path = join(directory, NAME);
  const temporary = `${path}.new`;
  const record = sealRecord(KEY, encodeTip(tip));
  withFile(temporary, 'w', (file) => {
    for (let written = 0; written < record.length; ) written += writeSync(file, record, written);
    fdatasyncSync(file);
  });
  renameSync(temporary, path);
  withFile(directory, 'r', fsyncSync);
}

function withFile(path: string, flags: string, use: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    use(file);
  } finally {
    closeSync(file);
  }
}

/** The height that the anchor vouches for, or undefined when there is none yet. Errors: `STORAGE_RECORD_CORRUPT`, `STORAGE_UNAVAILABLE`. */
export async function readAnchor(directory: string): Promise<StoreTip | undefined> {
  const path = join(directory, NAME);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw nodeError('STORAGE_UNAVAILABLE', `${path} cannot be read: give this user the right to read it`, { path }, cause);
  }
  return decodeTip(openRecord(KEY, bytes, path));
}
