import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliError } from '../errors.ts';
import { withPath } from '../system-error.ts';

/** Name of the file that says which process works in a folder. */
export const LOCK_NAME = 'running.pid';

/**
 * Marks a folder as this process's own until the returned function is called. A mark left by a process that is gone is replaced.
 *
 * Errors: `CLI_FOLDER_LOCKED` while another process holds it; `CLI_FOLDER_NOT_WRITABLE`, `CLI_DISK_FULL`.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK_NAME);
  const own = String(process.pid);
  withPath(path, () => {
    if (!tryCreate(path, own)) {
      const holder = Number(readFileSync(path, 'utf8'));
      if (holder !== process.pid && isRunning(holder)) {
        const message = `${folder} is in use by process ${holder}. Wait until it ends, or name another folder with --home DIR. If that process is something else, delete ${path}.`;
        throw cliError('CLI_FOLDER_LOCKED', message, { path, process: holder });
      }
      writeFileSync(path, own);
    }
  });
  return () => {
    rmSync(path, { force: true });
  };
}

function tryCreate(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether a process of this machine has that id now; false for what is no id. */
export function isRunning(processId: number): boolean {
  if (!Number.isSafeInteger(processId) || processId <= 0) return false;
  try {
    // Signal 0 asks whether the process exists and does nothing to it.
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
