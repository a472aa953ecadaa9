import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '@mutual-chain/node';
import { cliError } from '../errors.ts';
import { withPath } from '../system-error.ts';
import { LOCK_NAME, lockFolder } from './folder-lock.ts';
import { NEXT_RUN, RUN_ENTRIES, strangerIn } from './own-entries.ts';

/** Says that a folder is the demonstration's own, so that the next run may replace what the last one wrote. */
const MARKER = 'mutual-demo.txt';

const MARKER_TEXT = 'Written by `mutual demo`. The next run replaces this folder; it may be deleted at any time.\n';

/** Where the files of one run are. */
export type RunPaths = { readonly wallet: string; readonly chain: string; readonly replay: string; readonly blocks: string };

/** The folder of a demonstration, taken for one run. */
export type DemoFolder = {
  /** Where the run writes. */
  readonly run: RunPaths;
  /** Where its files are once it is published. */
  readonly published: RunPaths;
  /** Puts the run, whose databases are closed, in the place of the former one. */
  readonly publish: () => void;
  /** Deletes a run that was not published, and lets the next one in. */
  readonly release: () => void;
};

/**
 * Takes a folder for one run, which is written beside the former one and replaces it only when it is published.
 *
 * Deletes what a run that did not end has left. A folder with anything in it that no demonstration wrote is left alone.
 *
 * Errors: `CLI_FOLDER_FOREIGN`, `CLI_FOLDER_LOCKED`, `CLI_FOLDER_NOT_WRITABLE`, `CLI_DISK_FULL`.
 */
export function takeDemoFolder(home: string): DemoFolder {
  const next = join(home, NEXT_RUN);
  const unlock = withPath(home, () => {
    makeDirectory(home);
    refuseForeign(home);
    writeFileSync(join(home, MARKER), MARKER_TEXT);
    return lockFolder(home);
  });
  withPath(home, () => {
    rmSync(next, { recursive: true, force: true });
    makeDirectory(next);
  });
  return {
    run: pathsIn(next),
    published: pathsIn(home),
    publish: () => {
      withPath(home, () => {
        for (const name of RUN_ENTRIES) {
          rmSync(join(home, name), { recursive: true, force: true });
          if (existsSync(join(next, name))) renameSync(join(next, name), join(home, name));
        }
      });
    },
    release: () => {
      rmSync(next, { recursive: true, force: true });
      unlock();
    },
  };
}

function pathsIn(folder: string): RunPaths {
  return {
    wallet: join(folder, 'wallet'),
    chain: join(folder, 'chain'),
    replay: join(folder, 'replay'),
    blocks: join(folder, 'blocks.bin'),
  };
}

function refuseForeign(home: string): void {
  const isOwn = existsSync(join(home, MARKER));
  const stranger = isOwn ? strangerIn(home, [MARKER, LOCK_NAME]) : readdirSync(home).sort().at(0);
  if (stranger === undefined) return;
  const remedy = 'Move it away, or name another folder with --home DIR (npm start -- --home DIR).';
  throw cliError('CLI_FOLDER_FOREIGN', `${home} holds ${stranger}, which no demonstration wrote. Nothing was touched. ${remedy}`, {
    path: home,
    name: stranger,
  });
}
