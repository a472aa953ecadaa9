import type { TransportClock } from './transport.ts';

/** The monotonic clock and the timers of Node.js. */
export const systemTransportClock: TransportClock = {
  monotonicMs: () => performance.now(),
  schedule: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
