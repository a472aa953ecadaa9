import { decodeHex, encodeHex, type GenesisHash, InvariantError, referenceCryptography } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { crc32c } from '../../src/wal/crc32c.ts';
import { encodeFrame, FRAME_HEADER_BYTES } from '../../src/wal/frame.ts';
import { WAL_LIMITS } from '../../src/wal/limits.ts';
import { SEGMENT_HEADER_BYTES } from '../../src/wal/segment-header.ts';
import { SegmentedLog } from '../../src/wal/segmented-log.ts';
import type { LogIncident, LogRecord } from '../../src/wal/write-ahead-log.ts';
import { CrashingDisk } from '../support/crashing-disk.ts';
import { appendTogether, GENESIS_HASH, KINDS, type Kind, openLog, recordOf, recordsFrom } from './open-log.ts';

/*
 * Goal: after a start the log has what was durable, cuts off only what a write left that came to no end, and stops for everything else. Method:
 * a table of the rules with files made for them; cuts at every byte of the last three frames; single bits flipped in every byte.
 */

const { sha256 } = referenceCryptography;
const pathOf = (height: number): string => `/disk/wal/${String(height).padStart(16, '0')}.wal`;
/** How many records become durable together, in the order of frames. */
const FRAMES = [1, 1, 3, 1, 2] as const;
const RECORDS = recordsFrom(0, 8);

/** A disk whose log has the same frames at each of some heights, and where the frames of the last one end. */
function diskWith(heights: readonly number[]): { readonly disk: CrashingDisk; readonly ends: readonly number[] } {
  const disk = new CrashingDisk();
  const { log } = openLog(disk.fileSystem);
  let ends: number[] = [];
  for (const height of heights) {
    log.startHeight(height);
    ends = [];
    let first = 0;
    for (const count of FRAMES) {
      appendTogether(log, RECORDS.slice(first, first + count));
      first += count;
      ends.push(disk.content(pathOf(height)).length);
    }
  }
  log.stop();
  return { disk, ends };
}

/** What a start at a height finds: its records and what is reported, or the error. */
type Found = { readonly records: readonly LogRecord<Kind>[]; readonly incidents: readonly LogIncident[] } | { readonly error: unknown };

function startAt(disk: CrashingDisk, height: number, genesisHash = GENESIS_HASH): Found {
  const { log, incidents } = openLog(disk.fileSystem, '/disk/wal', genesisHash);
  try {
    log.startHeight(height);
    return { records: log.recordsOf(height), incidents };
  } catch (error) {
    return { error };
  } finally {
    log.stop();
  }
}

const recordsOfFrames = (count: number): readonly LogRecord<Kind>[] =>
  RECORDS.slice(
    0,
    FRAMES.slice(0, count).reduce((sum, each) => sum + each, 0),
  );
const dropped = (height: number, offset: number, bytes: number): LogIncident => ({
  type: 'tailDropped',
  height,
  path: pathOf(height),
  offset,
  bytes,
});
const stopped = (code: string, height: number, offset: number): unknown =>
  expect.objectContaining({ code, details: { path: pathOf(height), height, offset } });

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function flipped(bytes: Uint8Array, at: number, bit = at % 8): Uint8Array {
  return bytes.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte));
}

const { disk: SOUND, ends: ENDS } = diskWith([5]);
const SEGMENT = SOUND.content(pathOf(5));
const NONCE = new Uint8Array(8).fill(9);
const SEED = crc32c(NONCE);
const end = (frames: number): number => (frames === 0 ? SEGMENT_HEADER_BYTES : (ENDS[frames - 1] as number));
const frameOf = (index: number): Uint8Array => SEGMENT.slice(end(index), end(index + 1));

/** A header whose checksum is right, with other bytes at a place. */
function headerWith(at: number, ...values: readonly number[]): Uint8Array {
  const header = SEGMENT.slice(0, SEGMENT_HEADER_BYTES);
  header.set(values, at);
  new DataView(header.buffer).setUint32(60, crc32c(header.subarray(0, 60)));
  return header;
}

