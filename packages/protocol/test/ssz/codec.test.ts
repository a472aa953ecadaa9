import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/chain-error.ts';
import {
  amount128,
  bool,
  byteList,
  type Codec,
  containerCodec,
  fixedBytes,
  listOf,
  listOfItems,
  text,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../../src/ssz/codec.ts';

/*
 * Goal: values and bytes that do not fit are refused where they are, by name.
 */
const codec = containerCodec({
  count: uint16,
  flag: bool,
  note: text(6),
  owners: listOf({ owner: fixedBytes(2), name: text(4) }, 3),
  parts: listOfItems(byteList(3), 2),
});

const value = {
  count: 1,
  flag: true,
  note: 'ab',
  owners: [{ owner: Uint8Array.of(1, 2), name: 'x' }],
  parts: [Uint8Array.of(9), new Uint8Array(0)],
};
const good = codec.encode(value);

function withBytes(change: (bytes: Uint8Array, view: DataView) => void): Uint8Array {
  const bytes = Uint8Array.from(good);
  change(bytes, new DataView(bytes.buffer));
  return bytes;
}

describe('decoding', () => {
  it('names the field, the limit and what was found', () => {
    // count 2, flag 1, three offsets of 4: 15 bytes; note at 15.
    expect(codec.decode(good)).toEqual(value);
    const cases: [Uint8Array, string, object][] = [
      [withBytes((bytes) => bytes.fill(2, 2, 3)), 'flag has to be true or false, in a byte of 1 or 0', { field: 'flag', byte: 2 }],
      [withBytes((bytes) => bytes.fill(0xff, 15, 16)), 'note has to be text in UTF-8', { field: 'note', reason: 'not valid UTF-8' }],
      [
        withBytes((_, view) => view.setUint32(3, 14, true)),
        'container has to be bytes whose first offset is 15',
        { offset: 14, limit: 15 },
      ],
      [withBytes((_, view) => view.setUint32(7, 14, true)), 'note has to be bytes from its offset', { field: 'note' }],
      [withBytes((_, view) => view.setUint32(11, 900, true)), 'owners has to be bytes from its offset', { field: 'owners' }],
      [good.slice(0, 14), 'container has to be at least 15 bytes', { limit: 15, bytes: 14 }],
      // owners begins at 17 with the offset of its only item.
      [withBytes((_, view) => view.setUint32(17, 0, true)), 'owners has to be a list that begins with its offsets', { field: 'owners' }],
      [withBytes((_, view) => view.setUint32(17, 3, true)), 'owners has to be a list that begins with its offsets', { field: 'owners' }],
      [withBytes((_, view) => view.setUint32(17, 400, true)), 'owners has to be a list that begins with its offsets', { field: 'owners' }],
    ];
    for (const [bytes, message, details] of cases) {
      expect(() => codec.decode(bytes)).toThrow(message);
      expect(() => codec.decode(bytes)).toThrow(
        expect.objectContaining({ code: 'PROTOCOL_BYTES_INVALID', details: expect.objectContaining(details) }),
      );
    }
  });

  it('names items of lists by their position', () => {
    const list = containerCodec({ owners: listOf({ name: text(2) }, 3) });
    const wide = containerCodec({ owners: listOf({ name: text(9) }, 9) });
    expect(() => list.decode(wide.encode({ owners: [{ name: 'a' }, { name: 'abc' }] }))).toThrow('owners.1.name has to be text');
    expect(() => list.decode(wide.encode({ owners: [{ name: '' }, { name: '' }, { name: '' }, { name: '' }] }))).toThrow(
      'owners has to be a list of at most 3 items',
    );
  });

  it('refuses lists of fixed items that are too long or cut', () => {
    const list = containerCodec({ all: listOfItems(fixedBytes(3), 2) });
    expect(list.decode(Uint8Array.of(4, 0, 0, 0, 1, 2, 3)).all).toEqual([Uint8Array.of(1, 2, 3)]);
    expect(() => list.decode(Uint8Array.of(4, 0, 0, 0, 1, 2))).toThrow('all has to be a list of items of 3 bytes');
    expect(() => list.decode(Uint8Array.of(4, 0, 0, 0, ...new Uint8Array(9)))).toThrow('all has to be a list of at most 2 items');
  });

  it('refuses items that run backwards', () => {
    const list = containerCodec({ all: listOfItems(byteList(9), 3) });
    const bytes = list.encode({ all: [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)] });
    new DataView(bytes.buffer).setUint32(4 + 4, 14, true);
    new DataView(bytes.buffer).setUint32(4 + 8, 13, true);
    expect(() => list.decode(bytes)).toThrow('all has to be a list whose items follow each other');
  });

  it('allocates no more than the bytes can hold', () => {
    const list = containerCodec({ all: listOfItems(byteList(9), 2 ** 30) });
    // The first offset promises 2^28 items in 8 bytes.
    const bytes = Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0x40);
    expect(() => list.decode(bytes)).toThrow('begins with its offsets');
  });

  it('refuses numbers of 64 bits beyond the safe integers', () => {
    const number = containerCodec({ height: uint64 });
    expect(number.decode(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0))).toEqual({ height: Number.MAX_SAFE_INTEGER });
    for (const bytes of [
      [0, 0, 0, 0, 0, 0, 0x20, 0],
      [1, 0, 0, 0, 0, 0, 0x20, 0],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ]) {
      expect(() => number.decode(Uint8Array.from(bytes))).toThrow('height has to be a whole number from 0 to 2^53 − 1');
    }
  });

  it('copies: the input may be written again', () => {
    const bytes = Uint8Array.from(good);
    const decoded = codec.decode(bytes);
    bytes.fill(0xff);
    expect(decoded).toEqual(value);
  });
});

