const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Whether somebody wants the command to end while it waits. The second signal ends it as if nobody listened. */
export type Interruption = {
  readonly signal: AbortSignal;
  /** Listens no more. */
  readonly stop: () => void;
};

/** Listens for the signals that end a command. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const interrupt = (): void => {
    stop();
    controller.abort();
  };
  const stop = (): void => {
    for (const name of SIGNALS) process.off(name, interrupt);
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  return { signal: controller.signal, stop };
}
