// Builds the program, runs it and turns what it throws into an exit code.

import { ChainError } from '@mutual-chain/protocol';
import { SdkError } from '@mutual-chain/sdk';
import { CommanderError } from 'commander';
import { answerExitCode } from './client/answer-exit-code.ts';
import { commandWords } from './client/result-words.ts';
import { CLI_ERRORS, type CliErrorCode } from './errors.ts';
import { EXIT_CODES, type ExitCode } from './exit-code.ts';
import { createProgram } from './program.ts';
import { explainSystemError } from './system-error.ts';
import { palette } from './text/palette.ts';

/** How the command exits for an error; what is not named here is a fault of the machine or of the program itself. */
function exitCodeOf(code: string): ExitCode {
  if (code in CLI_ERRORS) return CLI_ERRORS[code as CliErrorCode].exitCode;
  return answerExitCode(code) ?? (code.startsWith('PROTOCOL_') ? EXIT_CODES.wrong : EXIT_CODES.environment);
}

function report(error: unknown): ExitCode {
  // Commander has printed its own message; its exit code is 0 for help and version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  if (error instanceof ChainError) {
    const isExplained = error.code in CLI_ERRORS;
    const system = isExplained ? undefined : explainSystemError(error, String(error.details['path'] ?? 'The folder'));
    const { code, message } = system ?? error;
    // What a node answers ends without a remedy, which the client knows.
    const remedy = error instanceof SdkError ? `${/[.!?]$/.test(message) ? '' : '.'} ${commandWords(error.remedy)}` : '';
    console.error(`${palette.red('error')} ${code}: ${message}${remedy}`);
    return exitCodeOf(code);
  }
  console.error(`${palette.red('error')}: this should not have happened. Please report it with what follows.`);
  console.error(error);
  return EXIT_CODES.environment;
}

// Who reads the output may have seen enough, as in `mutual demo | head`: that is no error, but there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  const { code, message } = explainSystemError(error, 'Standard output') ?? error;
  console.error(`${palette.red('error')} ${code}: ${message}`);
  process.exit(EXIT_CODES.environment);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
