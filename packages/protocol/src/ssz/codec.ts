import {
  BooleanType,
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  type Type,
  UintBigintType,
  UintNumberType,
} from '@chainsafe/ssz';
import { decodeUtf8, encodeUtf8, utf8Length } from '../bytes/utf8.ts';
import { InvariantError } from '../chain-error.ts';

/** Canonical bytes of one kind of value: `decode(encode(v))` equals `v`, and no two byte strings decode to the same value. */
export type Codec<Value> = {
  readonly encode: (value: Value) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => Value;
};

/** One field of a container: the SSZ type that stands for a TypeScript type. */
export type Field<Value> = { readonly ssz: Type<unknown>; readonly value?: Value };

/** The TypeScript shape of a table of fields. */
export type ValueOf<Fields extends Readonly<Record<string, Field<unknown>>>> = {
  readonly [Name in keyof Fields]: Fields[Name] extends Field<infer Value> ? Value : never;
};

/** UTF-8 text as an SSZ byte list; the conversion lives in the type so that containers hold strings. */
class TextType extends ByteListType {
  override value_serializedSize(value: Uint8Array): number {
    return utf8Length(value as unknown as string);
  }
  override value_serializeToBytes(output: Parameters<ByteListType['value_serializeToBytes']>[0], offset: number, value: Uint8Array): number {
    const text = value as unknown as string;
    if (text.length === 0) return offset;
    return super.value_serializeToBytes(output, offset, encodeUtf8(text));
  }
  override value_deserializeFromBytes(
    data: Parameters<ByteListType['value_deserializeFromBytes']>[0],
    start: number,
    end: number,
  ): Uint8Array {
    if (start === end) return '' as unknown as Uint8Array;
    return decodeUtf8(super.value_deserializeFromBytes(data, start, end)) as unknown as Uint8Array;
  }
}

const field = <Value>(ssz: unknown): Field<Value> => ({ ssz: ssz as Type<unknown> });

/** Unsigned 8-bit number. */
export const uint8: Field<number> = field(new UintNumberType(1));
/** Unsigned 16-bit number. */
export const uint16: Field<number> = field(new UintNumberType(2));
/** Unsigned 32-bit number. */
export const uint32: Field<number> = field(new UintNumberType(4));
/** Height, time or count in 8 bytes; a safe integer. */
export const uint64: Field<number> = field(new UintNumberType(8));
/** Amount in 16 bytes, 0 ≤ a < 2^128. */
export const amount128: Field<bigint> = field(new UintBigintType(16));
/** One byte, 0 or 1. */
export const bool: Field<boolean> = field(new BooleanType());
/** Exactly `length` bytes. */
export const fixedBytes = <Value extends Uint8Array>(length: number): Field<Value> => field(new ByteVectorType(length));
/** At most `limit` bytes. */
export const byteList = (limit: number): Field<Uint8Array> => field(new ByteListType(limit));
/** UTF-8 text of at most `limit` bytes. */
export const text = (limit: number): Field<string> => field(new TextType(limit));
/** A list of at most `limit` containers. */
export const listOf = <Fields extends Readonly<Record<string, Field<unknown>>>>(
  fields: Fields,
  limit: number,
): Field<readonly ValueOf<Fields>[]> => field(new ListCompositeType(containerType(fields), limit));

function containerType(fields: Readonly<Record<string, Field<unknown>>>): ContainerType<Record<string, Type<unknown>>> {
  const types: Record<string, Type<unknown>> = {};
  for (const name of Object.keys(fields)) {
    const each = fields[name];
    if (each === undefined) throw new InvariantError(`container field ${name} has no type`);
    types[name] = each.ssz;
  }
  return new ContainerType(types);
}

/** Codec of an SSZ container with these fields in this order. */
export function containerCodec<Fields extends Readonly<Record<string, Field<unknown>>>>(fields: Fields): Codec<ValueOf<Fields>> {
  const type = containerType(fields);
  return {
    encode: (value) => type.serialize(value as never),
    decode: (bytes) => type.deserialize(bytes) as ValueOf<Fields>,
  };
}
