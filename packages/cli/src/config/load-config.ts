import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { cliError } from '../errors.ts';
import { isOpenToOthers, readConfigFile } from './config-file.ts';
import { CONFIG_KEYS, type ConfigKey, findConfigKey } from './config-keys.ts';
import { configTables } from './config-tables.ts';
import { findConflicts } from './conflicts.ts';
import { nearestName } from './nearest-name.ts';
import type { NodeConfig } from './node-config.ts';
import { problemOfValue, readWrittenValue, type WrittenValue } from './read-value.ts';
import { CONFIG_SHAPES, configSchema } from './schema.ts';

/** Where a value comes from; what stands further down wins. */
export type ValueOrigin = 'default' | 'file' | 'environment' | 'flag';

/** The effective value of a key. */
export type ConfigEntry = {
  readonly key: ConfigKey;
  /** A path is absolute. */
  readonly value: unknown;
  readonly origin: ValueOrigin;
  /** The file, variable or option it stands in; empty for a default. */
  readonly place: string;
};

/** A configuration that holds, with the origin of every value. */
export type LoadedConfig = {
  /** Folder of the node, absolute. */
  readonly home: string;
  /** The configuration file, or undefined when the home has none. */
  readonly path: string | undefined;
  readonly config: NodeConfig;
  /** In the order of the reference. */
  readonly entries: readonly ConfigEntry[];
};

/** From what a configuration is put together. */
export type ConfigSources = {
  /** Folder of the node, in which `config.toml` may stand. */
  readonly home: string;
  /** Variables; those that begin with `MUTUAL_` count. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Options by the name of the key: `{ 'rpc.port': '8545' }`. */
  readonly flags?: Readonly<Record<string, WrittenValue>>;
};

const VARIABLE_PREFIX = 'MUTUAL_';

/** Variables that other parts of the command line read. */
const OTHER_VARIABLES: readonly string[] = ['MUTUAL_HOME', 'MUTUAL_KEYS', 'MUTUAL_KEY_PASSWORD', 'MUTUAL_RPC_URL'];

/**
 * Puts the configuration of a node together: defaults, then the file, then the environment, then the options.
 *
 * Errors: `CLI_CONFIG_INVALID` with every problem in `details.problems`, `CLI_CONFIG_TOO_OPEN` when a secret stands in a file that others can
 * read, `CLI_FILE_MISSING` without a home.
 */
