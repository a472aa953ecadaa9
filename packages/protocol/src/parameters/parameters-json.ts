import * as z from 'zod';
import type { TransactionType } from '../transaction/transaction.ts';
import { TRANSACTION_TYPES } from '../transaction/transaction-types.ts';
import { PARAMETER_TABLE, type ParameterDefinition, type ParameterName } from './parameter-table.ts';
import { DEFAULT_PARAMETERS, type Parameters, setParameter } from './parameters.ts';

/** Parameters as texts by name, as governance and genesis write them: whole numbers in decimal digits, choices as words. */
export type ParametersJson = { [name: string]: string };

const NAMES = Object.keys(PARAMETER_TABLE) as ParameterName[];
const TYPES = Object.keys(TRANSACTION_TYPES) as TransactionType[];

/** All parameters as texts, those of the table first, then the fees of single transaction types; `parametersFrom` reads them back. */
export function parametersToJson(parameters: Parameters): ParametersJson {
  const texts: ParametersJson = {};
  for (const name of NAMES) texts[name] = String(parameters[name]);
  for (const type of TYPES) {
    const override = parameters.feeOverrides.find((each) => each.type === TRANSACTION_TYPES[type].number);
    if (override !== undefined) texts[`fee.${type}`] = String(override.fee);
  }
  return texts;
}

function describe({ kind, unit, min, max, choices, reason }: ParameterDefinition): string {
  const range = kind === 'choice' ? `one of ${choices?.join(', ')}` : `${kind} from ${min} to ${max} ${unit}`;
  return `${reason} ${range}`;
}

function textShape(name: string, definition: ParameterDefinition): z.ZodType<string | undefined> {
  return z
    .string()
    .refine((value) => setParameter(DEFAULT_PARAMETERS, name, value).ok, `has to be ${describe(definition)}`)
    .describe(describe(definition))
    .optional();
}

/** Shape of parameters as texts: every name is known and every value in its range. Whether they fit together is for `findConflict` to say. */
export const parametersShape: z.ZodType<ParametersJson> = z.strictObject({
  ...Object.fromEntries(NAMES.map((name) => [name, textShape(name, PARAMETER_TABLE[name])])),
  ...Object.fromEntries(TYPES.map((type) => [`fee.${type}`, textShape(`fee.${type}`, PARAMETER_TABLE.feePerTransaction)])),
}) as unknown as z.ZodType<ParametersJson>;
