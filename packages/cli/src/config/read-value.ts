import type { ConfigKey, ValueKind } from './config-keys.ts';

/** A value as it stands in a variable or behind an option; a list also as many texts. */
export type WrittenValue = string | readonly string[];

const IS_KIND: Readonly<Record<ValueKind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  'whole number': (value) => Number.isSafeInteger(value),
  'true or false': (value) => typeof value === 'boolean',
  'list of texts': (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};

/** Turns what stands in a variable or behind an option into a value of the kind of its key; what is no such value stays text. */
export function readWrittenValue({ kind }: ConfigKey, written: WrittenValue): unknown {
  if (kind === 'list of texts') return typeof written === 'string' ? itemsOf(written) : written.flatMap(itemsOf);
  const text = typeof written === 'string' ? written : written.join(',');
  if (kind === 'whole number') return /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : text;
  if (kind === 'true or false') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

/** What is wrong with a value, in words with the remedy; undefined when it is allowed. A secret is never part of it. */
export function problemOfValue(key: ConfigKey, value: unknown): string | undefined {
  if (key.isAllowed(value)) return undefined;
  const shown = key.isSecret ? '' : `, not ${shownValue(value)}`;
  if (!IS_KIND[key.kind](value)) return `has to be ${key.kind === 'true or false' ? '' : 'a '}${key.kind}${shown}`;
  return `has to be ${key.range}${shown}`;
}

/** A value as people write it. */
export function shownValue(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** Commas separate the items; none of the values that are lists has one. */
function itemsOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
