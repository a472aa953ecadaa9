import { WORLD_BEGINS_MS, type World } from '../world/world.ts';

/** The wall clock of a node: it may stand beside the true time, drift from it and jump. */
export class SimulatedClock {
  readonly #world: World;
  #offsetMs = 0;
  /** Parts per million. */
  #drift = 0;
  #sinceMs = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Ms since 1970, as this clock shows it. */
  wallMs(): number {
    const { nowMs } = this.#world;
    return Math.floor(WORLD_BEGINS_MS + nowMs + this.#offsetMs + ((nowMs - this.#sinceMs) * this.#drift) / 1e6);
  }

  /** Sets how far the clock is off from now on, ms, and how fast it drifts, parts per million. */
  set(offsetMs: number, drift: number): void {
    this.#offsetMs = offsetMs;
    this.#drift = drift;
    this.#sinceMs = this.#world.nowMs;
  }
}
