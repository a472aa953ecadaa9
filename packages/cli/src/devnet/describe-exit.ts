import type { NodeExit } from './node-child.ts';

/** How a process ended, in words: `with exit code 3`, `by SIGKILL`. */
export function describeExit({ code, signal }: NodeExit): string {
  return signal === null ? `with exit code ${code}` : `by ${signal}`;
}
