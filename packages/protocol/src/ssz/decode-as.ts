import { ChainError } from '../chain-error.ts';
import { type ProtocolErrorCode, protocolError } from '../errors.ts';
import type { Codec } from './codec.ts';

/** What bytes should be: the code of the error when they are not, its name, and what to do then. */
export type Expectation = { readonly code: ProtocolErrorCode; readonly name: string; readonly remedy: string };

/** Reads bytes with a codec. What is wrong with them is said with the code expected here; field and limit stay in the details. */
export function decodeAs<Value>({ code, name, remedy }: Expectation, codec: Codec<Value>, bytes: Uint8Array): Value {
  try {
    return codec.decode(bytes);
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    throw protocolError(code, `bytes are not ${name} (${error.message}): ${remedy}`, error.details, error);
  }
}
