/** How a process ended. */
export type NodeExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** How a process ended, in words: `with exit code 3`, `by SIGKILL`. */
export function describeExit({ code, signal }: NodeExit): string {
  return signal === null ? `with exit code ${code}` : `by ${signal}`;
}
