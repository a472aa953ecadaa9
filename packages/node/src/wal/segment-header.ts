import { equalBytes, type GenesisHash } from '@mutual-chain/protocol';
import { crc32c } from './crc32c.ts';

/** Length of the header that every segment begins with, bytes. */
export const SEGMENT_HEADER_BYTES = 64;

/** Bytes of the number that makes the frames of a segment its own. */
export const SEGMENT_NONCE_BYTES = 8;

const MAGIC = new TextEncoder().encode('mutualwl');
const VERSION = 1;
const AT = { version: 8, height: 12, genesisHash: 20, nonce: 52, checksum: 60 } as const;
const SUFFIX = '.wal';
const HEIGHT_DIGITS = 16;

/** What a segment says of itself. */
export type SegmentHeader = {
  readonly height: number;
  readonly genesisHash: GenesisHash;
  /** Random. Checksums of frames begin with it, so that neither what another file left on the disk nor what is in a payload passes for one. */
  readonly nonce: Uint8Array;
};

/** Header of the segment that was expected, or why it is none. */
export type SegmentHeaderVerdict =
  | { readonly ok: true; readonly nonce: Uint8Array }
  | { readonly ok: false; readonly fault: 'damaged' | 'otherChain' | 'formatUnknown' };

/** Name of the file that holds a height: the height in 16 digits, so that names are in the order of heights. */
export function segmentName(height: number): string {
  return `${String(height).padStart(HEIGHT_DIGITS, '0')}${SUFFIX}`;
}

/** The height of a file, or undefined when its name is not that of a segment. */
export function segmentHeight(name: string): number | undefined {
  if (!/^\d{16}\.wal$/.test(name)) return undefined;
  const height = Number(name.slice(0, HEIGHT_DIGITS));
  return Number.isSafeInteger(height) ? height : undefined;
}

/** Magic "mutualwl" (8) ‖ version (4) ‖ height (8) ‖ genesis hash (32) ‖ nonce (8) ‖ CRC-32C of all before (4); numbers big-endian. */
export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(AT.version, VERSION);
  view.setBigUint64(AT.height, BigInt(header.height));
  bytes.set(header.genesisHash, AT.genesisHash);
  bytes.set(header.nonce, AT.nonce);
  view.setUint32(AT.checksum, crc32c(bytes.subarray(0, AT.checksum)));
  return bytes;
}

/** Checks the first 64 bytes of a segment against the height and the chain that it should be of. */
export function checkSegmentHeader(bytes: Uint8Array, expected: Omit<SegmentHeader, 'nonce'>): SegmentHeaderVerdict {
  if (bytes.length < SEGMENT_HEADER_BYTES) return { ok: false, fault: 'damaged' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, SEGMENT_HEADER_BYTES);
  if (view.getUint32(AT.checksum) !== crc32c(bytes.subarray(0, AT.checksum))) return { ok: false, fault: 'damaged' };
  if (!equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) return { ok: false, fault: 'damaged' };
  if (view.getUint32(AT.version) !== VERSION) return { ok: false, fault: 'formatUnknown' };
  if (!equalBytes(bytes.subarray(AT.genesisHash, AT.nonce), expected.genesisHash)) return { ok: false, fault: 'otherChain' };
  if (view.getBigUint64(AT.height) !== BigInt(expected.height)) return { ok: false, fault: 'damaged' };
  return { ok: true, nonce: bytes.slice(AT.nonce, AT.checksum) };
}
