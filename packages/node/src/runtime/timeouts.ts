import type { Timeout } from '@mutual-chain/consensus';
import type { RuntimeClock } from './ports.ts';

type SetTimeout = { readonly timeout: Timeout; readonly cancel: () => void };

/** The timers that consensus has set: each at most once, dropped when nothing can come of them. */
export class Timeouts {
  readonly #clock: RuntimeClock;
  readonly #expired: (timeout: Timeout) => void;
  readonly #set = new Map<string, SetTimeout>();

  constructor(options: { readonly clock: RuntimeClock; readonly expired: (timeout: Timeout) => void }) {
    this.#clock = options.clock;
    this.#expired = options.expired;
  }

  /** Sets a timer, unless it is set already. */
  schedule(timeout: Timeout, durationMs: number): void {
    const name = nameOf(timeout);
    if (this.#set.has(name)) return;
    const cancel = this.#clock.schedule(durationMs, () => {
      this.#set.delete(name);
      this.#expired(timeout);
    });
    this.#set.set(name, { timeout, cancel });
  }

  /** Drops the timers of lower heights, and those of this height that belong to a lower round. */
  cancelBefore(height: number, round: number): void {
    for (const [name, { timeout, cancel }] of this.#set) {
      const isOver = timeout.height < height || (timeout.height === height && 'round' in timeout && timeout.round < round);
      if (!isOver) continue;
      cancel();
      this.#set.delete(name);
    }
  }

  /** Drops all. */
  cancelAll(): void {
    for (const { cancel } of this.#set.values()) cancel();
    this.#set.clear();
  }
}

function nameOf(timeout: Timeout): string {
  return 'round' in timeout ? `${timeout.kind} ${timeout.height} ${timeout.round}` : `${timeout.kind} ${timeout.height}`;
}
