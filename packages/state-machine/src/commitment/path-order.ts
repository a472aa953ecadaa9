import { compareBytes } from '@mutual-chain/protocol';

const DIGITS = 65_536;

/** Up to so many paths are sorted by comparison: going through all digits would cost more. */
const COMPARED_MAX = 1024;

/**
 * Order of paths: the numbers of the paths (the byte strings at `stride` × number, of 32 bytes each) such that the paths ascend.
 *
 * Distributes them by their first two bytes, then sorts the few that share these by all their bytes.
 */
export function pathOrder(paths: Uint8Array, stride: number, count: number): Int32Array {
  const order = new Int32Array(count);
  for (let number = 0; number < count; number++) order[number] = number;
  if (count <= COMPARED_MAX) return sortByPath(paths, stride, order);
  const starts = new Int32Array(DIGITS + 1);
  for (let number = 0; number < count; number++) countDigit(starts, digitAt(paths, number * stride) + 1);
  for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1] = (starts[digit + 1] as number) + (starts[digit] as number);
  for (let number = 0; number < count; number++) order[countDigit(starts, digitAt(paths, number * stride))] = number;
  // Each start has moved to the end of its digit.
  for (let digit = 0, from = 0; digit < DIGITS; digit++) {
    const to = starts[digit] as number;
    if (to - from > 1) sortByPath(paths, stride, order.subarray(from, to));
    from = to;
  }
  return order;
}

/** Adds one to the counter of a digit and returns what it was. */
function countDigit(counters: Int32Array, digit: number): number {
  const before = counters[digit] as number;
  counters[digit] = before + 1;
  return before;
}

function digitAt(paths: Uint8Array, at: number): number {
  return ((paths[at] as number) << 8) | (paths[at + 1] as number);
}

function sortByPath(paths: Uint8Array, stride: number, order: Int32Array): Int32Array {
  const path = (number: number): Uint8Array => paths.subarray(number * stride, number * stride + 32);
  return order.sort((left, right) => compareBytes(path(left), path(right)));
}
