import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from '../chain/database-folder.ts';
import { WALLET_FILES } from './story-files.ts';

/** What a run leaves in its folder. */
export const RUN_ENTRIES = ['wallet', 'chain', 'replay', 'blocks.bin'] as const;

/** Folder below that of the demonstration in which a run writes until it is published. */
export const NEXT_RUN = 'next';

/** Folders of a run, and the files that may be in them. */
const FOLDERS: ReadonlyMap<string, (file: string) => boolean> = new Map([
  ['wallet', (file) => WALLET_FILES.includes(file)],
  ['chain', (file) => DATABASE_FILE.test(file)],
  ['replay', (file) => DATABASE_FILE.test(file)],
]);

/** The first thing in the folder of a demonstration that none wrote, as a path below it. `files`: names of files besides those of a run. */
export function strangerIn(home: string, files: readonly string[]): string | undefined {
  return strangerInRun(home, [...files, NEXT_RUN]) ?? strangerInNext(home);
}

function strangerInNext(home: string): string | undefined {
  const next = readdirSync(home, { withFileTypes: true }).find(({ name }) => name === NEXT_RUN);
  if (next === undefined) return undefined;
  if (!next.isDirectory()) return NEXT_RUN;
  const stranger = strangerInRun(join(home, NEXT_RUN), []);
  return stranger === undefined ? undefined : join(NEXT_RUN, stranger);
}

function strangerInRun(folder: string, others: readonly string[]): string | undefined {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    const isKnown = FOLDERS.get(name);
    if (isKnown !== undefined && entry.isDirectory()) {
      const stranger = readdirSync(join(folder, name), { withFileTypes: true }).find((file) => !file.isFile() || !isKnown(file.name));
      if (stranger !== undefined) return join(name, stranger.name);
    } else if (name !== 'blocks.bin' && !others.includes(name)) return name;
  }
  return undefined;
}
