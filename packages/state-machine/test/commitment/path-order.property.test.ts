import { compareBytes } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathOrder } from '../../src/commitment/path-order.ts';

/*
 * Goal: paths are brought in byte order however many there are and however much they share. Method: compared with a plain sort.
 */

const STRIDE = 64;

function expectOrder(paths: readonly Uint8Array[]): void {
  const bytes = new Uint8Array(paths.length * STRIDE);
  for (const [index, path] of paths.entries()) bytes.set(path, index * STRIDE);
  const ordered = Array.from(pathOrder(bytes, STRIDE, paths.length), (number) => paths[number] as Uint8Array);
  expect(ordered).toEqual([...paths].sort(compareBytes));
}

describe('the order of paths', () => {
  it('is byte order for few', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 50 }), (paths) => {
        expectOrder(paths);
      }),
    );
  });

  it('is byte order for many, where some share their first bytes', () => {
    const seeds = fc.array(fc.nat(65_535), { minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1025, max: 3000 }), (prefixes, count) => {
        const paths = Array.from({ length: count }, (_, index) => {
          const path = new Uint8Array(32);
          const view = new DataView(path.buffer);
          view.setUint16(0, prefixes[index % prefixes.length] as number);
          view.setUint32(28, Math.imul(index, 0x9e3779b1));
          return path;
        });
        expectOrder(paths);
      }),
      { numRuns: 20 },
    );
  });
});
