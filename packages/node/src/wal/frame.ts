import { assertInvariant } from '@mutual-chain/protocol';
import { crc32c } from './crc32c.ts';
import { WAL_LIMITS } from './limits.ts';

/** Length of the header that every frame begins with, bytes. */
export const FRAME_HEADER_BYTES = 52;

/** Bytes of a record besides its payload: kind and length. */
export const RECORD_HEADER_BYTES = 5;

const AT = { headerChecksum: 0, contentChecksum: 4, length: 8, sequence: 12, previous: 20 } as const;

/** What stands in front of the content of a frame. */
export type FrameHeader = {
  readonly contentChecksum: number;
  /** Bytes of content. */
  readonly length: number;
  readonly sequence: number;
  /** SHA-256 of the frame before; of the segment header for the first. */
  readonly previous: Uint8Array;
};

/** A record whose kind is still the number that stands for it. */
export type CodedRecord = { readonly kind: number; readonly payload: Uint8Array };

/** What a frame is bound to. */
export type FramePlace = {
  /** CRC-32C of the nonce of the segment, which both checksums go on from. */
  readonly seed: number;
  /** Number of the frame in its segment, from 0. */
  readonly sequence: number;
  readonly previous: Uint8Array;
};

/**
 * A frame: the records of one synchronisation, which are there together or not at all.
 *
 * CRC-32C of the header after it (4) ‖ CRC-32C of the content (4) ‖ length of the content (4) ‖ sequence (8) ‖ hash of the frame before (32) ‖
 * content: for each record its kind (1), the length of its payload (4) and its payload. Numbers big-endian.
 */
export function encodeFrame({ seed, sequence, previous }: FramePlace, records: readonly CodedRecord[]): Uint8Array {
  let length = 0;
  for (const { payload } of records) length += RECORD_HEADER_BYTES + payload.length;
  assertInvariant(length > 0 && length <= WAL_LIMITS.frameContentBytesMax, 'a frame has records, and room for them');
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + length);
  const view = new DataView(bytes.buffer);
  let at = FRAME_HEADER_BYTES;
  for (const { kind, payload } of records) {
    bytes[at] = kind;
    view.setUint32(at + 1, payload.length);
    bytes.set(payload, at + RECORD_HEADER_BYTES);
    at += RECORD_HEADER_BYTES + payload.length;
  }
  view.setUint32(AT.contentChecksum, crc32c(bytes.subarray(FRAME_HEADER_BYTES), seed));
  view.setUint32(AT.length, length);
  view.setBigUint64(AT.sequence, BigInt(sequence));
  bytes.set(previous, AT.previous);
  view.setUint32(AT.headerChecksum, crc32c(bytes.subarray(AT.contentChecksum, FRAME_HEADER_BYTES), seed));
  return bytes;
}

/** The header of a frame at an offset, or undefined when there is no good one. */
export function readFrameHeader(bytes: Uint8Array, offset: number, seed: number): FrameHeader | undefined {
  if (offset + FRAME_HEADER_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, FRAME_HEADER_BYTES);
  const length = view.getUint32(AT.length);
  if (length < RECORD_HEADER_BYTES || length > WAL_LIMITS.frameContentBytesMax) return undefined;
  const checksum = crc32c(bytes.subarray(offset + AT.contentChecksum, offset + FRAME_HEADER_BYTES), seed);
  if (checksum !== view.getUint32(AT.headerChecksum)) return undefined;
  return {
    contentChecksum: view.getUint32(AT.contentChecksum),
    length,
    sequence: Number(view.getBigUint64(AT.sequence)),
    previous: bytes.subarray(offset + AT.previous, offset + FRAME_HEADER_BYTES),
  };
}

/** The records in the content of a frame, or undefined when their lengths do not add up. */
export function decodeRecords(content: Uint8Array): readonly CodedRecord[] | undefined {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const records: CodedRecord[] = [];
  for (let at = 0; at < content.length; ) {
    if (at + RECORD_HEADER_BYTES > content.length) return undefined;
    const end = at + RECORD_HEADER_BYTES + view.getUint32(at + 1);
    if (end > content.length) return undefined;
    records.push({ kind: content[at] as number, payload: content.subarray(at + RECORD_HEADER_BYTES, end) });
    at = end;
  }
  return records;
}
