import { redialDelayMs } from './dial-backoff.ts';
import { TRANSPORT_LIMITS } from './limits.ts';
import type { TransportClock } from './transport.ts';

/** What a dialler needs. */
export type DiallerOptions = {
  readonly clock: TransportClock;
  /** Own peer id. */
  readonly ownPeer: string;
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** Makes a connection; rejects when that fails or the signal aborts. */
  readonly dial: (peer: string, signal: AbortSignal) => Promise<void>;
};

type Target = {
  /** Dials in a row that have led to no lasting link. */
  failures: number;
  linkedAtMs: number | undefined;
  /** A connection ended while a dial was under way: perhaps the one that it made. */
  hasEndedMeanwhile: boolean;
  /** Ends the wait, or the dial that is under way. */
  cancel: (() => void) | undefined;
};

/** Dials every target for ever, except while there is a link to it. */
export class Dialler {
  readonly #options: DiallerOptions;
  readonly #targets = new Map<string, Target>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: DiallerOptions) {
    this.#options = options;
  }

  /** Replaces the targets: new ones are dialled, others no more. */
  aim(peers: readonly string[]): void {
    for (const [peer, target] of this.#targets) {
      if (peers.includes(peer)) continue;
      target.cancel?.();
      target.cancel = undefined;
      this.#targets.delete(peer);
    }
    for (const peer of peers) {
      if (this.#targets.has(peer)) continue;
      const target: Target = { failures: 0, linkedAtMs: undefined, hasEndedMeanwhile: false, cancel: undefined };
      this.#targets.set(peer, target);
      this.#wait(peer, target, this.#options.ownPeer < peer ? 0 : TRANSPORT_LIMITS.diallerHeadStartMs);
    }
  }

  /** There is a link to a peer now. */
  linked(peer: string): void {
    const target = this.#targets.get(peer);
    if (target === undefined) return;
    target.cancel?.();
    target.cancel = undefined;
    target.linkedAtMs = this.#options.clock.monotonicMs();
  }

  /** A link, or what might have become one, is over. */
  unlinked(peer: string): void {
    const target = this.#targets.get(peer);
    if (target === undefined) return;
    target.hasEndedMeanwhile = true;
    if (target.cancel !== undefined) return;
    const { linkedAtMs } = target;
    target.linkedAtMs = undefined;
    // A link that ends as soon as it is there counts as a failure, or a peer that is cut each time would be dialled without pause.
    const hasLasted = linkedAtMs !== undefined && this.#options.clock.monotonicMs() - linkedAtMs >= TRANSPORT_LIMITS.redialMaxMs;
    target.failures = hasLasted ? 0 : target.failures + 1;
    this.#wait(peer, target, redialDelayMs(target.failures, this.#options.chance()));
  }

  /** Stops dialling; resolves when no dial is under way. */
  async stop(): Promise<void> {
    this.aim([]);
    await Promise.all(this.#underWay);
  }

  #wait(peer: string, target: Target, delayMs: number): void {
    target.cancel = this.#options.clock.schedule(delayMs, () => {
      const dial = this.#dial(peer, target);
      this.#underWay.add(dial);
      void dial.finally(() => this.#underWay.delete(dial));
    });
  }

  async #dial(peer: string, target: Target): Promise<void> {
    const controller = new AbortController();
    const abort = (): void => controller.abort(new Error('the dial is given up'));
    const cancelTimeout = this.#options.clock.schedule(TRANSPORT_LIMITS.dialTimeoutMs, abort);
    target.cancel = abort;
    target.hasEndedMeanwhile = false;
    const hasSucceeded = await this.#options.dial(peer, controller.signal).then(
      () => true,
      () => false,
    );
    cancelTimeout();
    const outcome = outcomeOf(target, abort);
    if (outcome === 'givenUp') return;
    target.cancel = undefined;
    if (!hasSucceeded || outcome === 'ended') this.unlinked(peer);
  }
}

/** What came of a dial: a link or the end of the dialler gave it up, its connection has ended already, or is about to become a link. */
function outcomeOf(target: Target, cancel: () => void): 'givenUp' | 'ended' | 'connecting' {
  if (target.cancel !== cancel) return 'givenUp';
  return target.hasEndedMeanwhile ? 'ended' : 'connecting';
}
