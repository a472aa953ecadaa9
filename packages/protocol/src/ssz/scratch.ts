import type { Memory } from './field.ts';

/*
 * For codecs on the path of every transaction, whose layout is written out by hand: a container read or written field by field through
 * one piece of memory made once. Their bytes are held equal to the general codec's by tests.
 */

const LOW_BITS = 0xffff_ffff_ffff_ffffn;

/** Memory of a fixed length for a codec to work in; what it yields is copied out of it. */
export function createScratch(lengthBytes: number): Memory {
  const bytes = new Uint8Array(lengthBytes);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** Writes an amount (0 ≤ a < 2^128) as 16 bytes little-endian. */
export function writeAmount(view: DataView, at: number, amount: bigint): void {
  const small = amount <= LOW_BITS;
  view.setBigUint64(at, small ? amount : amount & LOW_BITS, true);
  view.setBigUint64(at + 8, small ? 0n : amount >> 64n, true);
}

/** Reads an amount of 16 bytes little-endian. */
export function readAmount(view: DataView, at: number): bigint {
  const low = view.getBigUint64(at, true);
  const high = view.getBigUint64(at + 8, true);
  return high === 0n ? low : (high << 64n) | low;
}

/** Writes a safe integer as 8 bytes little-endian. */
export function writeUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
}

/** Reads 8 bytes little-endian as a number; above 2^53 it is not exact, which the caller has to refuse. */
export function readUint64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}
