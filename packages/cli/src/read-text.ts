import { readFileSync } from 'node:fs';
import { withPath } from './system-error.ts';

/** A whole text file. Errors: `CLI_FILE_MISSING`, `CLI_FILE_NOT_READABLE`. */
export function readText(path: string): string {
  return withPath(path, () => readFileSync(path, 'utf8'), 'read');
}
