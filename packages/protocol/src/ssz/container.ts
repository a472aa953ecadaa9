import { type Field, inField, type Memory, readUint32, UnfitError, writeUint32 } from './field.ts';

/** Bytes that an offset takes in the fixed part, in place of a value of variable length. */
export const OFFSET_BYTES = 4;

/** A field of a container and where its bytes are. */
export type LaidOutField = {
  readonly name: string;
  readonly field: Field<unknown>;
  /** Position in the fixed part, of the value or of its offset. */
  readonly position: number;
  /** Position of the offset at which the value ends, or -1 when it ends with the container. Only of variable fields. */
  readonly endPosition: number;
};

/** Where the fields of a container are. */
export type Layout = {
  readonly fields: readonly LaidOutField[];
  /** Bytes of the fixed part. */
  readonly fixedBytes: number;
  /** Position of the first offset, or -1 when all fields have a fixed length. */
  readonly firstOffsetPosition: number;
};

/** Lays out a container: fixed values and offsets in the order of the fields, then the variable values in the same order. */
export function layOut(definitions: readonly (readonly [name: string, field: Field<unknown>])[]): Layout {
  const fields: LaidOutField[] = [];
  let position = 0;
  for (const [name, field] of definitions) {
    fields.push({ name, field, position, endPosition: -1 });
    position += field.fixedBytes ?? OFFSET_BYTES;
  }
  let endPosition = -1;
  for (const [index, each] of [...fields.entries()].reverse()) {
    if (each.field.fixedBytes !== undefined) continue;
    fields[index] = { ...each, endPosition };
    endPosition = each.position;
  }
  return { fields, fixedBytes: position, firstOffsetPosition: endPosition };
}

/** Bytes that a checked value takes besides the fixed part. */
export function variableSize({ name, field }: LaidOutField, value: unknown): number {
  try {
    const size = field.checkedSize(value);
    return field.fixedBytes === undefined ? size : 0;
  } catch (error) {
    throw inField(name, error);
  }
}

/** Writes a checked value to the container at `base`, a variable one at `end`; returns the new end. */
export function writeLaidOut(memory: Memory, base: number, end: number, { field, position }: LaidOutField, value: unknown): number {
  if (field.fixedBytes === undefined) {
    writeUint32(memory.bytes, base + position, end - base);
    return field.write(memory, end, value);
  }
  field.write(memory, base + position, value);
  return end;
}

/**
 * Checks the length of the container from `base` to before `end`, and that its variable part begins where its fixed part ends.
 *
 * Together with `readLaidOut`, by which every value begins where the one before ends, this leaves no byte unread and none read twice.
 */
export function assertLayout({ bytes }: Memory, base: number, end: number, layout: Layout): void {
  const size = end - base;
  const { fixedBytes, firstOffsetPosition } = layout;
  if (firstOffsetPosition === -1 ? size !== fixedBytes : size < fixedBytes) {
    throw new UnfitError(`${firstOffsetPosition === -1 ? '' : 'at least '}${fixedBytes} bytes`, { limit: fixedBytes, bytes: size });
  }
  if (firstOffsetPosition !== -1 && readUint32(bytes, base + firstOffsetPosition) !== fixedBytes) {
    throw new UnfitError(`bytes whose first offset is ${fixedBytes}`, {
      limit: fixedBytes,
      offset: readUint32(bytes, base + firstOffsetPosition),
    });
  }
}

/** Reads a value of the container from `base` to before `end`, whose layout has been checked. */
export function readLaidOut(memory: Memory, base: number, end: number, { name, field, position, endPosition }: LaidOutField): unknown {
  try {
    if (field.fixedBytes !== undefined) return field.read(memory, base + position, base + position + field.fixedBytes);
    const from = base + readUint32(memory.bytes, base + position);
    const to = endPosition === -1 ? end : base + readUint32(memory.bytes, base + endPosition);
    if (from > to || to > end) {
      throw new UnfitError('bytes from its offset to the next one, in order and within the container', {
        start: from - base,
        end: to - base,
        limit: end - base,
      });
    }
    return field.read(memory, from, to);
  } catch (error) {
    throw inField(name, error);
  }
}

/** A container as a field of another one. */
export function containerField(layout: Layout): Field<Readonly<Record<string, unknown>>> {
  const { fields, fixedBytes, firstOffsetPosition } = layout;
  return {
    fixedBytes: firstOffsetPosition === -1 ? fixedBytes : undefined,
    checkedSize(value) {
      let size = fixedBytes;
      for (const each of fields) size += variableSize(each, value[each.name]);
      return size;
    },
    write(memory, at, value) {
      let end = at + fixedBytes;
      for (const each of fields) end = writeLaidOut(memory, at, end, each, value[each.name]);
      return end;
    },
    read(memory, start, end) {
      assertLayout(memory, start, end, layout);
      const value: Record<string, unknown> = {};
      for (const each of fields) value[each.name] = readLaidOut(memory, start, end, each);
      return value;
    },
  };
}
