/** A signal, what aborts it at once, and what frees its timer; `release` is called once nobody listens to the signal any more. */
export type Deadline = { readonly signal: AbortSignal; readonly abort: () => void; readonly release: () => void };

/** A signal that aborts after some time, ms, or together with another signal, whatever comes first. */
export function abortAfter(timeoutMs: number, other?: AbortSignal): Deadline {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  if (other?.aborted === true) abort();
  other?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    abort,
    release: () => {
      clearTimeout(timer);
      other?.removeEventListener('abort', abort);
    },
  };
}
