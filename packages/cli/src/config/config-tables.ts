import type { ConfigKey } from './config-keys.ts';

/** Values by group and field, as they stand in the tables of a configuration file. */
export function configTables(
  values: readonly { readonly key: ConfigKey; readonly value: unknown }[],
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const tables: Record<string, Record<string, unknown>> = {};
  for (const { key, value } of values) {
    const table = tables[key.group] ?? {};
    table[key.field] = value;
    tables[key.group] = table;
  }
  return tables;
}