/** The sixth frame, with something about it that is not as it should be. */
function sixthFrame(change: {
  readonly seed?: number;
  readonly sequence?: number;
  readonly previous?: Uint8Array;
  readonly kind?: number;
}): Uint8Array {
  const place = { seed: SEED, sequence: 5, previous: sha256(frameOf(4)), ...change };
  return encodeFrame(place, [{ kind: change.kind ?? 1, payload: Uint8Array.of(1, 2, 3) }]);
}

/** A frame whose checksums are right although its content is no list of records. */
function frameWithLengthsThatDoNotAddUp(): Uint8Array {
  const frame = sixthFrame({});
  const view = new DataView(frame.buffer);
  view.setUint32(FRAME_HEADER_BYTES + 1, 4);
  view.setUint32(4, crc32c(frame.subarray(FRAME_HEADER_BYTES), SEED));
  view.setUint32(0, crc32c(frame.subarray(4, FRAME_HEADER_BYTES), SEED));
  return frame;
}

/** A frame that says it is longer than it is, although the checksum is that of what there is. */
function frameThatEndsEarly(): Uint8Array {
  const frame = sixthFrame({});
  const view = new DataView(frame.buffer);
  view.setUint32(8, frame.length - FRAME_HEADER_BYTES + 8);
  view.setUint32(0, crc32c(frame.subarray(4, FRAME_HEADER_BYTES), SEED));
  return frame;
}

