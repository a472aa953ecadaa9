type Queue<Item> = { readonly items: (Item | undefined)[]; front: number };

/** Places at the front of a queue that are free before it is moved up. */
const FREE_PLACES_MAX = 1_024;

/** Items of several sources, taken one of each source in turn, and of each source in order: nobody waits behind the flood of another. */
export class FairQueue<Source, Item> {
  /** Whoever is next comes first. */
  readonly #queues = new Map<Source, Queue<Item>>();
  #size = 0;

  /** Number of items. */
  get size(): number {
    return this.#size;
  }

  /** Number of items of a source. */
  sizeOf(source: Source): number {
    const queue = this.#queues.get(source);
    return queue === undefined ? 0 : queue.items.length - queue.front;
  }

  push(source: Source, item: Item): void {
    const queue = this.#queues.get(source);
    if (queue === undefined) this.#queues.set(source, { items: [item], front: 0 });
    else queue.items.push(item);
    this.#size++;
  }

  /** Takes the next item; its source goes to the end. */
  shift(): Item | undefined {
    for (const [source, queue] of this.#queues) {
      const item = queue.items[queue.front];
      queue.items[queue.front++] = undefined;
      this.#size--;
      this.#queues.delete(source);
      if (queue.front >= queue.items.length) return item;
      if (queue.front > FREE_PLACES_MAX) {
        queue.items.splice(0, queue.front);
        queue.front = 0;
      }
      this.#queues.set(source, queue);
      return item;
    }
    return undefined;
  }

  /** Takes out all items of a source, in order. */
  remove(source: Source): readonly Item[] {
    const queue = this.#queues.get(source);
    this.#queues.delete(source);
    const items = (queue?.items.slice(queue.front) ?? []) as Item[];
    this.#size -= items.length;
    return items;
  }
}
