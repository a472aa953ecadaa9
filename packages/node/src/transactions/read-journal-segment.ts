import { crc32c } from '../wal/crc32c.ts';
import { type CodedRecord, decodeRecords, FRAME_HEADER_BYTES, readFrameHeader } from '../wal/frame.ts';
import { type Hash, type SegmentFault, scanSegment } from '../wal/scan-segment.ts';
import type { SegmentHeader } from '../wal/segment-header.ts';

/** What can be read of a segment of the journal. */
export type JournalSegmentReading = {
  readonly records: readonly CodedRecord[];
  /** Where its good part ends. */
  readonly end: number;
  readonly fault: SegmentFault | undefined;
};

/**
 * Reads a segment. Behind damage, every frame that is whole counts: its records have checksums, and nothing in them depends on those before.
 */
export function readJournalSegment(bytes: Uint8Array, expected: Omit<SegmentHeader, 'nonce'>, hash: Hash): JournalSegmentReading {
  const { records, end, next, fault } = scanSegment(bytes, expected, hash);
  if (fault !== 'damaged' || next === undefined) return { records, end, fault };
  return { records: [...records, ...recordsBehind(bytes, end, next.seed)], end, fault };
}

function recordsBehind(bytes: Uint8Array, end: number, seed: number): readonly CodedRecord[] {
  const found: CodedRecord[] = [];
  for (let at = end; at + FRAME_HEADER_BYTES <= bytes.length; ) {
    const header = readFrameHeader(bytes, at, seed);
    const start = at + FRAME_HEADER_BYTES;
    const content = header === undefined ? undefined : bytes.subarray(start, start + header.length);
    const isWhole = content !== undefined && content.length === header?.length && crc32c(content, seed) === header.contentChecksum;
    if (isWhole) for (const record of decodeRecords(content) ?? []) found.push(record);
    at = isWhole ? start + content.length : at + 1;
  }
  return found;
}
