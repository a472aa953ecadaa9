import { RESULT_CODES } from '@mutual-chain/protocol';
import { EXIT_CODES, type ExitCode } from '../exit-code.ts';

/** Codes with which a node says that there is no such thing as was asked for, or not any more. */
const ABSENT: readonly string[] = ['UNKNOWN_BLOCK', 'UNKNOWN_TRANSACTION', 'HEIGHT_PRUNED', 'PRUNED'];

/** Codes of calls that make no sense. */
const USAGE: readonly string[] = ['SDK_URL_INVALID', 'SDK_PARAMETERS_INVALID', 'INVALID_PARAMS', 'METHOD_NOT_FOUND', 'CURSOR_INVALID'];

/** How a command exits when a node, or the way to it, gave this code; undefined for codes that are none of theirs. */
export function answerExitCode(code: string): ExitCode | undefined {
  if (USAGE.includes(code)) return EXIT_CODES.usage;
  if (ABSENT.includes(code) || RESULT_CODES.some((each) => each === code)) return EXIT_CODES.wrong;
  return undefined;
}
