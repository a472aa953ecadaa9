import { protocolError } from '../errors.ts';
import { amount128, bool, byteList, type Field, fixedBytes, listOfItems, text, uint8, uint32, uint64 } from '../ssz/codec.ts';
import { type LaidOutField, type Layout, layOut } from '../ssz/container.ts';
import type { FieldDefinition, FieldKind, TransactionType } from './transaction.ts';
import { COMMON_FIELDS, TRANSACTION_TYPES } from './transaction-types.ts';

/** A field of a transaction type: its place in the canonical bytes, its kind and its limit. */
export type SchemaField = LaidOutField & {
  readonly kind: FieldKind;
  /** Most bytes of a `string` or `bytes`, most items of a list; 0 for the other kinds. */
  readonly limit: number;
};

/** A transaction type, ready for encoding, decoding and hashing. */
export type TransactionSchema = {
  readonly type: TransactionType;
  /** First byte of the signed bytes. */
  readonly number: number;
  /** The common fields, then the type's own. */
  readonly fields: readonly SchemaField[];
  /** The container of all fields and the signature. */
  readonly layout: Layout;
  /** Position of the signature's 65 bytes in the fixed part: the last of it. */
  readonly signaturePosition: number;
  /** The sentence a wallet shows, with `{field}` for fields. */
  readonly summary: string;
};

/** The SSZ type of each kind. Amounts are below 2^128, so 16 bytes are enough for a `uint256`. */
function sszOf(kind: FieldKind, limit: number): Field<unknown> {
  switch (kind) {
    case 'address':
      return fixedBytes(20);
    case 'address[]':
      return listOfItems(fixedBytes(20), limit) as Field<unknown>;
    case 'bool':
      return bool;
    case 'bytes':
      return byteList(limit);
    case 'bytes32':
      return fixedBytes(32);
    case 'string':
      return text(limit);
    case 'uint8':
      return uint8;
    case 'uint32':
      return uint32;
    case 'uint64':
      return uint64;
    case 'uint256':
      return amount128;
  }
}

function limitOf({ maxBytes, maxItems }: FieldDefinition): number {
  return maxBytes ?? maxItems ?? 0;
}

function schemaOf(type: TransactionType): TransactionSchema {
  const { number, summary, fields: own } = TRANSACTION_TYPES[type];
  const definitions: readonly FieldDefinition[] = [...COMMON_FIELDS, ...own];
  const layout = layOut([
    ...definitions.map((definition) => [definition.name, sszOf(definition.kind, limitOf(definition))] as const),
    ['signature', fixedBytes(65)],
  ]);
  const fields = definitions.map((definition, index) => ({
    ...(layout.fields[index] as LaidOutField),
    kind: definition.kind,
    limit: limitOf(definition),
  }));
  return { type, number, fields, layout, signaturePosition: layout.fixedBytes - 65, summary };
}

/** Every transaction type of the table, in the table's order. */
export const TRANSACTION_SCHEMAS: readonly TransactionSchema[] = (Object.keys(TRANSACTION_TYPES) as TransactionType[]).map(schemaOf);

const byType: ReadonlyMap<string, TransactionSchema> = new Map(TRANSACTION_SCHEMAS.map((schema) => [schema.type, schema]));
const byNumber: ReadonlyMap<number, TransactionSchema> = new Map(TRANSACTION_SCHEMAS.map((schema) => [schema.number, schema]));

/** Schema of a type by its name. Errors: `PROTOCOL_TRANSACTION_TYPE_UNKNOWN`. */
export function schemaOfType(type: string): TransactionSchema {
  const schema = byType.get(type);
  if (schema === undefined) {
    throw protocolError('PROTOCOL_TRANSACTION_TYPE_UNKNOWN', 'type is not the name of a transaction type: see the table of types', {
      field: 'type',
      value: String(type).slice(0, 64),
    });
  }
  return schema;
}

/** Schema of a type by the first byte of its signed bytes. Errors: `PROTOCOL_TRANSACTION_TYPE_UNKNOWN`. */
export function schemaOfNumber(number: number): TransactionSchema {
  const schema = byNumber.get(number);
  if (schema === undefined) {
    throw protocolError('PROTOCOL_TRANSACTION_TYPE_UNKNOWN', `type is ${number}, which is no transaction type: see the table of types`, {
      field: 'type',
      value: number,
    });
  }
  return schema;
}
