import { tableLines } from '../text/table.ts';
import type { ConfigEntry, LoadedConfig } from './load-config.ts';
import { shownValue } from './read-value.ts';

/** What stands where a secret would. */
const HIDDEN = '(set, not shown)';

/** One key of the configuration for programs. */
export type ShownEntry = { readonly key: string; readonly value: unknown; readonly origin: string; readonly place: string };

/** The effective configuration for programs; secrets are not in it. */
export function shownConfig({ home, path, entries }: LoadedConfig): {
  readonly home: string;
  readonly file: string | undefined;
  readonly values: readonly ShownEntry[];
} {
  return {
    home,
    file: path,
    values: entries.map((entry) => ({ key: entry.key.name, value: visible(entry), origin: entry.origin, place: entry.place })),
  };
}

/** The effective configuration as a table; secrets are not in it. */
export function describeConfig({ home, path, entries }: LoadedConfig): readonly string[] {
  const rows = entries.map((entry) => {
    const { unit } = entry.key;
    return [entry.key.name, entry.origin, `${shownValue(visible(entry))}${unit === '' ? '' : ` ${unit}`}`, originOf(entry)];
  });
  return [`home ${home}, ${path === undefined ? 'without a configuration file' : `file ${path}`}`, '', ...tableLines(HEAD, rows, 'left')];
}

const HEAD = ['key', 'origin', 'value', 'from'];

function originOf({ origin, place }: ConfigEntry): string {
  return origin === 'environment' || origin === 'flag' ? place : '';
}

function visible({ key, value }: ConfigEntry): unknown {
  return key.isSecret && value !== '' ? HIDDEN : value;
}
