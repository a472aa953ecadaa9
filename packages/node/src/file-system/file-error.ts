import { ChainError } from '@mutual-chain/protocol';
import { type NodeErrorCode, nodeError } from '../errors.ts';

/** The codes that operations on files fail with. */
export const FILE_ERROR_CODES = ['FILE_NOT_FOUND', 'FILE_EXISTS', 'FILE_NO_SPACE', 'FILE_FORBIDDEN', 'FILE_FAILED'] as const;

/** One of `FILE_ERROR_CODES`. */
export type FileErrorCode = (typeof FILE_ERROR_CODES)[number];

const SENTENCES: Readonly<Record<FileErrorCode, string>> = {
  FILE_NOT_FOUND: 'there is no such file: check the path',
  FILE_EXISTS: 'the name is taken: name another, or move that file away',
  FILE_NO_SPACE: 'the disk is full: free space, then start again',
  FILE_FORBIDDEN: 'this user has no right to it: give it the right, or run as its owner',
  FILE_FAILED: 'the disk failed: mend or replace it, then start again',
};

/** The error of an operation on a file; `details` names operation and path. */
export function fileError(code: FileErrorCode, operation: string, path: string, cause?: unknown): ChainError<NodeErrorCode> {
  return nodeError(code, `${operation} ${path}: ${SENTENCES[code]}`, { operation, path }, cause);
}

/** Whether something thrown is the error of an operation on a file, of one code or of any. */
export function isFileError(error: unknown, code?: FileErrorCode): error is ChainError<FileErrorCode> {
  if (!(error instanceof ChainError)) return false;
  return code === undefined ? FILE_ERROR_CODES.some((each) => each === error.code) : error.code === code;
}
