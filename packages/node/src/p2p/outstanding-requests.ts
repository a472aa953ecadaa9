import { TRANSPORT_LIMITS } from './limits.ts';
import type { RequestOutcome, TransportClock } from './transport.ts';

type Done = (outcome: RequestOutcome) => void;

/** The requests to one peer that wait for their responses. */
export class OutstandingRequests {
  readonly #clock: TransportClock;
  readonly #waiting = new Map<number, { readonly done: Done; readonly cancel: () => void }>();
  #lastId = 0;

  constructor(clock: TransportClock) {
    this.#clock = clock;
  }

  /** Whether no more requests may be under way. */
  get isFull(): boolean {
    return this.#waiting.size >= TRANSPORT_LIMITS.requestsInFlightMax;
  }

  /** Begins to wait, and returns the id of the request. */
  open(done: Done): number {
    // Ids come round after 2^32 requests, when the first have long timed out.
    this.#lastId = (this.#lastId + 1) >>> 0;
    const id = this.#lastId;
    const cancel = this.#clock.schedule(TRANSPORT_LIMITS.requestTimeoutMs, () => this.settle(id, { ok: false, reason: 'timedOut' }));
    this.#waiting.set(id, { done, cancel });
    return id;
  }

  /** Ends a request. False when none of this id waits: the answer may be late. */
  settle(id: number, outcome: RequestOutcome): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return false;
    this.#waiting.delete(id);
    waiting.cancel();
    waiting.done(outcome);
    return true;
  }

  /** Ends all requests because the link is down. */
  disconnect(): void {
    for (const id of [...this.#waiting.keys()]) this.settle(id, { ok: false, reason: 'disconnected' });
  }
}
