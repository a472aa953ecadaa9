/** Something that happens at a moment of virtual time. */
export type WorldEvent = {
  readonly atMs: number;
  /** Random: decides between events of one moment. */
  readonly tie: number;
  /** Decides when even that is the same. */
  readonly sequence: number;
  readonly label: string;
  /** Number of the node it happens to; −1 for the world itself. */
  readonly node: number;
  readonly run: () => void;
  isCancelled: boolean;
};

/** Events in the order in which they happen: a binary heap by time, tie and sequence. */
export class EventQueue {
  readonly #heap: WorldEvent[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(event: WorldEvent): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as WorldEvent;
      if (!isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  /** Time of the next event; undefined when there is none. */
  peekMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  /** Takes the next event; undefined when there is none. */
  pop(): WorldEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && isBefore(heap[right] as WorldEvent, heap[child] as WorldEvent)) child = right;
      if (!isBefore(heap[child] as WorldEvent, last)) break;
      heap[at] = heap[child] as WorldEvent;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(left: WorldEvent, right: WorldEvent): boolean {
  if (left.atMs !== right.atMs) return left.atMs < right.atMs;
  if (left.tie !== right.tie) return left.tie < right.tie;
  return left.sequence < right.sequence;
}
