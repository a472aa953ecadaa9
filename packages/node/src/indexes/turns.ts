import { setImmediate } from 'node:timers/promises';

/** Lets other work of the process have its turn after every so many reads. */
export class Turns {
  readonly #readsEach: number;
  #reads = 0;

  constructor(readsEach: number) {
    this.#readsEach = readsEach;
  }

  /** To be awaited before a read. */
  async read(): Promise<void> {
    this.#reads += 1;
    if (this.#reads % this.#readsEach === 0) await setImmediate();
  }
}
