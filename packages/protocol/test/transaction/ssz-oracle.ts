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
import { LIMITS } from '../../src/limits.ts';
import type { FieldDefinition, SignedTransaction, TransactionType } from '../../src/transaction/transaction.ts';
import { TRANSACTION_TYPES } from '../../src/transaction/transaction-types.ts';
import { fieldsOf, TYPES } from './table-arbitrary.ts';

/*
 * Canonical bytes by a general SSZ library: what the codec of this package has to write.
 */

function typeOf(field: FieldDefinition): Type<unknown> {
  switch (field.kind) {
    case 'address':
      return new ByteVectorType(20);
    case 'address[]':
      return new ListCompositeType(new ByteVectorType(20), field.maxItems ?? 0) as unknown as Type<unknown>;
    case 'bool':
      return new BooleanType();
    case 'bytes':
    case 'string':
      return new ByteListType(field.maxBytes ?? 0);
    case 'bytes32':
      return new ByteVectorType(32);
    case 'uint8':
      return new UintNumberType(1);
    case 'uint32':
      return new UintNumberType(4);
    case 'uint64':
      return new UintNumberType(8);
    case 'uint256':
      return new UintBigintType(16);
  }
}

function signedType(type: TransactionType): ContainerType<Record<string, Type<unknown>>> {
  const fields = fieldsOf(type).map((field) => [field.name, typeOf(field)] as const);
  return new ContainerType(Object.fromEntries([...fields, ['signature', new ByteVectorType(65)]]));
}

const signedTypes = new Map(TYPES.map((type) => [type, signedType(type)]));

const rawType = new ContainerType({
  signed: new ByteListType(LIMITS.transactionBytesMax),
  sponsor: new ListCompositeType(new ContainerType({ address: new ByteVectorType(20), signature: new ByteVectorType(65) }), 1),
});

/** Signed bytes by the library. */
export function oracleSignedBytes({ type, message, signature }: SignedTransaction): Uint8Array {
  const value: Record<string, unknown> = { signature };
  for (const [name, field] of Object.entries(message)) value[name] = typeof field === 'string' ? new TextEncoder().encode(field) : field;
  return Uint8Array.of(TRANSACTION_TYPES[type].number, ...(signedTypes.get(type)?.serialize(value) ?? []));
}

/** Raw bytes by the library. */
export function oracleRawBytes(transaction: SignedTransaction): Uint8Array {
  const { sponsor } = transaction;
  return rawType.serialize({ signed: oracleSignedBytes(transaction), sponsor: sponsor === undefined ? [] : [sponsor] });
}
