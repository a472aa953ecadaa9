import { isAbsolute, relative } from 'node:path';

/** A path as seen from the current folder where it lies below it, otherwise as it is. */
export function shortPath(path: string): string {
  const seen = relative(process.cwd(), path);
  return seen === '' || seen.startsWith('..') || isAbsolute(seen) ? path : seen;
}
