import { protocolError } from '../errors.ts';
import type { FieldDefinition, FieldKind, TransactionType } from './transaction.ts';
import { COMMON_FIELDS, TRANSACTION_TYPES } from './transaction-types.ts';

/** Bytes that an offset takes in the fixed part of a container, in place of a field of variable length. */
const OFFSET_BYTES = 4;

/** Bytes of each kind in the fixed part of a container; kinds that are not here have a variable length. Amounts are below 2^128. */
const FIXED_BYTES: Readonly<Partial<Record<FieldKind, number>>> = {
  address: 20,
  bool: 1,
  bytes32: 32,
  uint8: 1,
  uint32: 4,
  uint64: 8,
  uint256: 16,
};

/** A field and where its canonical bytes are. */
export type FieldLayout = {
  readonly name: string;
  readonly kind: FieldKind;
  /** Most bytes of a `string` or `bytes`, most items of a list; 0 for the other kinds. */
  readonly limit: number;
  /** Position in the fixed part, of the value or of its offset. */
  readonly position: number;
  /** Position of the offset at which this field's variable part ends, or -1 when it ends with the container. */
  readonly endPosition: number;
};

/** A transaction type, ready for encoding, decoding and hashing. */
export type TransactionSchema = {
  readonly type: TransactionType;
  /** First byte of the signed bytes. */
  readonly number: number;
  /** The common fields, then the type's own. */
  readonly fields: readonly FieldLayout[];
  /** Where the 65 bytes of the signature are in the fixed part. */
  readonly signaturePosition: number;
  /** Bytes of the fixed part, signature included. */
  readonly fixedBytes: number;
  /** Whether a field has a variable length. */
  readonly isVariable: boolean;
  /** The sentence a wallet shows, with `{field}` for fields. */
  readonly summary: string;
};

/** Whether values of a kind differ in length, so that their container holds an offset in their place. */
export function isVariableKind(kind: FieldKind): boolean {
  return FIXED_BYTES[kind] === undefined;
}

function layOut(type: TransactionType): TransactionSchema {
  const { number, summary, fields: own } = TRANSACTION_TYPES[type];
  const definitions: readonly FieldDefinition[] = [...COMMON_FIELDS, ...own];
  const fields: FieldLayout[] = [];
  let position = 0;
  for (const definition of definitions) {
    const limit = definition.maxBytes ?? definition.maxItems ?? 0;
    fields.push({ name: definition.name, kind: definition.kind, limit, position, endPosition: -1 });
    position += FIXED_BYTES[definition.kind] ?? OFFSET_BYTES;
  }
  let endPosition = -1;
  for (const [index, field] of [...fields.entries()].reverse()) {
    if (!isVariableKind(field.kind)) continue;
    fields[index] = { ...field, endPosition };
    endPosition = field.position;
  }
  return { type, number, fields, signaturePosition: position, fixedBytes: position + 65, isVariable: endPosition !== -1, summary };
}

/** Every transaction type of the table, in the table's order. */
export const TRANSACTION_SCHEMAS: readonly TransactionSchema[] = (Object.keys(TRANSACTION_TYPES) as TransactionType[]).map(layOut);

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
