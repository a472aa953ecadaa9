import { open, readFile, rename } from 'node:fs/promises';
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
 * Written to a temporary file, synced, renamed, and the directory synced: the file is always whole and never newer than the database.
 */
export async function writeAnchor(directory: string, tip: StoreTip): Promise<void> {
  const path = join(directory, NAME);
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(sealRecord(KEY, encodeTip(tip)));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
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
