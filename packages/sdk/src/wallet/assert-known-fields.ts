import { COMMON_FIELDS, TRANSACTION_TYPES } from '@mutual-chain/protocol';
import { SdkError } from '../errors.ts';
import type { Operation, SendOptions } from './operation.ts';

const PARTS: Readonly<Record<keyof Operation, true>> = { type: true, fields: true };
const OPTIONS: Readonly<Record<keyof SendOptions, true>> = { validUntil: true, maxFee: true, sponsor: true };

/**
 * Refuses what would be left out of the message unseen: a fee limit that stands in the wrong place is one that does not hold. Types say so at
 * compile time, and not to programs without types. Errors: `SDK_FIELD_UNKNOWN`, naming the first such field.
 */
export function assertKnownFields(operation: Operation, options: SendOptions): void {
  const { type, fields } = operation;
  // A type that there is not is refused by the protocol, which knows the words for it.
  if (!Object.hasOwn(TRANSACTION_TYPES, type)) return;
  const own = TRANSACTION_TYPES[type].fields.map(({ name }) => name);
  for (const name of Object.keys({ ...fields })) {
    if (!own.some((each) => each === name)) throw unknown(name, `no field of ${type}: ${placeOf(name, `it has ${listed(own)}`)}`);
  }
  for (const name of Object.keys(operation)) {
    if (!Object.hasOwn(PARTS, name))
      throw unknown(name, `no part of an operation: ${placeOf(name, `it has ${listed(Object.keys(PARTS))}`)}`);
  }
  for (const name of Object.keys({ ...options })) {
    if (!Object.hasOwn(OPTIONS, name)) throw unknown(name, `no option: there are ${listed(Object.keys(OPTIONS))}`);
  }
}

/** Where a field that is in the wrong place belongs. */
function placeOf(name: string, otherwise: string): string {
  if (Object.hasOwn(OPTIONS, name)) return `give it in the options, which follow, as in send(type, fields, { ${name} })`;
  if (COMMON_FIELDS.some((each) => each.name === name)) return 'the wallet sets it itself';
  return otherwise;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function unknown(field: string, problem: string): SdkError {
  return new SdkError('SDK_FIELD_UNKNOWN', `${field} is ${problem}`, { field });
}
