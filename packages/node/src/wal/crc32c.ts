/** The polynomial of Castagnoli, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** Eight bytes are taken at a time, each through a table of its own: row k is a byte followed by k zero bytes. */
const TABLES: readonly Uint32Array[] = createTables();

function createTables(): readonly Uint32Array[] {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder & 1) === 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
    first[byte] = remainder;
  }
  const tables = [first];
  for (let row = 1; row < 8; row++) {
    const shorter = tables[row - 1] as Uint32Array;
    tables.push(shorter.map((value) => (value >>> 8) ^ (first[value & 0xff] as number)));
  }
  return tables;
}

/**
 * CRC-32C of bytes, or of what `before` is the checksum of followed by them; unsigned 32 bits. It finds every error of up to three bits in what
 * this program stores, and every burst of up to 32 bits. Source: RFC 3720, section 12.1.
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let remainder = ~before;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const low = remainder ^ view.getUint32(at, true);
    const high = view.getUint32(at + 4, true);
    remainder =
      (t7[low & 0xff] as number) ^
      (t6[(low >>> 8) & 0xff] as number) ^
      (t5[(low >>> 16) & 0xff] as number) ^
      (t4[low >>> 24] as number) ^
      (t3[high & 0xff] as number) ^
      (t2[(high >>> 8) & 0xff] as number) ^
      (t1[(high >>> 16) & 0xff] as number) ^
      (t0[high >>> 24] as number);
  }
  for (; at < bytes.length; at++) remainder = (remainder >>> 8) ^ (t0[(remainder ^ (bytes[at] as number)) & 0xff] as number);
  return ~remainder >>> 0;
}
