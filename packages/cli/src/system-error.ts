import type { ChainError } from '@mutual-chain/protocol';
import { type CliErrorCode, cliError } from './errors.ts';

/** What a path is used for: a file that is read, or a folder that is written. */
export type PathUse = 'read' | 'write';

const NOT_ALLOWED: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS'];
const FILE_IN_THE_WAY: readonly unknown[] = ['ENOTDIR', 'EEXIST'];
const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT'];
const KNOWN: readonly unknown[] = [...NOT_ALLOWED, ...FILE_IN_THE_WAY, ...FULL, 'EISDIR', 'ENOENT'];

/** How another folder is named, also by who has started the demonstration with npm. */
const NAME_ANOTHER = 'with --home DIR (for the demonstration: npm start -- --home DIR)';

/** The error of a file operation in the words of the command line, or undefined when it is not one that the reader can do something about. */
export function explainSystemError(error: unknown, path: string, use: PathUse = 'write'): ChainError | undefined {
  const code = codeOf(error);
  const details = { path, systemCode: code };
  if (FULL.includes(code)) {
    const remedy = `Free some space, or name a folder on another disk ${NAME_ANOTHER}.`;
    return cliError('CLI_DISK_FULL', `${path} cannot be written: the disk is full. ${remedy}`, details, error);
  }
  if (code === 'ENOENT') {
    return cliError('CLI_FILE_MISSING', `${path} does not exist. Check the path.`, details, error);
  }
  const found = unusable(code, use);
  return found === undefined
    ? undefined
    : cliError(found.code, `${path} cannot be used (${String(code)}): ${found.sentence}`, details, error);
}

function unusable(code: unknown, use: PathUse): { readonly code: CliErrorCode; readonly sentence: string } | undefined {
  if (code === 'EISDIR') return { code: 'CLI_NOT_A_FILE', sentence: 'it is a folder, and a file is needed. Check the path.' };
  if (FILE_IN_THE_WAY.includes(code)) {
    const sentence =
      use === 'read'
        ? 'a part of the path is a file, not a folder. Check the path.'
        : `a file stands there or on the way to it. Name another folder ${NAME_ANOTHER}, or move that file away.`;
    return { code: 'CLI_NOT_A_FOLDER', sentence };
  }
  if (!NOT_ALLOWED.includes(code)) return undefined;
  return use === 'read'
    ? { code: 'CLI_FILE_NOT_READABLE', sentence: 'this user may not read it. Change its permissions, or name a copy.' }
    : {
        code: 'CLI_FOLDER_NOT_WRITABLE',
        sentence: `this user may not write it. Name a folder that belongs to you ${NAME_ANOTHER}, or change its permissions.`,
      };
}

/** Runs a file operation; what fails for a reason that the reader can mend is told in the words of the command line. */
export function withPath<Result>(path: string, operation: () => Result, use: PathUse = 'write'): Result {
  try {
    return operation();
  } catch (error) {
    throw explainSystemError(error, path, use) ?? error;
  }
}

/** The system's code of an error or of what caused it. */
function codeOf(error: unknown): unknown {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as { readonly code?: unknown };
    if (KNOWN.includes(code)) return code;
  }
  return undefined;
}
