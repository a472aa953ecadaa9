import { encodeHex } from '@mutual-chain/protocol';
import { isFileError } from './file-error.ts';
import type { FileSystem, OpenFile, OpenMode } from './file-system.ts';

/** An operation on a file system; `file` names what an earlier `open` named so. Paths are relative to the directory of the run. */
export type FileOperation =
  | { readonly type: 'open'; readonly path: string; readonly mode: OpenMode; readonly file: string }
  | { readonly type: 'size' | 'permissions' | 'sync' | 'close'; readonly file: string }
  | { readonly type: 'read'; readonly file: string; readonly position: number; readonly length: number }
  | { readonly type: 'write'; readonly file: string; readonly position: number; readonly bytes: Uint8Array }
  | { readonly type: 'truncate'; readonly file: string; readonly length: number }
  | { readonly type: 'rename'; readonly from: string; readonly to: string }
  | { readonly type: 'remove' | 'makeDirectory' | 'list' | 'syncDirectory'; readonly path: string };

/**
 * Runs operations one after the other in an empty directory, and returns what each answered: a value as text, `done`, the code of its error, or
 * `not open`. Two implementations of the port agree when their answers are the same; `FILE_OPERATIONS` is a script that meets every answer.
 */
export function runFileOperations(fileSystem: FileSystem, directory: string, operations: readonly FileOperation[]): readonly string[] {
  const files = new Map<string, OpenFile>();
  const answers = operations.map((operation) => {
    try {
      return 'file' in operation && operation.type !== 'open'
        ? answerOfFile(files, operation)
        : answerOfPath(fileSystem, directory, files, operation);
    } catch (error) {
      if (!isFileError(error)) throw error;
      return error.code;
    }
  });
  for (const file of files.values()) file.close();
  return answers;
}

type OnFile = Exclude<Extract<FileOperation, { readonly file: string }>, { readonly type: 'open' }>;

function answerOfFile(files: Map<string, OpenFile>, operation: OnFile): string {
  const file = files.get(operation.file);
  if (file === undefined) return 'not open';
  switch (operation.type) {
    case 'size':
      return String(file.size());
    case 'permissions':
      return file.permissions().toString(8);
    case 'read':
      return encodeHex(file.read(operation.position, operation.length));
    case 'write':
      file.write(operation.position, operation.bytes);
      return 'done';
    case 'truncate':
      file.truncate(operation.length);
      return 'done';
    case 'sync':
      file.sync();
      return 'done';
    case 'close':
      file.close();
      files.delete(operation.file);
      return 'done';
  }
}

function answerOfPath(
  fileSystem: FileSystem,
  directory: string,
  files: Map<string, OpenFile>,
  operation: Exclude<FileOperation, OnFile>,
): string {
  const at = (path: string): string => (path === '' ? directory : `${directory}/${path}`);
  switch (operation.type) {
    case 'open': {
      const file = fileSystem.open(at(operation.path), operation.mode);
      files.get(operation.file)?.close();
      files.set(operation.file, file);
      return 'done';
    }
    case 'rename':
      fileSystem.rename(at(operation.from), at(operation.to));
      return 'done';
    case 'remove':
      fileSystem.remove(at(operation.path));
      return 'done';
    case 'makeDirectory':
      fileSystem.makeDirectory(at(operation.path));
      return 'done';
    case 'list':
      return fileSystem.list(at(operation.path)).join(' ');
    case 'syncDirectory':
      fileSystem.syncDirectory(at(operation.path));
      return 'done';
  }
}

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

/** Every operation, with every answer and error that does not need a failing disk. */
export const FILE_OPERATIONS: readonly FileOperation[] = [
  { type: 'list', path: '' },
  { type: 'open', path: 'a', mode: 'read', file: 'a' },
  { type: 'open', path: 'a', mode: 'update', file: 'a' },
  { type: 'open', path: 'missing/a', mode: 'create', file: 'a' },
  { type: 'size', file: 'a' },
  // A file, written, read beyond its end, overwritten in the middle and at the end, cut.
  { type: 'open', path: 'a', mode: 'create', file: 'a' },
  { type: 'open', path: 'a', mode: 'create', file: 'again' },
  { type: 'permissions', file: 'a' },
  { type: 'size', file: 'a' },
  { type: 'read', file: 'a', position: 0, length: 4 },
  { type: 'write', file: 'a', position: 0, bytes: bytes(1, 2, 3, 4, 5) },
  { type: 'write', file: 'a', position: 1, bytes: bytes(20, 30) },
  { type: 'write', file: 'a', position: 4, bytes: bytes(50, 60) },
  { type: 'write', file: 'a', position: 6, bytes: bytes() },
  { type: 'size', file: 'a' },
  { type: 'read', file: 'a', position: 0, length: 6 },
  { type: 'read', file: 'a', position: 4, length: 100 },
  { type: 'read', file: 'a', position: 100, length: 4 },
  { type: 'truncate', file: 'a', length: 3 },
  { type: 'size', file: 'a' },
  { type: 'write', file: 'a', position: 3, bytes: bytes(40) },
  { type: 'sync', file: 'a' },
  { type: 'syncDirectory', path: '' },
  { type: 'open', path: 'a', mode: 'read', file: 'reader' },
  { type: 'read', file: 'reader', position: 0, length: 100 },
  // What one handle writes another reads; a file outlives its name.
  { type: 'write', file: 'a', position: 0, bytes: bytes(10) },
  { type: 'read', file: 'reader', position: 0, length: 100 },
  { type: 'open', path: 'b', mode: 'create', file: 'b' },
  { type: 'write', file: 'b', position: 0, bytes: bytes(7) },
  { type: 'rename', from: 'b', to: 'a' },
  { type: 'list', path: '' },
  { type: 'read', file: 'reader', position: 0, length: 100 },
  { type: 'write', file: 'b', position: 1, bytes: bytes(8) },
  { type: 'open', path: 'a', mode: 'update', file: 'updater' },
  { type: 'read', file: 'updater', position: 0, length: 100 },
  { type: 'remove', path: 'a' },
  { type: 'write', file: 'updater', position: 2, bytes: bytes(9) },
  { type: 'read', file: 'b', position: 0, length: 100 },
  { type: 'list', path: '' },
  { type: 'open', path: 'a', mode: 'create', file: 'a' },
  { type: 'size', file: 'a' },
  { type: 'close', file: 'a' },
  { type: 'size', file: 'a' },
  // Names that are not there, or are of something else.
  { type: 'rename', from: 'b', to: 'c' },
  { type: 'remove', path: 'b' },
  { type: 'list', path: 'directory' },
  { type: 'syncDirectory', path: 'directory' },
  { type: 'makeDirectory', path: 'missing/directory' },
  { type: 'makeDirectory', path: 'a' },
  // A directory, made twice.
  { type: 'makeDirectory', path: 'directory' },
  { type: 'makeDirectory', path: 'directory' },
  { type: 'open', path: 'directory', mode: 'create', file: 'a' },
  { type: 'open', path: 'directory/z', mode: 'create', file: 'z' },
  { type: 'open', path: 'directory/B', mode: 'create', file: 'z' },
  { type: 'open', path: 'directory/10', mode: 'create', file: 'z' },
  { type: 'open', path: 'directory/9', mode: 'create', file: 'z' },
  { type: 'rename', from: 'directory/z', to: 'directory/a' },
  { type: 'list', path: 'directory' },
  { type: 'syncDirectory', path: 'directory' },
  { type: 'list', path: '' },
];
