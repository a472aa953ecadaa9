import { OFFSET_BYTES } from './container.ts';
import { type Field, inField, type Memory, readUint32, UnfitError, writeUint32 } from './field.ts';

/** Where the items of a list are: `starts` has one entry more than the list has items, the end of the last. */
function startsOf<Item>({ bytes }: Memory, start: number, end: number, item: Field<Item>, limit: number): number[] {
  const size = end - start;
  const starts: number[] = [];
  if (item.fixedBytes !== undefined) {
    if (size % item.fixedBytes !== 0) throw new UnfitError(`a list of items of ${item.fixedBytes} bytes`, { limit, bytes: size });
    if (size > limit * item.fixedBytes) throw new UnfitError(`a list of at most ${limit} items`, { limit, bytes: size });
    for (let at = start; at <= end; at += item.fixedBytes) starts.push(at);
    return starts;
  }
  if (size === 0) return [start];
  // The first item begins after the offsets, so its offset tells how many there are. An offset of 0 would be a second form of no items.
  const first = size < OFFSET_BYTES ? 0 : readUint32(bytes, start);
  if (first === 0 || first % OFFSET_BYTES !== 0 || first > size) {
    throw new UnfitError('a list that begins with its offsets', { offset: first, bytes: size });
  }
  if (first > limit * OFFSET_BYTES)
    throw new UnfitError(`a list of at most ${limit} items`, { limit, items: Math.floor(first / OFFSET_BYTES) });
  for (let at = 0; at < first; at += OFFSET_BYTES) starts.push(start + readUint32(bytes, start + at));
  starts.push(end);
  for (let index = 1; index < starts.length; index++) {
    if ((starts[index] as number) < (starts[index - 1] as number)) {
      throw new UnfitError('a list whose items follow each other', { item: index - 1, bytes: size });
    }
  }
  return starts;
}

/** A list of at most `limit` items. */
export function listOfItems<Item>(item: Field<Item>, limit: number): Field<readonly Item[]> {
  return {
    fixedBytes: undefined,
    checkedSize(value) {
      if (!Array.isArray(value) || value.length > limit) throw new UnfitError(`a list of at most ${limit} items`, { limit });
      let size = 0;
      for (const [index, each] of value.entries()) {
        try {
          size += item.checkedSize(each) + (item.fixedBytes === undefined ? OFFSET_BYTES : 0);
        } catch (error) {
          throw inField(index, error);
        }
      }
      return size;
    },
    write(memory, at, value) {
      if (item.fixedBytes !== undefined) return value.reduce((end, each) => item.write(memory, end, each), at);
      let end = at + OFFSET_BYTES * value.length;
      for (const [index, each] of value.entries()) {
        writeUint32(memory.bytes, at + OFFSET_BYTES * index, end - at);
        end = item.write(memory, end, each);
      }
      return end;
    },
    read(memory, start, end) {
      const starts = startsOf(memory, start, end, item, limit);
      const value: Item[] = [];
      for (let index = 0; index + 1 < starts.length; index++) {
        try {
          value.push(item.read(memory, starts[index] as number, starts[index + 1] as number));
        } catch (error) {
          throw inField(index, error);
        }
      }
      return value;
    },
  };
}
