import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a directory and those above it that are missing.
 *
 * Step by step, because the recursive option of Node.js never ends where the system says that a parent is missing although it is there, as below
 * /proc. Errors are those of the system for the directory that cannot be made.
 */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.push(at);
  for (const each of missing.reverse()) {
    if (!existsSync(each)) mkdirSync(each);
  }
}