describe('the rules of recovery', () => {
  const size = SEGMENT.length;
  const whole = { records: RECORDS, incidents: [] };
  const cutAtEnd = (bytes: number): Found => ({ records: RECORDS, incidents: [dropped(5, size, bytes)] });
  const stale = sixthFrame({ seed: crc32c(Uint8Array.of(1)) });
  const inner = sixthFrame({ seed: crc32c(new Uint8Array(8)), sequence: 6 });
  const carrying = encodeFrame({ seed: SEED, sequence: 5, previous: sha256(frameOf(4)) }, [{ kind: 1, payload: inner }]);

  test.each<readonly [string, Uint8Array, Found]>([
    ['a whole segment is taken as it is', SEGMENT, whole],
    [
      'a frame more is taken too',
      joined(SEGMENT, sixthFrame({})),
      { records: [...RECORDS, { kind: 'input', payload: Uint8Array.of(1, 2, 3) }], incidents: [] },
    ],
    ['a header without frames is an empty height', SEGMENT.slice(0, 64), { records: [], incidents: [] }],
    ['an empty file holds nothing', new Uint8Array(0), { records: [], incidents: [dropped(5, 0, 0)] }],
    ['a piece of a header holds nothing', SEGMENT.slice(0, 63), { records: [], incidents: [dropped(5, 0, 63)] }],
    [
      'a damaged header with nothing behind it holds nothing',
      flipped(SEGMENT.slice(0, 64), 53),
      { records: [], incidents: [dropped(5, 0, 64)] },
    ],
    ['a damaged header with something behind it stops', flipped(SEGMENT.slice(0, 65), 53), { error: stopped('WAL_DAMAGED', 5, 0) }],
    ['zeros behind the end are cut', joined(SEGMENT, new Uint8Array(5000)), cutAtEnd(5000)],
    ['anything behind the end is cut', joined(SEGMENT, new Uint8Array(300).fill(0xa5)), cutAtEnd(300)],
    ['a single byte behind the end is cut', joined(SEGMENT, Uint8Array.of(0)), cutAtEnd(1)],
    ['a frame of another segment that the disk left behind the end is cut', joined(SEGMENT, stale), cutAtEnd(stale.length)],
    [
      'a frame without its first bytes is cut, whatever its payload looks like',
      joined(SEGMENT, carrying.fill(0, 0, 52)),
      cutAtEnd(carrying.length),
    ],
    [
      'two bad frames at the end are cut',
      joined(SEGMENT.slice(0, end(4)), flipped(frameOf(4), 60), sixthFrame({}).slice(0, 40)),
      { records: recordsOfFrames(4), incidents: [dropped(5, end(4), frameOf(4).length + 40)] },
    ],
    [
      'a bad frame before a good one stops',
      joined(SEGMENT.slice(0, end(4)), flipped(frameOf(4), 60), sixthFrame({})),
      { error: stopped('WAL_DAMAGED', 5, end(4)) },
    ],
    [
      'a bad frame before one that was being written stops',
      joined(SEGMENT.slice(0, end(4)), flipped(frameOf(4), 60), sixthFrame({}).slice(0, 52)),
      { error: stopped('WAL_DAMAGED', 5, end(4)) },
    ],
    ['a frame that ends before its length is cut, even with the right checksum', joined(SEGMENT, frameThatEndsEarly()), cutAtEnd(60)],
    [
      'a few bytes before a good frame stop',
      joined(SEGMENT.slice(0, end(4)), new Uint8Array(10), frameOf(4)),
      { error: stopped('WAL_DAMAGED', 5, end(4)) },
    ],
    [
      'a frame that is missing stops',
      joined(SEGMENT.slice(0, end(2)), frameOf(3), frameOf(4)),
      { error: stopped('WAL_DAMAGED', 5, end(2)) },
    ],
    ['a frame that is there twice stops', joined(SEGMENT, frameOf(4)), { error: stopped('WAL_DAMAGED', 5, size) }],
    ['a frame with a number too high stops', joined(SEGMENT, sixthFrame({ sequence: 6 })), { error: stopped('WAL_DAMAGED', 5, size) }],
    [
      'a frame after another one than is there stops',
      joined(SEGMENT, sixthFrame({ previous: sha256(frameOf(3)) })),
      { error: stopped('WAL_DAMAGED', 5, size) },
    ],
    ['a kind that is not known stops', joined(SEGMENT, sixthFrame({ kind: 3 })), { error: stopped('WAL_FORMAT_UNKNOWN', 5, size + 60) }],
    [
      'a frame that is whole but makes no sense stops',
      joined(SEGMENT, frameWithLengthsThatDoNotAddUp()),
      { error: stopped('WAL_FORMAT_UNKNOWN', 5, size) },
    ],
    ['another version stops', joined(headerWith(8, 0, 0, 0, 2), SEGMENT.slice(64)), { error: stopped('WAL_FORMAT_UNKNOWN', 5, 0) }],
    ['another chain stops', joined(headerWith(20, 8), SEGMENT.slice(64)), { error: stopped('WAL_OTHER_CHAIN', 5, 0) }],
    ['another height under this name stops', joined(headerWith(19, 6), SEGMENT.slice(64)), { error: stopped('WAL_DAMAGED', 5, 0) }],
    ['another kind of file stops', joined(headerWith(0, 0x4d), SEGMENT.slice(64)), { error: stopped('WAL_DAMAGED', 5, 0) }],
  ])('%s', (_name, content, expected) => {
    const disk = new CrashingDisk();
    disk.fileSystem.makeDirectory('/disk/wal');
    disk.place(pathOf(5), content);
    expect(startAt(disk, 5)).toEqual(expected);
    // Doing it again finds the same, without what has been dealt with.
    expect(startAt(disk, 5)).toEqual('records' in expected ? { ...expected, incidents: [] } : expected);
  });

  test('a stopped node changes nothing, and names file, place and remedy', () => {
    const disk = new CrashingDisk();
    disk.fileSystem.makeDirectory('/disk/wal');
    const content = flipped(SEGMENT, end(1) + 60);
    disk.place(pathOf(5), content);
    expect(startAt(disk, 5)).toEqual({
      error: expect.objectContaining({
        message: `${pathOf(5)} is damaged at byte ${end(1)}: the log of the height being decided is the only record of what this node was locked on; move the file away to follow this height without signing, and have the disk looked at`,
      }),
    });
    expect(disk.content(pathOf(5))).toEqual(content);
  });

  test('a log of another chain is told by its hash', () => {
    expect(startAt(diskWith([5]).disk, 5, new Uint8Array(32) as GenesisHash)).toEqual({ error: stopped('WAL_OTHER_CHAIN', 5, 0) });
  });

  test('what was being created is removed, and files of others are left alone', () => {
    const { disk } = diskWith([5]);
    disk.place(`${pathOf(6)}.new`, SEGMENT);
    disk.place('/disk/wal/notes.txt', Uint8Array.of(1));
    disk.place('/disk/wal/5.wal', Uint8Array.of(1));
    disk.place('/disk/wal/9999999999999999.wal', Uint8Array.of(1));
    expect([startAt(disk, 5), disk.paths]).toEqual([
      whole,
      ['/disk/wal/0000000000000005.wal', '/disk/wal/5.wal', '/disk/wal/9999999999999999.wal', '/disk/wal/notes.txt'],
    ]);
  });
});

