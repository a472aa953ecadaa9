import { STATE_KEY_BYTES_MAX } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateKeyFromBytes, stateKeyOf, stateKeyToBytes } from '../../src/view/state-key.ts';

/*
 * Goal: a key is its bytes, each a unit, however it is made. Method: keys put together and taken apart again; lengths and units at the limits.
 */

const bytesUpTo = (length: number) => fc.uint8Array({ minLength: 1, maxLength: length });
const texts = fc.array(fc.nat(0xff), { maxLength: 10 }).map((units) => String.fromCharCode(...units));

describe('a state key', () => {
  it('is taken apart into the bytes it was made from', () => {
    fc.assert(
      fc.property(bytesUpTo(STATE_KEY_BYTES_MAX), (bytes) => {
        expect(stateKeyToBytes(stateKeyFromBytes(bytes))).toEqual(bytes);
        expect([...stateKeyFromBytes(bytes)].map((unit) => unit.charCodeAt(0))).toEqual([...bytes]);
      }),
    );
  });

  it('of namespace, bytes and text is that of all of them in a row', () => {
    fc.assert(
      fc.property(fc.nat(0xff), bytesUpTo(36), texts, (namespace, bytes, text) => {
        const row = [namespace, ...bytes, ...[...text].map((unit) => unit.charCodeAt(0))];
        expect(stateKeyOf(namespace, bytes, text)).toBe(stateKeyFromBytes(Uint8Array.from(row)));
      }),
    );
  });

  it('keeps what it is when others are made', () => {
    const first = stateKeyOf(1, Uint8Array.of(2, 3), 'a');
    stateKeyOf(9, Uint8Array.of(8, 7), 'b');
    expect(first).toBe('\u0001\u0002\u0003a');
  });

  it.each([
    ['longer than 47 bytes', () => stateKeyFromBytes(new Uint8Array(48)), '1 to 47 bytes'],
    ['longer than 47 bytes with its text', () => stateKeyOf(1, new Uint8Array(40), 'abcdefg'), '1 to 47 bytes'],
    ['of a text that is not bytes', () => stateKeyOf(1, new Uint8Array(20), 'ab\u0100'), 'is a byte'],
  ])('%s is refused', (_name, make, message) => {
    expect(make).toThrow(message);
  });
});
