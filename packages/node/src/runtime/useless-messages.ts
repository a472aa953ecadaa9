/** Bounds on what peers repeat. */
export const USELESS_MESSAGES = {
  /** Time in which they are counted, ms. */
  windowMs: 60_000,
  /**
   * Votes, proposals and bodies of one peer that brought nothing, within that time. An honest peer answers each status of this node with up
   * to five votes of each of a hundred validators (two of each of two rounds, and the prevote of a third), all of which others may have brought
   * meanwhile, and is told up to ten a second. Its link could carry six times as many, none of which costs a signature.
   */
  perPeerMax: 300_000,
} as const;

/** Counts what peers sent in vain, within a window of time. Whoever leaves and comes back is the same peer. */
export class UselessMessages {
  readonly #counts = new Map<string, number>();
  #sinceMs = Number.NEGATIVE_INFINITY;

  /** Counts one; whether the peer has now sent too many. The clock may jump: another window begins then. */
  count(peer: string, nowMs: number): boolean {
    if (nowMs < this.#sinceMs || nowMs >= this.#sinceMs + USELESS_MESSAGES.windowMs) {
      this.#counts.clear();
      this.#sinceMs = nowMs;
    }
    const count = (this.#counts.get(peer) ?? 0) + 1;
    this.#counts.set(peer, count);
    return count > USELESS_MESSAGES.perPeerMax;
  }
}
