import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { assertInvariant } from '@mutual-chain/protocol';
import { type FileErrorCode, fileError } from './file-error.ts';
import type { FileSystem, OpenFile, OpenMode } from './file-system.ts';

const OWNER_FILE = 0o600;
const OWNER_DIRECTORY = 0o700;
const PERMISSIONS = 0o777;
/** Most bytes that one call of the system reads or writes. */
const CALL_BYTES_MAX = 2 ** 30;

const FLAGS: Readonly<Record<OpenMode, number>> = {
  read: constants.O_RDONLY,
  update: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
};

const CODES: ReadonlyMap<string, FileErrorCode> = new Map([
  ['ENOENT', 'FILE_NOT_FOUND'],
  ['EEXIST', 'FILE_EXISTS'],
  ['ENOSPC', 'FILE_NO_SPACE'],
  ['EDQUOT', 'FILE_NO_SPACE'],
  ['EACCES', 'FILE_FORBIDDEN'],
  ['EPERM', 'FILE_FORBIDDEN'],
  ['EROFS', 'FILE_FORBIDDEN'],
]);

/** The files of this machine. */
export const nodeFileSystem: FileSystem = {
  open: (path, mode) =>
    openFile(
      path,
      attempt('open', path, () => openSync(path, FLAGS[mode], OWNER_FILE)),
    ),
  rename: (from, to) => attempt('rename', from, () => renameSync(from, to)),
  remove: (path) => attempt('remove', path, () => unlinkSync(path)),
  makeDirectory: (path) => {
    attempt('make directory', path, () => {
      try {
        mkdirSync(path, { mode: OWNER_DIRECTORY });
      } catch (error) {
        if (!isDirectoryThere(error, path)) throw error;
      }
    });
  },
  list: (directory) => attempt('list', directory, () => readdirSync(directory).sort(byUnits)),
  syncDirectory: (directory) => {
    attempt('sync directory', directory, () => {
      const descriptor = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
  },
};

function openFile(path: string, descriptor: number): OpenFile {
  let isOpen = true;
  // The system gives the number of a closed file to the next one that is opened: a late call would reach that.
  const use = <Result>(operation: string, work: () => Result): Result => {
    assertInvariant(isOpen, 'a closed file is not used');
    return attempt(operation, path, work);
  };
  return {
    size: () => use('measure', () => fstatSync(descriptor).size),
    permissions: () => use('look at', () => fstatSync(descriptor).mode & PERMISSIONS),
    read: (position, length) => use('read', () => readUpTo(descriptor, position, length)),
    write: (position, bytes) => use('write', () => writeAll(descriptor, position, bytes)),
    truncate: (length) => use('truncate', () => ftruncateSync(descriptor, length)),
    sync: () => use('sync', () => fdatasyncSync(descriptor)),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      attempt('close', path, () => closeSync(descriptor));
    },
  };
}

function readUpTo(descriptor: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, Math.min(length, fstatSync(descriptor).size - position)));
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(descriptor, bytes, done, Math.min(bytes.length - done, CALL_BYTES_MAX), position + done);
    if (count === 0) return bytes.slice(0, done);
    done += count;
  }
  return bytes;
}

/** The system may write less than it was asked to, near the end of the space for instance. */
function writeAll(descriptor: number, position: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(descriptor, bytes, done, Math.min(bytes.length - done, CALL_BYTES_MAX), position + done);
}

function attempt<Result>(operation: string, path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw fileError(CODES.get(systemCode(cause)) ?? 'FILE_FAILED', operation, path, cause);
  }
}

function systemCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** A file of the same name is no directory. */
function isDirectoryThere(error: unknown, path: string): boolean {
  if (systemCode(error) !== 'EEXIST') return false;
  try {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_DIRECTORY));
    return true;
  } catch {
    return false;
  }
}

function byUnits(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
