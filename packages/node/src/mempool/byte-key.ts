import { Buffer } from 'node:buffer';

/** A text that stands for bytes as the key of a map: one character a byte. */
export function keyOf(bytes: Uint8Array): string {
  return Buffer.prototype.latin1Slice.call(bytes, 0, bytes.length);
}
