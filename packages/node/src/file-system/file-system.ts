/*
 * The few operations on files that promises are kept with: the write-ahead log, the last signature, keys. Everything is synchronous, so that
 * nothing can happen between a write and its synchronisation.
 *
 * What survives loss of power:
 * - the content of a file up to its last `sync` that returned; later writes may be there in part, in any order, or as garbage;
 * - names as they were at the last `syncDirectory` of their directory; later changes of names may be there or not, each by itself, but a
 *   `rename` is never half done.
 *
 * Every operation may fail with one of the errors below. After a failed write or synchronisation nobody knows what is on the disk: the owner
 * stops, and never tries a synchronisation again, because the system may have forgotten the data that it reports as synchronised next time.
 *
 * Errors: `FILE_NOT_FOUND`, `FILE_EXISTS`, `FILE_NO_SPACE`, `FILE_FORBIDDEN`, `FILE_FAILED`; see `fileError`.
 */

/**
 * How a file is opened: `read` and `update` (reading and writing) one that exists, `create` (reading and writing) one that must not exist.
 * A file that is created belongs to its owner alone: permissions 0600.
 */
export type OpenMode = 'read' | 'update' | 'create';

/** An open file. It stays the same file when its name is changed or removed. */
export type OpenFile = {
  /** Length in bytes. */
  readonly size: () => number;
  /** Permission bits, 0 to 0o777. */
  readonly permissions: () => number;
  /** Fresh bytes from `position`: `length` of them, fewer only where the file ends. */
  readonly read: (position: number, length: number) => Uint8Array;
  /** Writes all bytes at `position`, which is at most the size. When it fails, any part of them may be there. */
  readonly write: (position: number, bytes: Uint8Array) => void;
  /** Cuts the file to a length, which is at most the size. */
  readonly truncate: (length: number) => void;
  /** Returns when content and length are durable. */
  readonly sync: () => void;
  /** Ends the use of the file; a second call does nothing. Makes nothing durable. */
  readonly close: () => void;
};

/** Files by path; paths have `/` between their parts. */
export type FileSystem = {
  readonly open: (path: string, mode: OpenMode) => OpenFile;
  /** Gives a file another name in the same directory, in one step, replacing the file that has it. */
  readonly rename: (from: string, to: string) => void;
  /** Removes the name of a file. */
  readonly remove: (path: string) => void;
  /** Makes a directory whose parent exists; one that is there already is left alone. */
  readonly makeDirectory: (path: string) => void;
  /** Names of the files in a directory, ascending by UTF-16 unit. */
  readonly list: (directory: string) => readonly string[];
  /** Returns when the names in a directory are durable. */
  readonly syncDirectory: (directory: string) => void;
};
