import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { cliError } from '../errors.ts';
import { readText } from '../read-text.ts';

/** Name of the configuration file in the home of a node. */
export const CONFIG_FILE = 'config.toml';

/** Rights of anybody but the owner. */
const OTHERS = 0o077;

/** A configuration file as it was read; nothing of it is checked but that it is TOML. */
export type ConfigFile = {
  readonly path: string;
  readonly tables: Readonly<Record<string, unknown>>;
  /** Permission bits. */
  readonly permissions: number;
};

/**
 * Reads the configuration file of a home, or undefined when it has none. Errors: `CLI_CONFIG_INVALID` naming line and column, those of reading
 * a file.
 */
export function readConfigFile(home: string): ConfigFile | undefined {
  const path = join(home, CONFIG_FILE);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return { path, tables: parsed(readText(path), path), permissions: stats.mode & 0o777 };
}

/** Whether others than the owner of a file have rights to it. */
export function isOpenToOthers({ permissions }: ConfigFile): boolean {
  return (permissions & OTHERS) !== 0;
}

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text, { unsafeKeyBehaviour: 'throw', maxDepth: 8 });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The rest of the message shows the lines around, and one of them may be a secret.
    const [what = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    const message = `${path}, line ${error.line}, column ${error.column}: ${what}. Correct the line; docs/reference/config.md has an example of every key.`;
    throw cliError('CLI_CONFIG_INVALID', message, { path, line: error.line, column: error.column });
  }
}
