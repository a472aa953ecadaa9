/** How much a client may ask: `burst` calls at once, and `callsPerSecond` on and on; whole numbers from 1. */
export type RateLimit = { readonly burst: number; readonly callsPerSecond: number };

/** Most clients that are told apart; the one not heard of for longest is forgotten, and begins anew. */
export const CLIENTS_MAX = 10_000;

/** Whether a call may go ahead, or when the next one has a chance. */
export type RateVerdict = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/** Tokens in thousandths, so that what a millisecond adds is a whole number and no rounding makes a promise of `retryAfterMs` false. */
type Bucket = { thousandths: number; filledAtMs: number };

/**
 * Counts what each client asks: a bucket of tokens for each, refilled as time passes. One call costs one token or more.
 *
 * A call that costs more than the whole burst goes ahead when the bucket is full, so that no call is impossible.
 */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #elapsedMs: () => number;
  /** In the order of last use. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(limit: RateLimit, elapsedMs: () => number) {
    this.#limit = limit;
    this.#elapsedMs = elapsedMs;
  }

  /** Takes tokens from the client's bucket, unless it has too few. */
  take(client: string, tokens: number): RateVerdict {
    const { burst, callsPerSecond } = this.#limit;
    const nowMs = Math.floor(this.#elapsedMs());
    const bucket = this.#bucketOf(client, nowMs);
    bucket.thousandths = Math.min(burst * 1000, bucket.thousandths + (nowMs - bucket.filledAtMs) * callsPerSecond);
    bucket.filledAtMs = nowMs;
    const needed = Math.min(tokens, burst) * 1000;
    if (bucket.thousandths < needed) return { ok: false, retryAfterMs: Math.ceil((needed - bucket.thousandths) / callsPerSecond) };
    bucket.thousandths -= needed;
    return { ok: true };
  }

  #bucketOf(client: string, nowMs: number): Bucket {
    const bucket = this.#buckets.get(client) ?? { thousandths: this.#limit.burst * 1000, filledAtMs: nowMs };
    this.#buckets.delete(client);
    this.#buckets.set(client, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > CLIENTS_MAX && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}
