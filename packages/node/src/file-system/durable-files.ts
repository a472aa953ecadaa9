import { dirname } from 'node:path/posix';
import { isFileError } from './file-error.ts';
import type { FileSystem, OpenFile } from './file-system.ts';

/** What is added to the name of a file while its new content is written. Such a file counts for nothing and may be removed. */
export const UNFINISHED_SUFFIX = '.new';

/**
 * Gives a file new content, or makes it, such that at any moment either the old or the new content is there, whole.
 *
 * Written beside it, synced, renamed, the directory synced. When it returns, the new content is durable; when it throws, one cannot know which
 * of the two is. Returns the file open for update; the caller closes it. Errors: those of the file system.
 */
export function replaceFile(fileSystem: FileSystem, directory: string, name: string, content: Uint8Array): OpenFile {
  const path = `${directory}/${name}`;
  const unfinished = `${path}${UNFINISHED_SUFFIX}`;
  const file = createAnew(fileSystem, unfinished);
  try {
    file.write(0, content);
    file.sync();
    fileSystem.rename(unfinished, path);
    fileSystem.syncDirectory(directory);
  } catch (error) {
    file.close();
    throw error;
  }
  return file;
}

/** Makes a file, in the place of one that an earlier start may have left unfinished: rare, so it is looked for only when it is in the way. */
function createAnew(fileSystem: FileSystem, path: string): OpenFile {
  try {
    return fileSystem.open(path, 'create');
  } catch (error) {
    if (!isFileError(error, 'FILE_EXISTS')) throw error;
  }
  fileSystem.remove(path);
  return fileSystem.open(path, 'create');
}

/** Removes a file that may be missing. Errors: those of the file system. */
export function removeIfThere(fileSystem: FileSystem, path: string): void {
  try {
    fileSystem.remove(path);
  } catch (error) {
    if (!isFileError(error, 'FILE_NOT_FOUND')) throw error;
  }
}

/** The whole content of a file, or undefined when there is none. Errors: those of the file system. */
export function readFileIfThere(fileSystem: FileSystem, path: string): Uint8Array | undefined {
  let file: OpenFile;
  try {
    file = fileSystem.open(path, 'read');
  } catch (error) {
    if (isFileError(error, 'FILE_NOT_FOUND')) return undefined;
    throw error;
  }
  try {
    return file.read(0, file.size());
  } finally {
    file.close();
  }
}

/** Makes a directory whose parent exists, such that it is still there after loss of power. Errors: those of the file system. */
export function makeDurableDirectory(fileSystem: FileSystem, directory: string): void {
  fileSystem.makeDirectory(directory);
  fileSystem.syncDirectory(dirname(directory));
}