describe('cut at every byte of the last three frames', () => {
  const lengths = Array.from({ length: SEGMENT.length - end(2) + 1 }, (_, index) => end(2) + index);
  test('the log has the frames that are whole, and goes on', () => {
    for (const length of lengths) {
      const disk = new CrashingDisk();
      disk.fileSystem.makeDirectory('/disk/wal');
      disk.place(pathOf(5), SEGMENT.slice(0, length));
      const frames = FRAMES.filter((_, index) => end(index + 1) <= length).length;
      const incidents = length === end(frames) ? [] : [dropped(5, end(frames), length - end(frames))];
      expect(startAt(disk, 5), `cut at ${length}`).toEqual({ records: recordsOfFrames(frames), incidents });
      const { log } = openLog(disk.fileSystem);
      log.startHeight(5);
      appendTogether(log, [recordOf(20)]);
      log.stop();
      expect(startAt(disk, 5), `cut at ${length}`).toEqual({ records: [...recordsOfFrames(frames), recordOf(20)], incidents: [] });
    }
  });
});

describe('one bit flipped', () => {
  const heights = [3, 4, 5];
  const { disk: sound } = diskWith(heights);
  const withFlip = (height: number, at: number): CrashingDisk => {
    const disk = new CrashingDisk();
    disk.fileSystem.makeDirectory('/disk/wal');
    for (const each of heights)
      disk.place(pathOf(each), each === height ? flipped(sound.content(pathOf(each)), at) : sound.content(pathOf(each)));
    return disk;
  };

  test.each([3, 4])('in any byte of height %i, which is committed, is reported and harmless', (height) => {
    for (let at = 0; at < SEGMENT.length; at++) {
      const found = startAt(withFlip(height, at), 5);
      const frames = at < SEGMENT_HEADER_BYTES ? -1 : FRAMES.findIndex((_, index) => at < end(index + 1));
      const offset = frames < 0 ? 0 : end(frames);
      const incident = { type: 'committedDamaged', height, path: pathOf(height), offset, bytes: SEGMENT.length - offset };
      expect(found, `byte ${at}`).toEqual({ records: RECORDS, incidents: [incident] });
    }
  });

  test('in any byte of the height being decided stops, except in its last frame, which is dropped', () => {
    for (let at = 0; at < SEGMENT.length; at++) {
      const frames = at < SEGMENT_HEADER_BYTES ? -1 : FRAMES.findIndex((_, index) => at < end(index + 1));
      const isLast = at >= end(4);
      const expected = isLast
        ? { records: recordsOfFrames(4), incidents: [dropped(5, end(4), frameOf(4).length)] }
        : { error: stopped('WAL_DAMAGED', 5, frames < 0 ? 0 : end(frames)) };
      expect(startAt(withFlip(5, at), 5), `byte ${at}`).toEqual(expected);
    }
  });

  test('is found by whoever reads the height after it was begun', () => {
    const { log } = openLog(sound.fileSystem);
    log.startHeight(5);
    sound.place(pathOf(5), flipped(SEGMENT, SEGMENT.length - 1));
    expect(() => log.recordsOf(5)).toThrow(stopped('WAL_DAMAGED', 5, end(4)) as Error);
    sound.place(pathOf(5), SEGMENT);
  });
});

