import { InvariantError } from '../chain-error.ts';
import { protocolError } from '../errors.ts';
import { containerField, type Layout, layOut } from './container.ts';
import { type Field, memoryOf, UnfitError } from './field.ts';
import { listOfItems } from './list.ts';

export { amount128, bool, byteList, fixedBytes, text, uint8, uint16, uint32, uint64 } from './basic-fields.ts';
export type { Field } from './field.ts';
export { listOfItems } from './list.ts';

/*
 * Canonical bytes in SSZ, written out here instead of taken from a general library, for three reasons. The library takes byte strings that
 * are no canonical form of anything this chain can mean: numbers of 64 bits beyond the safe integers, texts that are no UTF-8. Its errors
 * cannot name the field and the limit. Its lists need a global of Node.js when they are made, so that no browser could load this package.
 * Tests hold every byte equal to the library's.
 */

/** Canonical bytes of one kind of value: `decode(encode(v))` equals `v`, and no two byte strings decode to the same value. */
export type Codec<Value> = {
  readonly encode: (value: Value) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => Value;
};

/** The TypeScript shape of a table of fields. */
export type ValueOf<Fields extends Readonly<Record<string, Field<unknown>>>> = {
  readonly [Name in keyof Fields]: Fields[Name] extends Field<infer Value> ? Value : never;
};

function layoutOf(fields: Readonly<Record<string, Field<unknown>>>): Layout {
  return layOut(Object.entries(fields));
}

/** A list of at most `limit` containers. */
export function listOf<Fields extends Readonly<Record<string, Field<unknown>>>>(
  fields: Fields,
  limit: number,
): Field<readonly ValueOf<Fields>[]> {
  return listOfItems(containerField(layoutOf(fields)), limit) as unknown as Field<readonly ValueOf<Fields>[]>;
}

/**
 * Codec of an SSZ container with these fields in this order.
 *
 * Errors of decode: `PROTOCOL_BYTES_INVALID`, naming the field and its limit. A value that cannot be encoded is a bug: `InvariantError`.
 */
export function containerCodec<Fields extends Readonly<Record<string, Field<unknown>>>>(fields: Fields): Codec<ValueOf<Fields>> {
  const field = containerField(layoutOf(fields)) as unknown as Field<ValueOf<Fields>>;
  return {
    encode: (value) => {
      const bytes = new Uint8Array(checkedSize(field, value));
      field.write(memoryOf(bytes), 0, value);
      return bytes;
    },
    decode: (bytes) => {
      try {
        return field.read(memoryOf(bytes), 0, bytes.length);
      } catch (error) {
        if (!(error instanceof UnfitError)) throw error;
        const path = error.path.join('.');
        const name = path === '' ? 'container' : path;
        throw protocolError('PROTOCOL_BYTES_INVALID', `${name} ${error.message}`, { field: name, ...error.details }, error);
      }
    },
  };
}

function checkedSize<Value>(field: Field<Value>, value: Value): number {
  try {
    return field.checkedSize(value);
  } catch (error) {
    if (!(error instanceof UnfitError)) throw error;
    throw new InvariantError(`a value to encode does not fit: ${error.path.join('.')} ${error.message}`, { cause: error });
  }
}
