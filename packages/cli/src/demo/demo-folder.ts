import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '@mutual-chain/node';
import { cliError } from '../errors.ts';
import { withPath } from '../system-error.ts';
import { LOCK_NAME, lockFolder } from './folder-lock.ts';

/** Says that a folder is the demonstration's own, so that the next run may replace it. */
const MARKER = 'mutual-demo.txt';

const MARKER_TEXT = 'Written by `mutual demo`. The next run replaces this folder; it may be deleted at any time.\n';

/** Where things are in the folder of a demonstration. */
export type DemoFolder = {
  readonly wallet: string;
  readonly chain: string;
  readonly replay: string;
  readonly blocks: string;
  /** Lets the next run in. */
  readonly release: () => void;
};

/**
 * Makes a folder empty and takes it for one run. What a former run left is deleted; a folder with anything else in it is left alone.
 *
 * Errors: `CLI_FOLDER_FOREIGN`, `CLI_FOLDER_LOCKED`, `CLI_FOLDER_NOT_WRITABLE`, `CLI_DISK_FULL`.
 */
export function takeDemoFolder(path: string): DemoFolder {
  const release = withPath(path, () => {
    makeDirectory(path);
    if (readdirSync(path).length > 0 && !existsSync(join(path, MARKER))) {
      const message = `${path} holds something that no demonstration wrote. Name another folder with --home DIR, or empty this one.`;
      throw cliError('CLI_FOLDER_FOREIGN', message, { path });
    }
    writeFileSync(join(path, MARKER), MARKER_TEXT);
    const unlock = lockFolder(path);
    for (const name of readdirSync(path)) {
      if (name !== MARKER && name !== LOCK_NAME) rmSync(join(path, name), { recursive: true, force: true });
    }
    return unlock;
  });
  return {
    wallet: join(path, 'wallet'),
    chain: join(path, 'chain'),
    replay: join(path, 'replay'),
    blocks: join(path, 'blocks.bin'),
    release,
  };
}
