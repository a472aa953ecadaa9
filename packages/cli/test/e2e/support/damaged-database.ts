import { crc32 } from 'node:zlib';
import { ClassicLevel } from 'classic-level';

/** What is stored under which keys of the database of a node: first the kind, then what it is about. */
export const STORED = {
  state: Uint8Array.of(0x01),
  block: Uint8Array.of(0x02),
  receipts: Uint8Array.of(0x05, 0x02),
  records: Uint8Array.of(0x05, 0x03),
} as const;

const CHECKSUM_BYTES = 4;

/**
 * Changes one byte in the middle of the largest value below a prefix, where it is. `mended`: whether its checksum is made to fit, as somebody would
 * who wants it to go unnoticed.
 */
export async function changeOneByte(directory: string, prefix: Uint8Array, mended: boolean): Promise<void> {
  const level = new ClassicLevel<Uint8Array, Uint8Array>(directory, { keyEncoding: 'view', valueEncoding: 'view' });
  try {
    const rows = await level.iterator({ gte: prefix, lt: Uint8Array.from([...prefix.slice(0, -1), (prefix.at(-1) ?? 0) + 1]) }).all();
    const [row] = rows.sort(([, left], [, right]) => right.length - left.length);
    if (row === undefined) throw new Error('there is nothing to be damaged');
    const [key, value] = row;
    const damaged = Uint8Array.from(value);
    const payloadBytes = damaged.length - CHECKSUM_BYTES;
    const at = Math.floor(payloadBytes / 2);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    if (mended) new DataView(damaged.buffer).setUint32(payloadBytes, crc32(damaged.subarray(0, payloadBytes), crc32(key)), true);
    await level.put(key, damaged, { sync: true });
  } finally {
    await level.close();
  }
}
