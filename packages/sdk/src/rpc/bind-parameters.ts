import { type Method, parametersOf } from '@mutual-chain/rpc/contract';
import { SdkError } from '../errors.ts';
import { toJson } from './to-json.ts';

/**
 * Parameters of a call by name, as JSON, held against the shapes of the contract so that a mistake costs no round trip.
 *
 * Errors: `SDK_PARAMETERS_INVALID`, naming the field.
 */
export function bindParameters(method: Method, given: object): Readonly<Record<string, unknown>> {
  const json = toJson(given) as Readonly<Record<string, unknown>>;
  const definitions = parametersOf(method);
  for (const name of Object.keys(json)) {
    if (!definitions.some(([each]) => each === name)) throw invalid(name, 'is not a parameter of this method');
  }
  for (const [name, { shape }] of definitions) {
    const result = shape.safeParse(json[name]);
    if (result.success) continue;
    const issue = result.error.issues[0];
    throw invalid([name, ...(issue?.path ?? [])].map(String).join('.'), issue?.message ?? 'is invalid');
  }
  return json;
}

function invalid(field: string, reason: string): SdkError {
  return new SdkError('SDK_PARAMETERS_INVALID', `${field}: ${reason}`, { field, reason });
}
