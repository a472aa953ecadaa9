import { equalBytes } from '@mutual-chain/protocol';
import { crc32c } from './crc32c.ts';
import { type CodedRecord, decodeRecords, FRAME_HEADER_BYTES, type FramePlace, readFrameHeader } from './frame.ts';
import { checkSegmentHeader, SEGMENT_HEADER_BYTES, type SegmentHeader } from './segment-header.ts';

/** Hash of one frame, and of a segment header. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

/**
 * What is wrong with a segment.
 * `tail`: the last frame is damaged or was not written to its end, and nothing valid follows.
 * `damaged`: what was durable is damaged: valid frames follow, or one does not follow the one before it, or the header is.
 * `otherChain`, `formatUnknown`: as the header says, or a frame that is whole but not understood.
 */
export type SegmentFault = 'tail' | 'damaged' | 'otherChain' | 'formatUnknown';

/** What a segment holds. */
export type SegmentScan = {
  readonly records: readonly CodedRecord[];
  /** Where its good part ends, and the next frame goes. 0 when the header is not good. */
  readonly end: number;
  /** What the next frame is bound to; undefined when the header is not good. */
  readonly next: FramePlace | undefined;
  readonly fault: SegmentFault | undefined;
};

/**
 * Reads a segment from its first byte as far as it is good.
 *
 * A frame is written when the one before it is durable. So a damaged frame with a valid header of another behind it was durable once, and the
 * disk has lost it; without one, it is what a write leaves that came to no end.
 */
export function scanSegment(bytes: Uint8Array, expected: Omit<SegmentHeader, 'nonce'>, hash: Hash): SegmentScan {
  const header = checkSegmentHeader(bytes, expected);
  if (!header.ok) {
    const isShort = header.fault === 'damaged' && bytes.length <= SEGMENT_HEADER_BYTES;
    return { records: [], end: 0, next: undefined, fault: isShort ? 'tail' : header.fault };
  }
  const records: CodedRecord[] = [];
  let next: FramePlace = { seed: crc32c(header.nonce), sequence: 0, previous: hash(bytes.subarray(0, SEGMENT_HEADER_BYTES)) };
  let end = SEGMENT_HEADER_BYTES;
  while (end < bytes.length) {
    const frame = readFrame(bytes, end, next);
    if (typeof frame === 'string') return { records, end, next, fault: frame };
    for (const record of frame.records) records.push(record);
    next = { seed: next.seed, sequence: next.sequence + 1, previous: hash(bytes.subarray(end, frame.end)) };
    end = frame.end;
  }
  return { records, end, next, fault: undefined };
}

function readFrame(
  bytes: Uint8Array,
  offset: number,
  { seed, sequence, previous }: FramePlace,
): { readonly records: readonly CodedRecord[]; readonly end: number } | SegmentFault {
  const header = readFrameHeader(bytes, offset, seed);
  if (header === undefined) return faultOfBadFrame(bytes, offset, seed);
  if (header.sequence !== sequence || !equalBytes(header.previous, previous)) return 'damaged';
  const end = offset + FRAME_HEADER_BYTES + header.length;
  const content = bytes.subarray(offset + FRAME_HEADER_BYTES, end);
  if (content.length < header.length || crc32c(content, seed) !== header.contentChecksum) return faultOfBadFrame(bytes, offset, seed);
  const records = decodeRecords(content);
  return records === undefined ? 'formatUnknown' : { records, end };
}

/** Where a bad frame ends is not known, so a good header is looked for at every byte behind it. */
function faultOfBadFrame(bytes: Uint8Array, offset: number, seed: number): SegmentFault {
  for (let at = offset + 1; at + FRAME_HEADER_BYTES <= bytes.length; at++)
    if (readFrameHeader(bytes, at, seed) !== undefined) return 'damaged';
  return 'tail';
}
