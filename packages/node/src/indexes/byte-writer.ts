const INITIAL_BYTES = 4096;

/** Writes values one after another into memory that grows. */
export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(INITIAL_BYTES);
  #view: DataView = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Writes one byte. */
  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Writes a whole number from 0 to 2^53 − 1 with seven bits a byte, the lowest first. */
  count(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Writes an amount below 2^128: how many bytes it has, then those, the lowest first. */
  amount(value: bigint): void {
    this.#reserve(17);
    const at = this.#length + 1;
    this.#view.setBigUint64(at, BigInt.asUintN(64, value), true);
    this.#view.setBigUint64(at + 8, value >> 64n, true);
    let length = 16;
    while (length > 0 && this.#bytes[at + length - 1] === 0) length--;
    this.#bytes[this.#length] = length;
    this.#length = at + length;
  }

  /** Writes bytes of a length that the reader knows. */
  fixed(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** Writes bytes with their length. */
  bytes(value: Uint8Array): void {
    this.count(value.length);
    this.fixed(value);
  }

  /** What was written since the last time, as bytes of their own. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(more: number): void {
    // An amount is written in its full length and cut afterwards.
    const needed = this.#length + more + 8;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