describe('heights', () => {
  const startedAt = (heights: readonly number[]): { readonly disk: CrashingDisk; readonly log: SegmentedLog<Kind> } => {
    const disk = new CrashingDisk();
    const { log } = openLog(disk.fileSystem);
    for (const height of heights) {
      log.startHeight(height);
      appendTogether(log, [recordOf(height)]);
    }
    return { disk, log };
  };
  const kept = WAL_LIMITS.committedHeightsKept;

  test('that are committed are kept for a while, and can be read', () => {
    const { disk, log } = startedAt(Array.from({ length: 21 }, (_, index) => index));
    const expected = Array.from({ length: kept + 1 }, (_, index) => 20 - kept + index);
    expect(disk.paths).toEqual(expected.map(pathOf));
    expect(expected.map((height) => log.recordsOf(height))).toEqual(expected.map((height) => [recordOf(height)]));
    expect(log.recordsOf(1)).toEqual([]);
  });

  test('that are committed go only when a later one begins', () => {
    const { disk, log } = startedAt([1, 2]);
    expect(disk.paths).toEqual([1, 2].map(pathOf));
    log.startHeight(2 + kept);
    expect(disk.paths).toEqual([2].map(pathOf));
    log.startHeight(3 + kept);
    expect(disk.paths).toEqual([]);
  });

  test('above the one that begins, of a chain that was set back, stay', () => {
    const { disk, log } = startedAt([100, 101]);
    log.stop();
    const { log: again } = openLog(disk.fileSystem);
    again.startHeight(50);
    appendTogether(again, [recordOf(50)]);
    expect(disk.paths).toEqual([50, 100, 101].map(pathOf));
    again.startHeight(100);
    appendTogether(again, [recordOf(1)]);
    expect(again.recordsOf(100)).toEqual([recordOf(100), recordOf(1)]);
  });

  test('that are begun again go on', () => {
    const { log } = startedAt([1]);
    log.append('input', Uint8Array.of(1));
    log.startHeight(1);
    log.sync();
    expect(log.recordsOf(1)).toEqual([recordOf(1), { kind: 'input', payload: Uint8Array.of(1) }]);
  });

  test('without records have no file', () => {
    const { disk, log } = startedAt([]);
    log.startHeight(1);
    log.sync();
    expect([log.recordsOf(1), disk.paths]).toEqual([[], []]);
  });

  test('drop what waits for a height that is left', () => {
    const { log } = startedAt([1]);
    log.append('input', Uint8Array.of(1));
    log.startHeight(2);
    log.sync();
    expect([log.recordsOf(1), log.recordsOf(2)]).toEqual([[recordOf(1)], []]);
  });
});

describe('what waits', () => {
  test('is written together by one synchronisation, or at the stop', () => {
    const disk = new CrashingDisk();
    const { log } = openLog(disk.fileSystem);
    log.startHeight(1);
    appendTogether(log, recordsFrom(0, 1));
    const before = disk.calls.length;
    appendTogether(log, recordsFrom(1, 5));
    log.sync();
    expect(disk.calls.slice(before)).toEqual([`write ${pathOf(1)}.new`, `sync ${pathOf(1)}.new`]);
    log.append('input', Uint8Array.of(1));
    expect(log.recordsOf(1)).toEqual(recordsFrom(0, 5));
    log.stop();
    log.stop();
    expect(startAt(disk, 1)).toEqual({ records: [...recordsFrom(0, 5), { kind: 'input', payload: Uint8Array.of(1) }], incidents: [] });
  });

  test('is bounded: a frame that is long enough is written without being asked for', () => {
    const disk = new CrashingDisk();
    const { log } = openLog(disk.fileSystem);
    log.startHeight(1);
    const payload = new Uint8Array(WAL_LIMITS.frameFlushBytes - 5 - 1);
    log.append('body', payload);
    expect(log.recordsOf(1)).toEqual([]);
    log.append('input', new Uint8Array(0));
    expect(log.recordsOf(1)).toEqual([
      { kind: 'body', payload },
      { kind: 'input', payload: new Uint8Array(0) },
    ]);
  });

  test('may be as large as a record can be', () => {
    const disk = new CrashingDisk();
    const { log } = openLog(disk.fileSystem);
    log.startHeight(1);
    log.append('input', new Uint8Array(WAL_LIMITS.frameFlushBytes - 6));
    log.append('body', new Uint8Array(WAL_LIMITS.recordBytesMax).fill(1));
    log.stop();
    const found = startAt(disk, 1);
    expect('records' in found && found.records.map(({ payload }) => payload.length)).toEqual([
      WAL_LIMITS.frameFlushBytes - 6,
      WAL_LIMITS.recordBytesMax,
    ]);
    expect(WAL_LIMITS.frameContentBytesMax).toBe(WAL_LIMITS.frameFlushBytes + WAL_LIMITS.recordBytesMax + 5);
  });
});

