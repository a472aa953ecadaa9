import type { TransportClock } from '@mutual-chain/node/p2p';

type Timer = { readonly atMs: number; readonly run: () => void };

/** A clock that is moved by hand. */
export class VirtualClock implements TransportClock {
  #nowMs = 0;
  readonly #timers: Timer[] = [];

  monotonicMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, run };
    const index = this.#timers.findIndex(({ atMs }) => atMs > timer.atMs);
    this.#timers.splice(index === -1 ? this.#timers.length : index, 0, timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at !== -1) this.#timers.splice(at, 1);
    };
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Moves to the next timer and runs it. False when none is set. */
  runNext(): boolean {
    const timer = this.#timers.shift();
    if (timer === undefined) return false;
    this.#nowMs = timer.atMs;
    timer.run();
    return true;
  }

  /** Moves on, and runs what is due by then. */
  advance(forMs: number): void {
    const endMs = this.#nowMs + forMs;
    while ((this.#timers[0]?.atMs ?? Number.POSITIVE_INFINITY) <= endMs) this.runNext();
    this.#nowMs = endMs;
  }
}
