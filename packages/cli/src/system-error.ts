import type { ChainError } from '@mutual-chain/protocol';
import { cliError } from './errors.ts';

const NOT_ALLOWED: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST'];
const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/** The error of a file operation in the words of the command line, or undefined when it is not one that the reader can do something about. */
export function explainSystemError(error: unknown, path: string): ChainError | undefined {
  const code = codeOf(error);
  const details = { path, systemCode: code };
  if (FULL.includes(code)) {
    return cliError(
      'CLI_DISK_FULL',
      `${path} cannot be written: the disk is full. Free some space, or name a folder on another disk.`,
      details,
      error,
    );
  }
  if (code === 'ENOENT') {
    return cliError('CLI_FILE_MISSING', `${path} does not exist. Check the path.`, details, error);
  }
  if (NOT_ALLOWED.includes(code)) {
    const remedy = 'Name a folder that belongs to you, or change its permissions.';
    return cliError('CLI_FOLDER_NOT_WRITABLE', `${path} cannot be used (${String(code)}). ${remedy}`, details, error);
  }
  return undefined;
}

/** Runs a file operation; what fails for a reason that the reader can mend is told in the words of the command line. */
export function withPath<Result>(path: string, operation: () => Result): Result {
  try {
    return operation();
  } catch (error) {
    throw explainSystemError(error, path) ?? error;
  }
}

/** The system's code of an error or of what caused it. */
function codeOf(error: unknown): unknown {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as { readonly code?: unknown };
    if (FULL.includes(code) || NOT_ALLOWED.includes(code) || code === 'ENOENT') return code;
  }
  return undefined;
}
