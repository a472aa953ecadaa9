import type { OverflowPolicy } from './limits.ts';

/** Something that waits to be sent. */
export type Queued<Item> = { readonly item: Item; readonly bytes: number };

/** Compacting when this many places at the front are free keeps taking from the front cheap. */
const FREE_PLACES_MAX = 1_024;

/** What waits to be sent on one stream, bounded in bytes. */
export class SendQueue<Item> {
  readonly #bytesMax: number;
  readonly #overflow: OverflowPolicy;
  #items: (Queued<Item> | undefined)[] = [];
  #front = 0;
  #bytes = 0;

  constructor(options: { readonly queueBytesMax: number; readonly overflow: OverflowPolicy }) {
    this.#bytesMax = options.queueBytesMax;
    this.#overflow = options.overflow;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is sent next. */
  get first(): Item | undefined {
    return this.#items[this.#front]?.item;
  }

  /** Takes an item if the policy lets it in; `dropped` counts those that were given up, the new one included. */
  push(item: Item, bytes: number): { readonly isQueued: boolean; readonly dropped: number } {
    let dropped = 0;
    if (this.#overflow === 'dropOldest') {
      while (this.#bytes > 0 && this.#bytes + bytes > this.#bytesMax) {
        this.shift();
        dropped++;
      }
    }
    if (this.#bytes + bytes > this.#bytesMax) return { isQueued: false, dropped: dropped + 1 };
    this.#items.push({ item, bytes });
    this.#bytes += bytes;
    return { isQueued: true, dropped };
  }

  /** Takes the first item out. */
  shift(): Item | undefined {
    const first = this.#items[this.#front];
    if (first === undefined) return undefined;
    this.#items[this.#front++] = undefined;
    this.#bytes -= first.bytes;
    if (this.#front === this.#items.length || this.#front > FREE_PLACES_MAX) {
      this.#items = this.#items.slice(this.#front);
      this.#front = 0;
    }
    return first.item;
  }

  /** Drops all. */
  clear(): void {
    this.#items = [];
    this.#front = 0;
    this.#bytes = 0;
  }
}
