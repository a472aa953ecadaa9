/** Keys by the second at which they expire. */
export class ExpiryBuckets {
  readonly #buckets = new Map<number, Set<string>>();
  /** Nothing expires before this second: several blocks of one second need no second look. */
  #earliestSec = Number.MAX_SAFE_INTEGER;

  add(key: string, expiresAtSec: number): void {
    const bucket = this.#buckets.get(expiresAtSec);
    this.#earliestSec = Math.min(this.#earliestSec, expiresAtSec);
    if (bucket === undefined) this.#buckets.set(expiresAtSec, new Set([key]));
    else bucket.add(key);
  }

  remove(key: string, expiresAtSec: number): void {
    const bucket = this.#buckets.get(expiresAtSec);
    if (bucket?.delete(key) === true && bucket.size === 0) this.#buckets.delete(expiresAtSec);
  }

  /** Takes out what expires at this second or before: earliest first, then in the order in which it was added. */
  takeUntil(timeSec: number): readonly string[] {
    if (this.#earliestSec > timeSec) return [];
    const due = [...this.#buckets.keys()].filter((expiresAtSec) => expiresAtSec <= timeSec).sort((left, right) => left - right);
    const keys = due.flatMap((expiresAtSec) => [...(this.#buckets.get(expiresAtSec) ?? [])]);
    for (const expiresAtSec of due) this.#buckets.delete(expiresAtSec);
    this.#earliestSec = Number.MAX_SAFE_INTEGER;
    for (const expiresAtSec of this.#buckets.keys()) this.#earliestSec = Math.min(this.#earliestSec, expiresAtSec);
    return keys;
  }
}
