import { type ProtocolErrorCode, protocolError } from '../errors.ts';
import { variableSize } from '../ssz/container.ts';
import { UnfitError } from '../ssz/field.ts';
import type { SchemaField } from './schema.ts';

/** The error of a codec as one of this package that names the transaction type and the field; any other error as it is. */
export function transactionRefusal(code: ProtocolErrorCode, type: string, error: unknown): unknown {
  if (!(error instanceof UnfitError)) return error;
  const field = error.path.length === 0 ? 'signed' : error.path.join('.');
  return protocolError(code, `${field} of ${type} ${error.message}`, { type, field, ...error.details }, error);
}

/**
 * Checks the value of a field. Returns the bytes it takes in the variable part, 0 for kinds of fixed length.
 *
 * Types say the same when compiling, but ranges and lengths they cannot say, and what is signed must be what is meant.
 * Errors: `PROTOCOL_TRANSACTION_FIELD_INVALID`.
 */
export function checkedVariableSize(type: string, field: SchemaField, value: unknown): number {
  try {
    return variableSize(field, value);
  } catch (error) {
    throw transactionRefusal('PROTOCOL_TRANSACTION_FIELD_INVALID', type, error);
  }
}
