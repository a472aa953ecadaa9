/** The polynomial of Castagnoli, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** Eight rows of 256: row k has the remainder of each byte followed by k zero bytes, so that eight bytes are taken at a time. */
const TABLE: Uint32Array = createTable();

function createTable(): Uint32Array {
  const table = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder & 1) === 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
    table[byte] = remainder;
  }
  for (let at = 256; at < table.length; at++) {
    const shorter = table[at - 256] as number;
    table[at] = (shorter >>> 8) ^ (table[shorter & 0xff] as number);
  }
  return table;
}

/**
 * CRC-32C of bytes, or of what `before` is the checksum of followed by them; unsigned 32 bits. It finds every error of up to three bits in what
 * this program stores, and every burst of up to 32 bits. Source: RFC 3720, section 12.1.
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let remainder = ~before;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const low = remainder ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    remainder =
      (TABLE[1792 + (low & 0xff)] as number) ^
      (TABLE[1536 + ((low >>> 8) & 0xff)] as number) ^
      (TABLE[1280 + ((low >>> 16) & 0xff)] as number) ^
      (TABLE[1024 + (low >>> 24)] as number) ^
      (TABLE[768 + (high & 0xff)] as number) ^
      (TABLE[512 + ((high >>> 8) & 0xff)] as number) ^
      (TABLE[256 + ((high >>> 16) & 0xff)] as number) ^
      (TABLE[high >>> 24] as number);
  }
  for (; at < bytes.length; at++) remainder = (remainder >>> 8) ^ (TABLE[(remainder ^ (bytes[at] as number)) & 0xff] as number);
  return ~remainder >>> 0;
}
