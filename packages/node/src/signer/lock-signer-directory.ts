import { existsSync } from 'node:fs';
import { ClassicLevel } from 'classic-level';
import { nodeError } from '../errors.ts';

/** Folder of the lock, in the directory of what was signed last. It moves with it, and may be missing. */
const LOCK_FOLDER = 'lock';

/**
 * Keeps the directory of what a key signed last for this process alone until the result is called, or the process ends, however it ends: two processes that remember
 * in memory what the other one changes on the disk would sign twice.
 *
 * The lock is that of an empty database, because Node.js has no locks of files, and a file with a process id lies after a loss of power. A directory that does not exist is nobody's:
 * whoever reads it says so. Errors: `SIGNER_STATE_IN_USE`, `STORAGE_UNAVAILABLE`.
 */
export async function lockSignerDirectory(directory: string): Promise<() => Promise<void>> {
  if (!existsSync(directory)) return async () => undefined;
  const lock = new ClassicLevel(`${directory}/${LOCK_FOLDER}`);
  try {
    await lock.open();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const { code = '', message = '' } = cause as NodeJS.ErrnoException;
    if (code === 'LEVEL_LOCKED') {
      const remedy = 'stop that node first; each validator has a key and a directory of its own';
      throw nodeError(
        'SIGNER_STATE_IN_USE',
        `another process signs with the record in ${directory}: ${remedy}`,
        { path: directory },
        error,
      );
    }
    const remedy = 'check its rights and the free space';
    throw nodeError(
      'STORAGE_UNAVAILABLE',
      `${directory}/${LOCK_FOLDER} cannot be used (${message}): ${remedy}`,
      { path: directory },
      error,
    );
  }
  return () => lock.close();
}
