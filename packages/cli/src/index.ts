// The command line for programs that document or extend it.

export { CLI_ERRORS, type CliErrorCode, cliError } from './errors.ts';
export { EXIT_CODES, type ExitCode } from './exit-code.ts';
export { createProgram } from './program.ts';
