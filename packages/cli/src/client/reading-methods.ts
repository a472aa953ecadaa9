import { isOptional, METHODS, type Method, parametersOf } from '@mutual-chain/rpc/contract';
import * as z from 'zod';
import { optionName } from './operation-fields.ts';

/** One value that a reading method takes. */
export type QueryValue = {
  /** The parameter, or the parameter of which this is a field. */
  readonly parameter: string;
  /** Field of the parameter, when that is an object. */
  readonly field: string | undefined;
  /** As an argument or option: `from-height`. */
  readonly name: string;
  readonly isRequired: boolean;
  readonly description: string;
  /** Whether the value is, or may be, a number. */
  readonly isNumber: boolean;
};

/** A method that changes nothing, as a command. */
export type ReadingMethod = { readonly method: Method; readonly name: string; readonly values: readonly QueryValue[] };

type Schema = {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
};

/** Those that take a transaction are commands of their own: `mutual tx`. */
const takesTransaction = (method: Method): boolean => parametersOf(method).some(([name]) => name.startsWith('transaction'));

/** Every method that only reads, in the order of the contract. */
export const READING_METHODS: readonly ReadingMethod[] = METHODS.filter(
  (method) => method.name.startsWith('mutual_') && !takesTransaction(method),
).map((method) => ({
  method,
  name: optionName(method.name.slice('mutual_'.length)),
  values: parametersOf(method).flatMap(([parameter, definition]) => {
    const schema = z.toJSONSchema(definition.shape, { io: 'input', unrepresentable: 'any' }) as Schema;
    const { properties } = schema;
    if (properties === undefined) {
      return [queryValue({ parameter, field: undefined, isRequired: !isOptional(definition) }, schema, definition.description)];
    }
    return Object.entries(properties).map(([field, each]) => queryValue({ parameter, field, isRequired: false }, each, ''));
  }),
}));

/** The parameters of a call from texts by the name of the value. */
export function queryParameters(
  { values }: ReadingMethod,
  texts: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, unknown>> {
  const parameters: Record<string, unknown> = {};
  for (const { parameter, field, name, isNumber } of values) {
    const text = texts[name];
    if (text === undefined) continue;
    const value = isNumber && /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : text;
    parameters[parameter] = field === undefined ? value : { ...(parameters[parameter] as object | undefined), [field]: value };
  }
  return parameters;
}

function queryValue(place: Pick<QueryValue, 'parameter' | 'field' | 'isRequired'>, schema: Schema, description: string): QueryValue {
  const kinds = [schema, ...(schema.anyOf ?? [])];
  const choices = schema.enum === undefined ? '' : `: ${schema.enum.join(', ')}`;
  return {
    ...place,
    name: optionName(place.field ?? place.parameter),
    description: `${schema.description ?? description}${choices}`,
    isNumber: kinds.some(({ type }) => type === 'integer' || type === 'number'),
  };
}
