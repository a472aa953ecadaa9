import { existsSync, readdirSync } from 'node:fs';
import { cliError } from '../errors.ts';
import { withPath } from '../system-error.ts';

/** Names of the files that a database writes into its folder. */
export const DATABASE_FILE: RegExp = /^(CURRENT|LOCK|LOG|LOG\.old|MANIFEST-\d+|\d+\.(ldb|log|sst|dbtmp)|anchor|anchor\.new)$/;

/** What LevelDB may leave of a database that it had only begun to make. */
const BEGUN = /^(LOCK|LOG|LOG\.old|MANIFEST-\d+|\d+\.dbtmp)$/;

/**
 * Refuses a folder that is neither empty nor a database of this program. LevelDB would open it all the same, and delete what has a name
 * like its own files.
 *
 * Errors: `CLI_FOLDER_FOREIGN` naming the first file that does not belong there, `CLI_FOLDER_NOT_WRITABLE`.
 */
export function refuseForeignDatabase(path: string): void {
  const names = withPath(path, () => (existsSync(path) ? readdirSync(path).sort() : []));
  // Every database of this program has an anchor since its first commit; other LevelDB databases have none.
  const isOwn = names.includes('CURRENT') && names.includes('anchor');
  const foreign = names.find((name) => !(isOwn ? DATABASE_FILE : BEGUN).test(name));
  if (foreign === undefined) return;
  const message = `${path} holds ${foreign}, which no replay wrote. Nothing was touched. Name an empty folder with --home DIR, or one that a replay made.`;
  throw cliError('CLI_FOLDER_FOREIGN', message, { path, name: foreign });
}
