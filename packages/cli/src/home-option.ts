import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { cliError } from './errors.ts';
import { readOnce } from './read-once.ts';

/** The option that names the folder of a node. */
export function homeOption(): Option {
  return new Option('--home <dir>', 'folder of the node (or MUTUAL_HOME)').argParser(readFolder);
}

/** Reads the name of a folder that was given as an option, once and not empty: an empty one would be the current folder. */
export function readFolder(text: string, before: unknown): string {
  if (text.trim() === '') throw new InvalidArgumentError('It has to name a folder; for the current one write a dot.');
  return readOnce(text, before);
}

/** The folder of the node that an option or the environment names, absolute. Errors: `CLI_HOME_MISSING`. */
export function homeOf(option: string | undefined): string {
  const named = option ?? process.env['MUTUAL_HOME'] ?? '';
  if (named.trim() !== '') return resolve(named);
  throw cliError('CLI_HOME_MISSING', 'No folder of a node is named. Give --home DIR, or set MUTUAL_HOME.');
}
