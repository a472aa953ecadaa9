/** Tells time, so that tests can make it pass. */
export type Clock = {
  /** Unix ms, as blocks count it. */
  readonly nowMs: () => number;
  /** Ms that never go back, for measuring. */
  readonly elapsedMs: () => number;
};

/** The clock of this machine. */
export const systemClock: Clock = { nowMs: () => Date.now(), elapsedMs: () => performance.now() };
