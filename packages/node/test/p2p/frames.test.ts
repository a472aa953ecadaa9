import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinBytes } from '../../src/bytes/join-bytes.ts';
import { BulkAssembler, type BulkMessage, BulkSender } from '../../src/p2p/bulk-message.ts';
import { encodeFrame, FrameReader } from '../../src/p2p/frame-reader.ts';
import { STREAM_LIMITS } from '../../src/p2p/limits.ts';

/*
 * Goal: frames and bulk messages come out as they went in, however the bytes are cut up on the way, and nothing else comes out.
 * Method: properties over contents and cuts; a table of malformed bytes.
 */

const LIMIT = 100;

/** Bytes cut at places given as parts of the whole. */
function cutUp(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const cuts = [...new Set(places.map((place) => Math.floor(place * bytes.length)))].sort((a, b) => a - b);
  return [0, ...cuts].map((start, index) => bytes.subarray(start, cuts[index] ?? bytes.length));
}

function readAll(chunks: readonly Uint8Array[]): { readonly frames: readonly Uint8Array[]; readonly isWellFormed: boolean } {
  const reader = new FrameReader(LIMIT);
  const frames: Uint8Array[] = [];
  const verdicts = chunks.map((chunk) => reader.push(chunk, (frame) => frames.push(frame)));
  return { frames, isWellFormed: verdicts.every(Boolean) && !reader.isInside };
}

describe('FrameReader', () => {
  test('gives the frames that were written, however the bytes arrive', () => {
    const frame = fc.uint8Array({ minLength: 1, maxLength: LIMIT });
    const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), places, (frames, cuts) => {
        const bytes = joinBytes(frames.map((each) => encodeFrame(each)));
        expect(readAll(cutUp(bytes, cuts))).toEqual({ frames, isWellFormed: true });
      }),
    );
  });

  test('gives frames that later bytes do not change', () => {
    const chunk = encodeFrame(Uint8Array.of(1, 2, 3));
    const { frames } = readAll([chunk]);
    chunk.fill(255);
    expect(frames).toEqual([Uint8Array.of(1, 2, 3)]);
  });

  test.each([
    ['an empty frame', [0, 0, 0, 0, 1, 2, 3]],
    ['a frame longer than the limit', [0, 0, 0, 101]],
    ['the longest length', [255, 255, 255, 255, 1]],
  ])('reads nothing from %s on', (_name, bytes) => {
    const chunks = [encodeFrame(Uint8Array.of(7)), Uint8Array.from(bytes), encodeFrame(Uint8Array.of(8))];
    expect(readAll(chunks)).toEqual({ frames: [Uint8Array.of(7)], isWellFormed: false });
  });
});

describe('bulk messages', () => {
  const { frameBytesMax, messageBytesMax } = STREAM_LIMITS.bulk;
  const headerBytes = 9;

  function pieces(message: BulkMessage): readonly Uint8Array[] {
    const sender = new BulkSender(message);
    const frames: Uint8Array[] = [];
    const reader = new FrameReader(frameBytesMax);
    while (!sender.isDone) reader.push(sender.next(), (frame) => frames.push(frame));
    return frames;
  }

  test.each([
    ['a decline', { kind: 'decline', id: 9, content: new Uint8Array(0) }, 1],
    ['one byte', { kind: 'message', id: 0, content: Uint8Array.of(5) }, 1],
    [
      'what just fits into a frame',
      { kind: 'request', id: 4_294_967_295, content: new Uint8Array(frameBytesMax - headerBytes).fill(1) },
      1,
    ],
    ['one byte more', { kind: 'response', id: 1, content: new Uint8Array(frameBytesMax - headerBytes + 1).fill(2) }, 2],
    ['the longest', { kind: 'message', id: 0, content: new Uint8Array(messageBytesMax).fill(3) }, 66],
  ] as const)('come together again: %s', (_name, message, count) => {
    const assembler = new BulkAssembler();
    const frames = pieces(message);
    const results = frames.map((frame) => assembler.take(frame));
    expect(frames.length).toBe(count);
    expect(results.slice(0, -1)).toEqual(Array.from({ length: count - 1 }, () => 'partial'));
    expect(results.at(-1)).toEqual(message);
    expect(assembler.isInside).toBe(false);
  });

  /** A message of 65546 bytes: a whole frame and a few bytes more. */
  const begun = [1, 0, 0, 0, 0, 0, 1, 0, 10];
  const long = (...header: number[]): Uint8Array => joinBytes([Uint8Array.from(header), new Uint8Array(frameBytesMax - header.length)]);

  test.each([
    ['an unknown kind', [Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 1, 1)]],
    ['a continuation of nothing', [Uint8Array.of(0, 1)]],
    ['a header cut off', [Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0)]],
    ['a message of no bytes', [Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0)]],
    ['a decline that says something', [Uint8Array.of(4, 0, 0, 0, 1, 0, 0, 0, 1, 1)]],
    ['more than was announced', [Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1)]],
    ['a length beyond the limit', [Uint8Array.of(1, 0, 0, 0, 0, 255, 255, 255, 255, 1)]],
    ['pieces smaller than need be', [Uint8Array.from([...begun, 1])]],
    ['another message inside of one', [long(...begun), long(...begun)]],
    ['a continuation that goes too far', [long(...begun), long(0)]],
  ])('are refused: %s', (_name, frames) => {
    const assembler = new BulkAssembler();
    const before = frames.slice(1).map(() => 'partial');
    expect(frames.map((frame) => assembler.take(frame))).toEqual([...before, 'invalid']);
  });
});
