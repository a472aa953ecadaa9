import { resolve } from 'node:path';
import { Option } from 'commander';
import { cliError } from './errors.ts';
import { folderName, once } from './option-values.ts';

/** The option that names the folder of a node. */
export function homeOption(): Option {
  return new Option('--home <dir>', 'folder of the node (or MUTUAL_HOME)').argParser(once(folderName));
}

/** The folder of the node that an option or the environment names, absolute. Errors: `CLI_HOME_MISSING`. */
export function homeOf(option: string | undefined): string {
  const named = option ?? process.env['MUTUAL_HOME'] ?? '';
  if (named.trim() !== '') return resolve(named);
  throw cliError('CLI_HOME_MISSING', 'No folder of a node is named. Give --home DIR, or set MUTUAL_HOME.');
}
