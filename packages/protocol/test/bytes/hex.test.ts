import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHex, encodeHex } from '../../src/bytes/hex.ts';

describe('hex', () => {
  it('writes lower case with 0x and reads either case', () => {
    expect(encodeHex(Uint8Array.of(0, 1, 0xab, 0xff))).toBe('0x0001abff');
    expect(decodeHex('0x0001ABff')).toEqual(Uint8Array.of(0, 1, 0xab, 0xff));
    expect(encodeHex(new Uint8Array(0))).toBe('0x');
    expect(decodeHex('0x')).toEqual(new Uint8Array(0));
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(encodeHex(bytes)).toBe(`0x${Buffer.from(bytes).toString('hex')}`);
        expect(decodeHex(encodeHex(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(['', '00', '0X00', '0x0', '0x0g', '0xg0', '0x 1', ' 0x00', '0x00 ', '0x00\n', '0x-1', '0x0.', '0xé0'])('refuses %j', (text) => {
    expect(() => decodeHex(text, 'salt')).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_HEX_INVALID', details: expect.objectContaining({ field: 'salt' }) }),
    );
  });

  it.each([0, 1, 3, 20])('refuses a length other than the one demanded: %d bytes for 2', (length) => {
    expect(() => decodeHex(encodeHex(new Uint8Array(length)), 'key', 2)).toThrow('key has to be 0x followed by 4 hex digits');
  });
});