describe('a bug of the caller', () => {
  const { log } = openLog(new CrashingDisk().fileSystem);
  const options = {
    fileSystem: new CrashingDisk().fileSystem,
    directory: '/disk/wal',
    genesisHash: GENESIS_HASH,
  };
  test.each<readonly [string, () => unknown]>([
    ['a record before any height', () => log.append('input', new Uint8Array(0))],
    ['a height that is none', () => log.startHeight(-1)],
    ['a height that is no whole number', () => log.startHeight(0.5)],
    [
      'a record beyond its limit',
      () => {
        log.startHeight(1);
        log.append('body', new Uint8Array(WAL_LIMITS.recordBytesMax + 1));
      },
    ],
    ['two kinds with one byte', () => new SegmentedLog({ ...options, kinds: { a: 1, b: 1 } })],
    ['a kind that is no byte', () => new SegmentedLog({ ...options, kinds: { a: 256 } })],
    ['a log that was not started', () => new SegmentedLog({ ...options, kinds: KINDS }).sync()],
  ])('is refused: %s', (_name, work) => {
    expect(work).toThrow(InvariantError);
  });
});

test('the bytes of a segment are those of the documentation', () => {
  const disk = new CrashingDisk();
  const { log } = openLog(disk.fileSystem);
  log.startHeight(258);
  appendTogether(log, [
    { kind: 'input', payload: Uint8Array.of(0xaa) },
    { kind: 'body', payload: Uint8Array.of(0xbb, 0xcc) },
  ]);
  appendTogether(log, [{ kind: 'input', payload: new Uint8Array(0) }]);
  const content = disk.content(pathOf(258));
  const part = (from: number, to: number): string => encodeHex(content.slice(from, to));
  const checksum = (from: number, to: number, before = 0): string =>
    `0x${crc32c(content.subarray(from, to), before).toString(16).padStart(8, '0')}`;
  const seed = crc32c(NONCE);
  expect([
    [part(0, 8), part(8, 12), part(12, 20), part(20, 52), part(52, 60), part(60, 64)],
    [part(64, 68), part(68, 72), part(72, 76), part(76, 84), part(84, 116), part(116, 129)],
    [part(129, 133), part(133, 137), part(137, 141), part(141, 149), part(149, 181), part(181, 999)],
  ]).toEqual([
    [
      encodeHex(new TextEncoder().encode('mutualwl')),
      '0x00000001',
      '0x0000000000000102',
      encodeHex(GENESIS_HASH),
      encodeHex(NONCE),
      checksum(0, 60),
    ],
    [
      checksum(68, 116, seed),
      checksum(116, 129, seed),
      '0x0000000d',
      '0x0000000000000000',
      encodeHex(sha256(content.slice(0, 64))),
      '0x0100000001aa0200000002bbcc',
    ],
    [
      checksum(133, 181, seed),
      checksum(181, 186, seed),
      '0x00000005',
      '0x0000000000000001',
      encodeHex(sha256(content.slice(64, 129))),
      '0x0100000000',
    ],
  ]);
  expect(decodeHex(encodeHex(content)).length).toBe(186);
});
