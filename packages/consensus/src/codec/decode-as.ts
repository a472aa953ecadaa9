import { ChainError } from '@mutual-chain/protocol';
import { type ConsensusErrorCode, consensusError } from '../errors.ts';

/** Reads bytes. What the codecs below say is wrong with them is said with the code of the whole; field and limit stay in the details. */
export function decodeAs<Value>(code: ConsensusErrorCode, name: string, remedy: string, decode: () => Value): Value {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    throw consensusError(code, `bytes are not ${name} (${error.message}): ${remedy}`, error.details, error);
  }
}
