import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8, readUtf8, utf8Length } from '../../src/bytes/utf8.ts';

/*
 * Goal: texts and bytes correspond one to one. Method: the runtime's own encoder and strict decoder are the oracle.
 */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function oracle(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes that are often nearly UTF-8: any, or those around the borders of the encoding. */
const nearUtf8 = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf)), {
    maxLength: 6,
  })
  .chain((tail) =>
    fc.constantFrom(0x41, 0xc0, 0xc2, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff).map((head) => Uint8Array.from([head, ...tail])),
  );

describe('UTF-8', () => {
  it('writes what TextEncoder writes and reads it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const bytes = encodeUtf8(text);
        expect(bytes).toEqual(new TextEncoder().encode(text));
        expect(utf8Length(text)).toBe(bytes.length);
        expect(decodeUtf8(bytes)).toBe(text);
      }),
    );
  });

  it.each(['', '\0', '\x7f', '\x80', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}', '\ufeffbom'])(
    'keeps %j',
    (text) => {
      expect(encodeUtf8(text)).toEqual(new TextEncoder().encode(text));
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    },
  );

  it('accepts and refuses the same bytes as a strict decoder', () => {
    fc.assert(
      fc.property(nearUtf8, (bytes) => {
        expect(readUtf8(bytes, 0, bytes.length)).toBe(oracle(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it('accepts and refuses the same as a strict decoder for every first two bytes', () => {
    for (let pair = 0; pair < 0x10000; pair++) {
      const bytes = Uint8Array.of(pair >> 8, pair & 0xff);
      if (readUtf8(bytes, 0, 2) !== oracle(bytes)) throw new Error(`bytes ${pair.toString(16)} are read differently`);
    }
  });

  it('reads only between start and end', () => {
    const bytes = Uint8Array.of(0xe2, 0x82, 0xac, 0xe2, 0x82, 0xac);
    expect(readUtf8(bytes, 0, 3)).toBe('€');
    expect(readUtf8(bytes, 0, 2)).toBeUndefined();
    expect(readUtf8(bytes, 3, 5)).toBeUndefined();
    expect(readUtf8(bytes, 3, 3)).toBe('');
  });

  it.each(['\ud800', '\udc00', 'a\ud800', '\ud800a', '\udc00\ud800', '\ud800\ud800\udc00'])('refuses the lone surrogate in %j', (text) => {
    expect(utf8Length(text)).toBe(-1);
    expect(() => encodeUtf8(text, 'memo')).toThrow(expect.objectContaining({ code: 'PROTOCOL_TEXT_INVALID', details: { field: 'memo' } }));
  });

  it('names the field whose bytes are no text', () => {
    expect(() => decodeUtf8(Uint8Array.of(0xff), 'memo')).toThrow(expect.objectContaining({ code: 'PROTOCOL_TEXT_INVALID' }));
  });
});
