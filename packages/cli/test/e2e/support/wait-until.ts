import { setTimeout as pause } from 'node:timers/promises';

/** How long anything is waited for: a busy machine is no failure, only what hangs is. */
const WAIT_MS_MAX = 200_000;

/** How long a test of whole networks may take. */
export const TEST_MS_MAX: number = 2 * WAIT_MS_MAX;

const POLL_MS = 25;

/** Asks again and again until there is an answer. Errors: `Error` naming what was waited for, with the last failure as its cause. */
export async function waitFor<Value>(what: string, ask: () => Promise<Value | undefined>, waitMsMax = WAIT_MS_MAX): Promise<Value> {
  const untilMs = performance.now() + waitMsMax;
  let cause: unknown;
  while (performance.now() < untilMs) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      cause = error;
    }
    await pause(POLL_MS);
  }
  throw new Error(`waited in vain for ${what}`, { cause });
}

/** Waits until something holds. */
export async function waitUntil(what: string, holds: () => Promise<boolean>, waitMsMax = WAIT_MS_MAX): Promise<void> {
  await waitFor(what, async () => ((await holds()) ? true : undefined), waitMsMax);
}
