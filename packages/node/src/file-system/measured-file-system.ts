import type { FileSystem, OpenFile } from './file-system.ts';

/** A file system that tells how long it took to make something durable, ms; a failing synchronisation is told too. */
export function measuredFileSystem(inner: FileSystem, synced: (durationMs: number) => void): FileSystem {
  const measured = <Result>(work: () => Result): Result => {
    const beganMs = performance.now();
    try {
      return work();
    } finally {
      synced(performance.now() - beganMs);
    }
  };
  const withMeasuredSync = (file: OpenFile): OpenFile => ({ ...file, sync: () => measured(file.sync) });
  return {
    ...inner,
    open: (path, mode) => withMeasuredSync(inner.open(path, mode)),
    syncDirectory: (directory) => measured(() => inner.syncDirectory(directory)),
  };
}
