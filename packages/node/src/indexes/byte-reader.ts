import { assertInvariant } from '@mutual-chain/protocol';

/** Reads what `ByteWriter` wrote. Its bytes have passed their checksum, so that anything else in them is a bug: `InvariantError`. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether everything has been read. */
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Reads one byte. */
  byte(): number {
    const value = this.#bytes[this.#at++];
    assertInvariant(value !== undefined, 'an index entry has what its form says');
    return value;
  }

  /** Reads a whole number. */
  count(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  /** Reads an amount. */
  amount(): bigint {
    const bytes = this.fixed(this.byte());
    let value = 0n;
    for (let index = bytes.length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index] as number);
    return value;
  }

  /** Reads as many bytes, as bytes of their own. */
  fixed(length: number): Uint8Array {
    const end = this.#at + length;
    assertInvariant(end <= this.#bytes.length, 'an index entry has what its form says');
    const value = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return value;
  }

  /** Reads bytes with their length. */
  bytes(): Uint8Array {
    return this.fixed(this.count());
  }
}
