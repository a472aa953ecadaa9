import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/**
 * Ascending positions of records in their block, as runs: where each begins and how long it is, in turns. A transfer writes its records side
 * by side, and what concerns an asset is often all of a block.
 */
export type PositionRuns = number[];

/** Adds a position that is above all others, or the last one again. */
export function addPosition(runs: PositionRuns, position: number): void {
  const last = runs.length - 2;
  const end = last < 0 ? -1 : (runs[last] as number) + (runs[last + 1] as number);
  if (position === end) runs[last + 1] = (runs[last + 1] as number) + 1;
  else if (position > end) runs.push(position, 1);
}

const writer = new ByteWriter();

/** For each run the distance from the end of the last one and its length less one. */
export function encodeRuns(runs: PositionRuns): Uint8Array {
  let end = 0;
  for (let index = 0; index < runs.length; index += 2) {
    const start = runs[index] as number;
    const length = runs[index + 1] as number;
    writer.count(start - end);
    writer.count(length - 1);
    end = start + length;
  }
  return writer.take();
}

/** Reads what `encodeRuns` made. */
export function decodeRuns(bytes: Uint8Array): PositionRuns {
  const reader = new ByteReader(bytes);
  const runs: PositionRuns = [];
  let end = 0;
  while (!reader.isAtEnd) {
    const start = end + reader.count();
    const length = reader.count() + 1;
    runs.push(start, length);
    end = start + length;
  }
  return runs;
}

/** All positions from a first one on, in order. */
export function* positionsOf(runs: PositionRuns, from: number): Generator<number> {
  for (let index = 0; index < runs.length; index += 2) {
    const start = runs[index] as number;
    const end = start + (runs[index + 1] as number);
    for (let position = Math.max(start, from); position < end; position++) yield position;
  }
}
