import { AMOUNT_MAX } from '../amount/amount.ts';
import { utf8Length } from '../bytes/utf8.ts';
import type { ChainError } from '../chain-error.ts';
import { type ProtocolErrorCode, protocolError } from '../errors.ts';
import type { FieldLayout } from './schema.ts';

/** What values of each kind have to be, in the words of an error message. */
const EXPECTED: Readonly<Record<FieldLayout['kind'], string>> = {
  address: '20 bytes',
  'address[]': 'a list of addresses',
  bool: 'true or false',
  bytes: 'bytes',
  bytes32: '32 bytes',
  string: 'text without half surrogate pairs',
  uint8: 'a whole number from 0 to 255',
  uint32: 'a whole number from 0 to 2^32 − 1',
  uint64: 'a whole number from 0 to 2^53 − 1',
  uint256: 'a whole number (bigint) from 0 to 2^128 − 1',
};

function limitWords(field: FieldLayout): string {
  if (field.limit === 0) return '';
  return field.kind === 'address[]' ? ` of at most ${field.limit} items` : ` of at most ${field.limit} bytes`;
}

/** The error for a field whose value is not what its kind and limit demand. */
export function fieldError(type: string, field: FieldLayout, details: Readonly<Record<string, unknown>> = {}): ChainError<ProtocolErrorCode> {
  return protocolError(
    'PROTOCOL_TRANSACTION_FIELD_INVALID',
    `${field.name} of ${type} has to be ${EXPECTED[field.kind]}${limitWords(field)}`,
    { type, field: field.name, kind: field.kind, ...(field.limit === 0 ? {} : { limit: field.limit }), ...details },
  );
}

function isUint(value: unknown, max: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max;
}

function isBytes(value: unknown, length: number): boolean {
  return value instanceof Uint8Array && value.length === length;
}

/** Bytes of the variable part, or -1 for a value that is not what the field demands; 0 for a good value of a fixed kind. */
function variableBytes(field: FieldLayout, value: unknown): number {
  switch (field.kind) {
    case 'address':
      return isBytes(value, 20) ? 0 : -1;
    case 'bytes32':
      return isBytes(value, 32) ? 0 : -1;
    case 'bool':
      return typeof value === 'boolean' ? 0 : -1;
    case 'uint8':
      return isUint(value, 0xff) ? 0 : -1;
    case 'uint32':
      return isUint(value, 0xffff_ffff) ? 0 : -1;
    case 'uint64':
      return isUint(value, Number.MAX_SAFE_INTEGER) ? 0 : -1;
    case 'uint256':
      return typeof value === 'bigint' && value >= 0n && value <= AMOUNT_MAX ? 0 : -1;
    case 'bytes':
      return value instanceof Uint8Array && value.length <= field.limit ? value.length : -1;
    case 'string': {
      // A text has at least a third as many units as bytes, so this refuses huge texts before they are walked.
      if (typeof value !== 'string' || value.length > field.limit) return -1;
      const bytes = utf8Length(value);
      return bytes <= field.limit ? bytes : -1;
    }
    case 'address[]': {
      if (!Array.isArray(value) || value.length > field.limit) return -1;
      for (const item of value as readonly unknown[]) if (!isBytes(item, 20)) return -1;
      return 20 * value.length;
    }
  }
}

/**
 * Checks a field's value and returns the bytes of its variable part, 0 for fixed kinds.
 *
 * Types say the same at compile time, but ranges and lengths they cannot say, and what is signed must be what is meant.
 * Errors: `PROTOCOL_TRANSACTION_FIELD_INVALID`.
 */
export function checkedVariableBytes(type: string, field: FieldLayout, value: unknown): number {
  const bytes = variableBytes(field, value);
  if (bytes < 0) throw fieldError(type, field);
  return bytes;
}