describe('encoding', () => {
  it.each([
    ['uint8', containerCodec({ it: uint8 }), [-1, 256, 1.5, Number.NaN, undefined, '1', 1n]],
    ['uint16', containerCodec({ it: uint16 }), [-1, 65_536]],
    ['uint32', containerCodec({ it: uint32 }), [-1, 2 ** 32]],
    ['uint64', containerCodec({ it: uint64 }), [-1, 2 ** 53, Number.POSITIVE_INFINITY]],
    ['amount128', containerCodec({ it: amount128 }), [-1n, 2n ** 128n, 5, undefined]],
    ['bool', containerCodec({ it: bool }), [0, 1, undefined]],
    ['fixedBytes', containerCodec({ it: fixedBytes(3) }), [new Uint8Array(2), new Uint8Array(4), 'abc', undefined]],
    ['byteList', containerCodec({ it: byteList(3) }), [new Uint8Array(4), undefined]],
    ['text', containerCodec({ it: text(3) }), ['abcd', '€x', '\ud800', undefined, 5]],
    ['list of containers', containerCodec({ it: listOf({ a: uint8 }, 1) }), [[{ a: 1 }, { a: 2 }], [{ a: 256 }], [{}], undefined, 'x']],
    ['list of items', containerCodec({ it: listOfItems(byteList(1), 1) }), [[new Uint8Array(2)], [new Uint8Array(0), new Uint8Array(0)]]],
  ] as const)('takes a value that %s cannot hold for a bug, and names it', (_, each, wrong) => {
    for (const it of wrong) {
      expect(() => (each as Codec<unknown>).encode({ it })).toThrow(InvariantError);
      expect(() => (each as Codec<unknown>).encode({ it })).toThrow(/^a value to encode does not fit: it(\.0(\.a)?)? has to be/);
    }
  });

  it('takes each at its limit', () => {
    const all = containerCodec({
      a: uint8,
      b: uint16,
      c: uint32,
      d: uint64,
      e: amount128,
      f: byteList(3),
      g: text(3),
      h: listOf({ a: uint8 }, 1),
    });
    const full = {
      a: 0xff,
      b: 0xffff,
      c: 0xffff_ffff,
      d: Number.MAX_SAFE_INTEGER,
      e: 2n ** 128n - 1n,
      f: new Uint8Array(3),
      g: '€',
      h: [{ a: 1 }],
    };
    expect(all.decode(all.encode(full))).toEqual(full);
  });
});
