import { hash } from 'node:crypto';

/** Chances are given in thousandths. */
const PER_MILLE = 1000;

/**
 * Random numbers that follow from a seed and a name alone: each part of the simulated world draws from its own stream, so that a change in
 * one part does not shift the others.
 *
 * Source: sfc32 of PractRand (C. Doty-Humphrey), seeded with SHA-256.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(seed: bigint, name: string) {
    const digest = hash('sha256', `${seed} ${name}`, 'buffer');
    this.#a = digest.readInt32LE(0);
    this.#b = digest.readInt32LE(4);
    this.#c = digest.readInt32LE(8);
    this.#counter = digest.readInt32LE(12);
    for (let each = 0; each < 12; each++) this.word();
  }

  /** 0 ≤ word < 2^32. */
  word(): number {
    const mixed = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + mixed) | 0;
    return mixed >>> 0;
  }

  /** 0 ≤ number < bound; bound ≤ 2^32. */
  below(bound: number): number {
    return Math.floor((this.word() / 2 ** 32) * bound);
  }

  /** low ≤ number ≤ high. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in so many of a thousand cases. */
  chance(perMille: number): boolean {
    return perMille > 0 && this.below(PER_MILLE) < perMille;
  }

  /** One of the items, of which there is at least one. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** The items in any order. */
  shuffle<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items];
    for (let at = shuffled.length - 1; at > 0; at--) {
      const other = this.below(at + 1);
      [shuffled[at], shuffled[other]] = [shuffled[other] as Item, shuffled[at] as Item];
    }
    return shuffled;
  }

  /** Random bytes. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at++) bytes[at] = this.word() & 0xff;
    return bytes;
  }
}
