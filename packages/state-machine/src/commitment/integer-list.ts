const FIRST_CAPACITY = 64;

/** A growing list of 32-bit integers without an object for each. */
export class IntegerList {
  #items: Int32Array = new Int32Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: number): void {
    if (this.#length === this.#items.length) {
      const grown = new Int32Array(this.#length * 2);
      grown.set(this.#items);
      this.#items = grown;
    }
    this.#items[this.#length++] = item;
  }

  /** Takes the last item away and returns it, or undefined when there is none. */
  pop(): number | undefined {
    return this.#length === 0 ? undefined : this.#items[--this.#length];
  }

  /** Item at a position below the length. */
  at(position: number): number {
    return this.#items[position] as number;
  }

  /** Memory held, bytes. */
  get byteLength(): number {
    return this.#items.byteLength;
  }
}
