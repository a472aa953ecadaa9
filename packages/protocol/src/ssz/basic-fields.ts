import { AMOUNT_MAX } from '../amount/amount.ts';
import { readUtf8, utf8Length, writeUtf8 } from '../bytes/utf8.ts';
import { type Field, type Memory, readUint32, UnfitError, writeUint32 } from './field.ts';

function uint(
  fixedBytes: number,
  max: number,
  words: string,
  write: (memory: Memory, at: number, value: number) => void,
  read: (memory: Memory, at: number) => number,
): Field<number> {
  const expected = `a whole number from 0 to ${words}`;
  return {
    fixedBytes,
    checkedSize(value) {
      // Number.isSafeInteger also refuses what is no number at all.
      if (!Number.isSafeInteger(value) || value < 0 || value > max) throw new UnfitError(expected, { limit: max });
      return fixedBytes;
    },
    write(memory, at, value) {
      write(memory, at, value);
      return at + fixedBytes;
    },
    read(memory, start) {
      const value = read(memory, start);
      if (value > max) throw new UnfitError(expected, { limit: max });
      return value;
    },
  };
}

/** Unsigned 8-bit number. */
export const uint8: Field<number> = uint(
  1,
  0xff,
  '255',
  ({ bytes }, at, value) => {
    bytes[at] = value;
  },
  ({ bytes }, at) => bytes[at] as number,
);

/** Unsigned 16-bit number. */
export const uint16: Field<number> = uint(
  2,
  0xffff,
  '65535',
  ({ bytes }, at, value) => {
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
  },
  ({ bytes }, at) => (bytes[at] as number) | ((bytes[at + 1] as number) << 8),
);

/** Unsigned 32-bit number. */
export const uint32: Field<number> = uint(
  4,
  0xffff_ffff,
  '2^32 − 1',
  ({ bytes }, at, value) => writeUint32(bytes, at, value),
  ({ bytes }, at) => readUint32(bytes, at),
);

/** Height, time or count in 8 bytes; a safe integer, so that every number has one form and one meaning. */
export const uint64: Field<number> = uint(
  8,
  Number.MAX_SAFE_INTEGER,
  '2^53 − 1',
  ({ bytes }, at, value) => {
    writeUint32(bytes, at, value >>> 0);
    writeUint32(bytes, at + 4, Math.floor(value / 0x1_0000_0000));
  },
  ({ bytes }, at) => readUint32(bytes, at + 4) * 0x1_0000_0000 + readUint32(bytes, at),
);

/** Amount in 16 bytes, 0 ≤ a < 2^128. */
export const amount128: Field<bigint> = {
  fixedBytes: 16,
  checkedSize(value) {
    if (typeof value !== 'bigint' || value < 0n || value > AMOUNT_MAX) {
      throw new UnfitError('a whole number (bigint) from 0 to 2^128 − 1', { limit: AMOUNT_MAX });
    }
    return 16;
  },
  write({ view }, at, value) {
    view.setBigUint64(at, BigInt.asUintN(64, value), true);
    view.setBigUint64(at + 8, value >> 64n, true);
    return at + 16;
  },
  read({ view }, start) {
    const low = view.getBigUint64(start, true);
    const high = view.getBigUint64(start + 8, true);
    return high === 0n ? low : (high << 64n) | low;
  },
};

/** One byte, 0 or 1. */
export const bool: Field<boolean> = {
  fixedBytes: 1,
  checkedSize(value) {
    if (typeof value !== 'boolean') throw new UnfitError('true or false');
    return 1;
  },
  write({ bytes }, at, value) {
    bytes[at] = value ? 1 : 0;
    return at + 1;
  },
  read({ bytes }, start) {
    const value = bytes[start] as number;
    if (value > 1) throw new UnfitError('true or false, in a byte of 1 or 0', { byte: value });
    return value === 1;
  },
};

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

/** Exactly `length` bytes. What is read is a copy. */
export function fixedBytes<Value extends Uint8Array>(length: number): Field<Value> {
  return {
    fixedBytes: length,
    checkedSize(value) {
      if (!isBytes(value) || value.length !== length) throw new UnfitError(`${length} bytes`, { limit: length });
      return length;
    },
    write({ bytes }, at, value) {
      bytes.set(value, at);
      return at + length;
    },
    read({ bytes }, start, end) {
      return bytes.slice(start, end) as Uint8Array as Value;
    },
  };
}

/** At most `limit` bytes. What is read is a copy. */
export function byteList(limit: number): Field<Uint8Array> {
  const expected = `bytes, at most ${limit}`;
  return {
    fixedBytes: undefined,
    checkedSize(value) {
      if (!isBytes(value) || value.length > limit) throw new UnfitError(expected, { limit });
      return value.length;
    },
    write({ bytes }, at, value) {
      bytes.set(value, at);
      return at + value.length;
    },
    read({ bytes }, start, end) {
      if (end - start > limit) throw new UnfitError(expected, { limit, bytes: end - start });
      return bytes.slice(start, end);
    },
  };
}

/** UTF-8 text of at most `limit` bytes; a text has one form only. */
export function text(limit: number): Field<string> {
  const expected = `text in UTF-8 of at most ${limit} bytes, without half surrogate pairs`;
  return {
    fixedBytes: undefined,
    checkedSize(value) {
      // A text has no more units than bytes, so this refuses huge texts before they are walked.
      if (typeof value !== 'string' || value.length > limit) throw new UnfitError(expected, { limit });
      const size = utf8Length(value);
      if (size < 0 || size > limit) throw new UnfitError(expected, { limit });
      return size;
    },
    write({ bytes }, at, value) {
      return writeUtf8(value, bytes, at);
    },
    read({ bytes }, start, end) {
      if (end - start > limit) throw new UnfitError(expected, { limit, bytes: end - start });
      const value = readUtf8(bytes, start, end);
      if (value === undefined) throw new UnfitError(expected, { limit, reason: 'not valid UTF-8' });
      return value;
    },
  };
}
