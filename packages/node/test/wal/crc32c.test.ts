import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c } from '../../src/wal/crc32c.ts';

/*
 * Goal: the checksum is CRC-32C, however its input is cut. Method: the examples of RFC 3720 B.4, and a division bit by bit beside it.
 */

const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);

test.each([
  ['nothing', new Uint8Array(0), 0],
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 ascending', ascending, 0x46dd794e],
  ['32 descending', ascending.toReversed(), 0x113fdb5c],
  ['the digits', new TextEncoder().encode('123456789'), 0xe3069283],
])('%s', (_name, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

function bitByBit(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ ((remainder & 1) === 1 ? 0x82f63b78 : 0);
  }
  return ~remainder >>> 0;
}

describe('of any bytes', () => {
  test('is the remainder of the division, in one piece or in two, at any place in memory', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(9), (bytes, cut, offset) => {
        const shifted = new Uint8Array(bytes.length + offset).subarray(offset);
        shifted.set(bytes);
        const expected = bitByBit(bytes);
        expect([crc32c(shifted), crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))]).toEqual([expected, expected]);
      }),
    );
  });
});
