/** A signal, what aborts it at once, and what frees its timer; `release` is called once nobody listens to the signal any more, and then nothing aborts it. */
export type Deadline = { readonly signal: AbortSignal; readonly abort: () => void; readonly release: () => void };

/** Made once: the one that the platform would make for each signal costs a stack trace, and nobody reads it. */
const REASON = new Error('aborted');

/** A signal that aborts after some time, ms, or together with another signal, whatever comes first. */
export function abortAfter(timeoutMs: number, other?: AbortSignal): Deadline {
  const controller = new AbortController();
  let isReleased = false;
  const abort = (): void => {
    if (!isReleased) controller.abort(REASON);
  };
  const timer = setTimeout(abort, timeoutMs);
  if (other?.aborted === true) abort();
  other?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    abort,
    release: () => {
      isReleased = true;
      clearTimeout(timer);
      other?.removeEventListener('abort', abort);
    },
  };
}
