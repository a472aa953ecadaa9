import { RandomStream } from '../random/random-stream.ts';
import { Audit } from './audit.ts';
import { EventQueue, type WorldEvent } from './event-queue.ts';

/** Wall clock of the world at its beginning, ms since 1970. */
export const WORLD_BEGINS_MS = 1_700_000_000_000;

/** Something that was scheduled and may be called off. */
export type Scheduled = { readonly cancel: () => void };

/** A line of a trace. */
export type TraceLine = { readonly atMs: number; readonly node: number; readonly label: string };

/** Virtual time and everything that is going to happen in it. Nothing else in a simulation makes anything happen. */
export class World {
  readonly seed: bigint;
  readonly audit: Audit = new Audit();
  readonly #queue = new EventQueue();
  readonly #ties: RandomStream;
  readonly #trace: ((line: TraceLine) => void) | undefined;
  #sequence = 0;
  #nowMs = 0;

  constructor(seed: bigint, trace?: (line: TraceLine) => void) {
    this.seed = seed;
    this.#ties = new RandomStream(seed, 'schedule');
    this.#trace = trace;
  }

  /** Virtual time since the beginning, ms. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Whether a trace is wanted, so that lines for it are worth making. */
  get isTraced(): boolean {
    return this.#trace !== undefined;
  }

  /** A stream of random numbers of this world. */
  stream(name: string): RandomStream {
    return new RandomStream(this.seed, name);
  }

  /** Has something happen after a delay; events of one moment come in any order. */
  schedule(delayMs: number, label: string, node: number, run: () => void): Scheduled {
    const event: WorldEvent = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      tie: this.#ties.word(),
      sequence: this.#sequence++,
      label,
      node,
      run,
      isCancelled: false,
    };
    this.#queue.push(event);
    return {
      cancel: () => {
        event.isCancelled = true;
      },
    };
  }

  /** Notes something in the audit and the trace that is no event of its own. */
  note(label: string, node: number, payload?: Uint8Array): void {
    this.audit.record(label, this.#nowMs, node, payload);
    this.#trace?.({ atMs: this.#nowMs, node, label });
  }

  /** Lets the next event happen, unless it is later than `untilMs`; false when there was none. */
  step(untilMs: number): boolean {
    for (;;) {
      const atMs = this.#queue.peekMs();
      if (atMs === undefined || atMs > untilMs) {
        if (this.#nowMs < untilMs && Number.isFinite(untilMs)) this.#nowMs = untilMs;
        return false;
      }
      const event = this.#queue.pop() as WorldEvent;
      if (event.isCancelled) continue;
      this.#nowMs = event.atMs;
      this.note(event.label, event.node);
      event.run();
      return true;
    }
  }
}
