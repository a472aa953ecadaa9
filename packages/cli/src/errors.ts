import { ChainError } from '@mutual-chain/protocol';
import { EXIT_CODES, type ExitCode } from './exit-code.ts';

/** Code of a failure that the command line itself finds. */
export type CliErrorCode =
  | 'CLI_FOLDER_NOT_WRITABLE'
  | 'CLI_DISK_FULL'
  | 'CLI_FOLDER_LOCKED'
  | 'CLI_FOLDER_FOREIGN'
  | 'CLI_FILE_MISSING'
  | 'CLI_FILE_NOT_READABLE'
  | 'CLI_NOT_A_FILE'
  | 'CLI_NOT_A_FOLDER'
  | 'CLI_HEIGHT_PASSED'
  | 'CLI_HEIGHT_MISSING'
  | 'CLI_WALLET_MISSING'
  | 'CLI_WALLET_FAILED'
  | 'CLI_STORY_INVALID'
  | 'CLI_GENESIS_INVALID'
  | 'CLI_BLOCK_FILE_INVALID'
  | 'CLI_HOME_MISSING'
  | 'CLI_CONFIG_INVALID'
  | 'CLI_CONFIG_TOO_OPEN'
  | 'CLI_TEST_KEYS_EXPOSED'
  | 'CLI_FOLDER_NOT_EMPTY'
  | 'CLI_KEY_INVALID'
  | 'CLI_PASSWORD_MISSING'
  | 'CLI_PASSWORD_WEAK'
  | 'CLI_KEY_UNKNOWN'
  | 'CLI_KEY_TAKEN'
  | 'CLI_BYTES_UNKNOWN'
  | 'CLI_ACCOUNT_UNKNOWN'
  | 'CLI_FIELD_INVALID'
  | 'CLI_DEVNET_FILE_INVALID'
  | 'CLI_CHOICE_MISSING'
  | 'CLI_CHOICE_CONFLICT'
  | 'CLI_BLOCK_MISSING'
  | 'CLI_PORT_IN_USE'
  | 'CLI_NODE_FAILED'
  | 'CLI_DEVNET_DIFFERENT'
  | 'CLI_DEVNET_NOT_RUNNING'
  | 'CLI_CRYPTOGRAPHY_MISSING';

