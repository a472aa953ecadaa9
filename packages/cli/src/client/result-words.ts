import { RESULT_CODE_MEANINGS, type ResultCode } from '@mutual-chain/protocol';
import { remedyOf } from '@mutual-chain/sdk';
import { optionName } from './operation-fields.ts';

/** What the result of a transaction in a block means, and what can be done about it, in the words of the command line. */
export function resultWords(code: ResultCode): { readonly meaning: string; readonly remedy: string } {
  return { meaning: RESULT_CODE_MEANINGS[code], remedy: commandWords(remedyOf(code)) };
}

/** A remedy that names methods of nodes, with the commands that call them. */
export function commandWords(remedy: string): string {
  return remedy.replaceAll(/\bmutual_(\w+)/g, (_, method: string) => `mutual query ${optionName(method)}`);
}