export function loadConfig({ home, environment, flags = {} }: ConfigSources): LoadedConfig {
  const absoluteHome = resolve(home);
  if (statSync(absoluteHome, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const message = `${absoluteHome} is no folder of a node. Name one with --home DIR, or make it with mutual init.`;
    throw cliError('CLI_FILE_MISSING', message, { path: absoluteHome });
  }
  const file = readConfigFile(absoluteHome);
  const written = new Map<string, Omit<ConfigEntry, 'key'>>();
  const problems = [
    ...(file === undefined ? [] : addFile(written, file.path, file.tables)),
    ...addEnvironment(written, environment),
    ...addFlags(written, flags),
  ];
  const entries = CONFIG_KEYS.map((key) => entryOf(key, written.get(key.name), absoluteHome));
  for (const { key, value, origin, place } of entries) {
    const problem = origin === 'default' ? undefined : problemOfValue(key, value);
    if (problem !== undefined) problems.push(`${key.name} in ${place} ${problem}`);
  }
  if (problems.length > 0) throw invalid(problems);

  const config = configSchema.parse(configTables(entries));
  const conflicts = findConflicts(config);
  if (conflicts.length > 0) throw invalid(conflicts);
  const exposed = entries.find(({ key, origin, value }) => key.isSecret && origin === 'file' && value !== '');
  if (file !== undefined && exposed !== undefined && isOpenToOthers(file)) {
    const message = `${file.path} holds the secret ${exposed.key.name} and has permissions ${file.permissions.toString(8)}, so that others can read it: run chmod 600 on it, and think about a new secret.`;
    throw cliError('CLI_CONFIG_TOO_OPEN', message, { path: file.path, permissions: file.permissions });
  }
  return { home: absoluteHome, path: file?.path, config, entries };
}

function addFile(
  written: Map<string, Omit<ConfigEntry, 'key'>>,
  path: string,
  tables: Readonly<Record<string, unknown>>,
): readonly string[] {
  const groups = Object.keys(CONFIG_SHAPES);
  return Object.entries(tables).flatMap(([group, table]) => {
    if (!groups.includes(group)) return [unknownGroup(group, groups, path)];
    if (typeof table !== 'object' || table === null || Array.isArray(table)) return [`${group} in ${path} has to be a table: [${group}]`];
    return Object.entries(table).flatMap(([field, value]) => {
      const name = `${group}.${field}`;
      if (findConfigKey(name) === undefined) return [unknownKey(name, path)];
      written.set(name, { value, origin: 'file', place: path });
      return [];
    });
  });
}

function addEnvironment(written: Map<string, Omit<ConfigEntry, 'key'>>, environment: ConfigSources['environment']): readonly string[] {
  const variables = CONFIG_KEYS.map(({ variable }) => variable);
  return Object.entries(environment)
    .filter(([variable]) => variable.startsWith(VARIABLE_PREFIX) && !OTHER_VARIABLES.includes(variable))
    .flatMap(([variable, text]) => {
      const key = CONFIG_KEYS.find((each) => each.variable === variable);
      if (key === undefined) return [`${variable} in the environment is no key${meant(nearestName(variable, variables))}`];
      if (text !== undefined) written.set(key.name, { value: readWrittenValue(key, text), origin: 'environment', place: variable });
      return [];
    });
}

function addFlags(written: Map<string, Omit<ConfigEntry, 'key'>>, flags: NonNullable<ConfigSources['flags']>): readonly string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const key = findConfigKey(name);
    if (key === undefined) return [unknownKey(name, 'the options')];
    if (key.flag === undefined) return [`${name} is a secret and has no option: set ${key.variable}`];
    written.set(name, { value: readWrittenValue(key, value), origin: 'flag', place: key.flag });
    return [];
  });
}

function entryOf(key: ConfigKey, written: Omit<ConfigEntry, 'key'> | undefined, home: string): ConfigEntry {
  const { value, origin, place } = written ?? { value: key.default, origin: 'default', place: '' };
  const isRelative = key.isPath && typeof value === 'string' && value !== '';
  return { key, value: isRelative ? resolve(home, value) : value, origin, place };
}

function unknownGroup(group: string, groups: readonly string[], path: string): string {
  const nearest = nearestName(group, groups);
  const homeless = CONFIG_KEYS.find(({ field }) => field === group);
  return `${group} in ${path} is no key${meant(nearest === undefined ? homeless?.name : `[${nearest}]`)}`;
}

function unknownKey(name: string, place: string): string {
  const [group = '', field = ''] = name.split('.');
  const fields = CONFIG_KEYS.filter((key) => key.group === group).map((key) => key.field);
  const here = nearestName(field, fields);
  const nearest =
    here === undefined
      ? nearestName(
          name,
          CONFIG_KEYS.map((key) => key.name),
        )
      : `${group}.${here}`;
  const elsewhere = CONFIG_KEYS.find((key) => key.field === field)?.name;
  return `${name} in ${place} is no key${meant(nearest ?? elsewhere)}`;
}

function meant(nearest: string | undefined): string {
  return nearest === undefined ? '; mutual config show lists them all' : `; ${nearest} may be meant`;
}

function invalid(problems: readonly string[]): Error {
  const rest = problems.length === 1 ? '' : ` (and ${problems.length - 1} more: mutual config validate lists them all)`;
  return cliError('CLI_CONFIG_INVALID', `${problems[0]}.${rest}`, { problems });
}