/** What each code means and how the command then exits. */
export const CLI_ERRORS: Readonly<Record<CliErrorCode, { readonly meaning: string; readonly exitCode: ExitCode }>> = {
  CLI_FOLDER_NOT_WRITABLE: { meaning: 'This user may not write to a folder or file.', exitCode: EXIT_CODES.environment },
  CLI_DISK_FULL: { meaning: 'There is no space left on the disk.', exitCode: EXIT_CODES.environment },
  CLI_FOLDER_LOCKED: { meaning: 'Another process works in the folder.', exitCode: EXIT_CODES.environment },
  CLI_FOLDER_FOREIGN: { meaning: 'The folder holds something that this command did not write.', exitCode: EXIT_CODES.environment },
  CLI_FILE_MISSING: { meaning: 'A file that was named does not exist.', exitCode: EXIT_CODES.environment },
  CLI_FILE_NOT_READABLE: { meaning: 'This user may not read a file or folder.', exitCode: EXIT_CODES.environment },
  CLI_NOT_A_FILE: { meaning: 'There is a folder where a file is needed.', exitCode: EXIT_CODES.environment },
  CLI_NOT_A_FOLDER: { meaning: 'There is a file where a folder is needed, or on the way to it.', exitCode: EXIT_CODES.environment },
  CLI_HEIGHT_PASSED: { meaning: 'The folder is beyond the height at which the replay was to stop.', exitCode: EXIT_CODES.usage },
  CLI_HEIGHT_MISSING: { meaning: 'The file ends before the height at which the replay was to stop.', exitCode: EXIT_CODES.usage },
  CLI_WALLET_MISSING: { meaning: 'The wallet program is not where the demonstration looks for it.', exitCode: EXIT_CODES.environment },
  CLI_WALLET_FAILED: { meaning: 'The wallet program ended with an error.', exitCode: EXIT_CODES.environment },
  CLI_STORY_INVALID: { meaning: 'A file of the wallet is not what it should be.', exitCode: EXIT_CODES.wrong },
  CLI_GENESIS_INVALID: { meaning: 'A genesis document is no JSON.', exitCode: EXIT_CODES.wrong },
  CLI_BLOCK_FILE_INVALID: { meaning: 'A file is no file of blocks, or is damaged.', exitCode: EXIT_CODES.wrong },
  CLI_HOME_MISSING: { meaning: 'No folder of a node was named.', exitCode: EXIT_CODES.usage },
  CLI_CONFIG_INVALID: {
    meaning: 'A configuration has a key that there is not, or a value that is not allowed.',
    exitCode: EXIT_CODES.wrong,
  },
  CLI_CONFIG_TOO_OPEN: { meaning: 'A configuration file with a secret can be read by others.', exitCode: EXIT_CODES.wrong },
  CLI_TEST_KEYS_EXPOSED: { meaning: 'A network whose keys are published would be opened to others.', exitCode: EXIT_CODES.wrong },
  CLI_FOLDER_NOT_EMPTY: { meaning: 'Something would be written into a folder that is not empty.', exitCode: EXIT_CODES.environment },
  CLI_KEY_INVALID: { meaning: 'What should be a key or a secret is none.', exitCode: EXIT_CODES.wrong },
  CLI_PASSWORD_MISSING: { meaning: 'A password is needed, and nothing says which.', exitCode: EXIT_CODES.usage },
  CLI_PASSWORD_WEAK: { meaning: 'A new password is too short, or was not said twice in the same way.', exitCode: EXIT_CODES.usage },
  CLI_KEY_UNKNOWN: { meaning: 'There is no key of this name.', exitCode: EXIT_CODES.usage },
  CLI_KEY_TAKEN: { meaning: 'There is a key of this name already.', exitCode: EXIT_CODES.usage },
  CLI_BYTES_UNKNOWN: { meaning: 'Bytes are none of what could be decoded, or no bytes.', exitCode: EXIT_CODES.wrong },
  CLI_ACCOUNT_UNKNOWN: { meaning: 'There is no account of this name.', exitCode: EXIT_CODES.usage },
  CLI_FIELD_INVALID: { meaning: 'A field of an operation is missing, or not what it has to be.', exitCode: EXIT_CODES.usage },
  CLI_DEVNET_FILE_INVALID: { meaning: 'The file about a devnet is not what it should be.', exitCode: EXIT_CODES.wrong },
  CLI_CHOICE_MISSING: { meaning: 'Something has to be chosen that has no default.', exitCode: EXIT_CODES.usage },
  CLI_CHOICE_CONFLICT: { meaning: 'Options contradict each other.', exitCode: EXIT_CODES.usage },
  CLI_BLOCK_MISSING: { meaning: 'A database lacks a block below its last one.', exitCode: EXIT_CODES.wrong },
  CLI_PORT_IN_USE: { meaning: 'A port that is needed is in use or may not be used.', exitCode: EXIT_CODES.environment },
  CLI_NODE_FAILED: { meaning: 'A node of a devnet ended before it was ready.', exitCode: EXIT_CODES.environment },
  CLI_DEVNET_DIFFERENT: { meaning: 'The network in the folder is not of the kind that was asked for.', exitCode: EXIT_CODES.usage },
  CLI_DEVNET_NOT_RUNNING: { meaning: 'No devnet runs in the folder.', exitCode: EXIT_CODES.wrong },
  CLI_CRYPTOGRAPHY_MISSING: { meaning: 'The native cryptography is asked for and does not load.', exitCode: EXIT_CODES.environment },
};

/** An error of the command line: one sentence with the remedy; `details` names file, field and place. */
export function cliError(
  code: CliErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): ChainError<CliErrorCode> {
  return new ChainError(code, message, details, cause);
}
