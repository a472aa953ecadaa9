import type { Vote } from '@mutual-chain/protocol';
import { FairQueue } from '../scheduling/fair-queue.ts';
import type { RuntimeClock } from './ports.ts';

/** How the verifying of votes is spread, so that timers and whatever else arrives get their turn. */
export const VOTE_SLICES = {
  /** Votes that are verified in one go: 4 to 6 ms of work. */
  votesMax: 32,
  /** Time within which no more than one slice is begun, ms. */
  intervalMs: 5,
  /** Votes of one peer that wait: all that an honest one has of a hundred validators, twice. Further ones are dropped; they are sent again. */
  waitingPerPeerMax: 1_024,
} as const;

/** What the queue works with. */
export type VoteQueueOptions = {
  readonly clock: RuntimeClock;
  /** Works off a vote that has waited; whether that took a signature. */
  readonly work: (peer: string, vote: Vote) => boolean;
  /** Runs a slice. */
  readonly run: (slice: () => void) => void;
};

type WaitingVote = { readonly peer: string; readonly vote: Vote };

/** Votes wait here when many come at once: of each peer in order, of all peers in turn. */
export class VoteQueue {
  readonly #options: VoteQueueOptions;
  readonly #waiting = new FairQueue<string, WaitingVote>();
  #sinceMs = Number.NEGATIVE_INFINITY;
  /** Votes verified since then. */
  #verified = 0;
  #cancelSlice: (() => void) | undefined;

  constructor(options: VoteQueueOptions) {
    this.#options = options;
  }

  /** Whether a vote is to be verified now; if not, it waits. */
  take(peer: string, vote: Vote): boolean {
    if (this.#waiting.size === 0 && this.#hasTurn()) return true;
    if (this.#waiting.sizeOf(peer) < VOTE_SLICES.waitingPerPeerMax) this.#waiting.push(peer, { peer, vote });
    this.#arm();
    return false;
  }

  /** Drops what a peer sent. */
  forget(peer: string): void {
    this.#waiting.remove(peer);
  }

  /** Drops everything, for good. */
  stop(): void {
    this.#cancelSlice?.();
    this.#cancelSlice = undefined;
    while (this.#waiting.shift() !== undefined);
  }

  #hasTurn(): boolean {
    const nowMs = this.#options.clock.wallMs();
    // The clock may have been set back.
    if (nowMs < this.#sinceMs || nowMs >= this.#sinceMs + VOTE_SLICES.intervalMs) this.#begin(nowMs);
    return this.#verified++ < VOTE_SLICES.votesMax;
  }

  #begin(nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#verified = 0;
  }

  #slice(): void {
    this.#cancelSlice = undefined;
    this.#begin(this.#options.clock.wallMs());
    while (this.#verified < VOTE_SLICES.votesMax) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if (this.#options.work(next.peer, next.vote)) this.#verified++;
    }
    if (this.#waiting.size > 0) this.#arm();
  }

  #arm(): void {
    const { clock, run } = this.#options;
    this.#cancelSlice ??= clock.schedule(VOTE_SLICES.intervalMs, () => run(() => this.#slice()));
  }
}
