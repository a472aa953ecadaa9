/** Waits; ends early, without an error, when the signal aborts. */
export type Sleep = (durationMs: number, signal?: AbortSignal) => Promise<void>;

/** Waits by the timer of the machine. */
export const sleep: Sleep = (durationMs, signal) =>
  new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, durationMs);
    signal?.addEventListener('abort', finish, { once: true });
  });
