/** How much a client may ask: `burst` calls at once, and `callsPerSecond` on and on. */
export type RateLimit = { readonly burst: number; readonly callsPerSecond: number };

/** Most clients that are told apart; the one not heard of for longest is forgotten, and begins anew. */
export const CLIENTS_MAX = 10_000;

/** Whether a call may go ahead, or when the next one has a chance. */
export type RateVerdict = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

type Bucket = { tokens: number; filledAtMs: number };

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
    const nowMs = this.#elapsedMs();
    const bucket = this.#bucketOf(client, nowMs);
    const refill = ((nowMs - bucket.filledAtMs) / 1000) * callsPerSecond;
    bucket.tokens = Math.min(burst, bucket.tokens + refill);
    bucket.filledAtMs = nowMs;
    const needed = Math.min(tokens, burst);
    if (bucket.tokens < needed) return { ok: false, retryAfterMs: Math.ceil(((needed - bucket.tokens) / callsPerSecond) * 1000) };
    bucket.tokens -= needed;
    return { ok: true };
  }

  #bucketOf(client: string, nowMs: number): Bucket {
    const bucket = this.#buckets.get(client) ?? { tokens: this.#limit.burst, filledAtMs: nowMs };
    this.#buckets.delete(client);
    this.#buckets.set(client, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > CLIENTS_MAX && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}
