import type { RandomStream } from '../random/random-stream.ts';
import type { DiskFaultKind } from './disk-faults.ts';

/** A write that is not durable: what it wrote, and what it takes to undo it. */
type Change = {
  readonly position: number;
  /** undefined: the file was cut at `position`. */
  readonly bytes: Uint8Array | undefined;
  readonly sizeBefore: number;
  /** Content from `position` on that was written over or cut off. */
  readonly lost: Uint8Array;
};

const FIRST_CAPACITY_BYTES = 256;

/** The content of a file, and which of it is durable. */
export class StoredFile {
  #content: Uint8Array = new Uint8Array(FIRST_CAPACITY_BYTES);
  #size = 0;
  #unsynced: Change[] = [];

  get size(): number {
    return this.#size;
  }

  /** Whether something was written that is not durable. */
  get isDirty(): boolean {
    return this.#unsynced.length > 0;
  }

  read(position: number, length: number): Uint8Array {
    return this.#content.slice(Math.min(position, this.#size), Math.min(position + length, this.#size));
  }

  write(position: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const end = position + bytes.length;
    const lost = this.#content.slice(position, Math.min(end, this.#size));
    this.#unsynced.push({ position, bytes: bytes.slice(), sizeBefore: this.#size, lost });
    this.#put(position, bytes);
  }

  truncate(length: number): void {
    this.#unsynced.push({ position: length, bytes: undefined, sizeBefore: this.#size, lost: this.#content.slice(length, this.#size) });
    this.#size = length;
  }

  sync(): void {
    if (this.#unsynced.length > 0) this.#unsynced = [];
  }

  /** A bit of the durable content turns over. */
  flipBit(random: RandomStream): boolean {
    if (this.#size === 0) return false;
    const at = random.below(this.#size);
    this.#content[at] = (this.#content[at] as number) ^ (1 << random.below(8));
    return true;
  }

  /** What was not durable is there as chance has it: whole, not at all, in part, or with something else in its place. */
  losePower(random: RandomStream, count: (kind: DiskFaultKind) => void): void {
    const changes = this.#unsynced;
    this.#unsynced = [];
    for (const change of changes.toReversed()) this.#undo(change);
    // Either the disk kept an order, and the last that it kept may be torn, or it did not.
    const kept = random.chance(500) ? random.below(changes.length + 1) : -1;
    for (const [index, change] of changes.entries()) {
      if (kept >= 0 && index > kept) count('unsyncedLost');
      else if (kept >= 0 && index < kept) this.#redo(change, change.bytes, count);
      else this.#redo(change, this.#survivor(change, random, count), count);
    }
  }

  #survivor(change: Change, random: RandomStream, count: (kind: DiskFaultKind) => void): Uint8Array | undefined {
    const { bytes } = change;
    if (bytes === undefined) return undefined;
    const fate = random.below(5);
    if (fate === 0) return new Uint8Array(0);
    if (fate === 1) return bytes;
    const from = random.below(bytes.length + 1);
    if (fate === 2) {
      count('writeTorn');
      return bytes.subarray(0, from);
    }
    const garbled = bytes.slice();
    count(fate === 3 ? 'writeZeroed' : 'writeGarbled');
    if (fate === 3) garbled.fill(0, from);
    else garbled.set(random.bytes(bytes.length - from), from);
    return garbled;
  }

  #redo({ position, bytes }: Change, survivor: Uint8Array | undefined, count: (kind: DiskFaultKind) => void): void {
    if (bytes === undefined || survivor === undefined) {
      this.#size = Math.min(this.#size, position);
      return;
    }
    count(survivor.length === 0 ? 'unsyncedLost' : 'unsyncedKept');
    if (survivor.length > 0) this.#put(position, survivor);
  }

  #undo({ position, sizeBefore, lost }: Change): void {
    this.#size = sizeBefore;
    this.#reserve(sizeBefore);
    this.#content.set(lost, position);
  }

  #put(position: number, bytes: Uint8Array): void {
    const end = position + bytes.length;
    this.#reserve(end);
    // A hole that a lost write left behind reads as zeros.
    if (position > this.#size) this.#content.fill(0, this.#size, position);
    this.#content.set(bytes, position);
    this.#size = Math.max(this.#size, end);
  }

  #reserve(size: number): void {
    if (size <= this.#content.length) return;
    const grown = new Uint8Array(Math.max(size, this.#content.length * 2));
    grown.set(this.#content.subarray(0, this.#size));
    this.#content = grown;
  }
}
