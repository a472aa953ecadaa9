import * as z from 'zod';
import { CONFIG_GROUP_TITLES, CONFIG_SHAPES, type ConfigGroup, type KeyNotes } from './schema.ts';

/** How the value of a key is written. */
export type ValueKind = 'text' | 'whole number' | 'true or false' | 'list of texts';

/** A key of the configuration with all that there is to say about it. */
export type ConfigKey = {
  /** Group and name: `rpc.port`. */
  readonly name: string;
  readonly group: ConfigGroup;
  readonly field: string;
  readonly kind: ValueKind;
  readonly default: unknown;
  readonly description: string;
  /** Empty where there is none. */
  readonly unit: string;
  /** What is allowed, in words. */
  readonly range: string;
  readonly isPath: boolean;
  readonly isSecret: boolean;
  /** Variable of the environment: `MUTUAL_RPC_PORT`. */
  readonly variable: string;
  /** Option of the command line: `--rpc-port`; undefined for a secret. */
  readonly flag: string | undefined;
  /** Whether a value of the right type is one that is allowed. */
  readonly isAllowed: (value: unknown) => boolean;
};

/** The part of a JSON schema that the keys use. */
type Schema = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
};

const KINDS: Readonly<Record<string, ValueKind>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  array: 'list of texts',
};

/** Every key, in the order of the reference. */
export const CONFIG_KEYS: readonly ConfigKey[] = (Object.keys(CONFIG_GROUP_TITLES) as ConfigGroup[]).flatMap((group) =>
  Object.entries(CONFIG_SHAPES[group]).map(([field, shape]) => keyOf(group, field, shape)),
);

/** The key of a name; undefined when there is none. */
export function findConfigKey(name: string): ConfigKey | undefined {
  return CONFIG_KEYS.find((key) => key.name === name);
}

function keyOf(group: ConfigGroup, field: string, shape: z.ZodType): ConfigKey {
  const notes = shape.meta() as KeyNotes;
  const schema = z.toJSONSchema(shape, { io: 'input' }) as Schema;
  const words = [group, ...field.split(/(?=[A-Z])/).map((word) => word.toLowerCase())];
  const { isPath = false, isSecret = false } = notes;
  return {
    name: `${group}.${field}`,
    group,
    field,
    kind: KINDS[schema.type ?? ''] ?? 'text',
    default: shape.parse(undefined),
    description: notes.description,
    unit: notes.unit ?? '',
    range: notes.range ?? rangeOf(schema, isPath),
    isPath,
    isSecret,
    variable: ['mutual', ...words].join('_').toUpperCase(),
    flag: isSecret ? undefined : `--${words.join('-')}`,
    isAllowed: (value) => shape.safeParse(value).success,
  };
}

function rangeOf(schema: Schema, isPath: boolean): string {
  if (schema.enum !== undefined) return schema.enum.join(', ');
  if (schema.minimum !== undefined) return `${schema.minimum} to ${schema.maximum}`;
  if (isPath) return `a path, relative to the home of the node${schema.minLength === undefined ? ', or empty' : ''}`;
  return schema.type === 'boolean' ? 'true, false' : 'any text';
}
