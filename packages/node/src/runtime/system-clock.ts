import type { RuntimeClock } from './ports.ts';

/** The clock and the timers of Node.js. */
export const systemClock: RuntimeClock = {
  wallMs: () => Date.now(),
  schedule: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
