import fc from 'fast-check';
import { AMOUNT_MAX } from '../../src/amount/amount.ts';
import type { Address } from '../../src/bytes/branded.ts';
import { utf8Length } from '../../src/bytes/utf8.ts';
import type { FieldDefinition, SignedTransaction, TransactionType, UnsignedTransaction } from '../../src/transaction/transaction.ts';
import { COMMON_FIELDS, TRANSACTION_TYPES } from '../../src/transaction/transaction-types.ts';

/*
 * Random messages of every type, made from the table, so that a new type is tested from the day it is written there.
 */

/** Names of all transaction types. */
export const TYPES = Object.keys(TRANSACTION_TYPES) as TransactionType[];

/** All fields of a type, the common ones first. */
export function fieldsOf(type: TransactionType): readonly FieldDefinition[] {
  return [...COMMON_FIELDS, ...TRANSACTION_TYPES[type].fields];
}

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

/** Cuts a text to a number of UTF-8 bytes without cutting a character. */
function cut(text: string, maxBytes: number): string {
  let kept = '';
  for (const character of text) {
    if (utf8Length(kept + character) > maxBytes) break;
    kept += character;
  }
  return kept;
}

function text(maxBytes: number): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: 'binary', maxLength: maxBytes }).map((value) => cut(value, maxBytes)),
    fc.string({ unit: 'grapheme', maxLength: maxBytes }).map((value) => cut(value, maxBytes)),
    fc.constantFrom('', 'x'.repeat(maxBytes), cut('€'.repeat(maxBytes), maxBytes), cut('🦊'.repeat(maxBytes), maxBytes)),
  );
}

function uint(max: number): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 0, max }), fc.constantFrom(0, 1, max - 1, max));
}

function anyValue(field: FieldDefinition): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'address':
      return bytes(20);
    case 'address[]':
      return fc.array(bytes(20), { maxLength: field.maxItems ?? 0 });
    case 'bool':
      return fc.boolean();
    case 'bytes':
      return fc.uint8Array({ maxLength: field.maxBytes ?? 0 });
    case 'bytes32':
      return bytes(32);
    case 'string':
      return text(field.maxBytes ?? 0);
    case 'uint8':
      return uint(0xff);
    case 'uint32':
      return uint(0xffff_ffff);
    case 'uint64':
      return fc.oneof(uint(Number.MAX_SAFE_INTEGER), fc.constantFrom(2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 52));
    case 'uint256':
      return fc.oneof(fc.bigInt({ min: 0n, max: AMOUNT_MAX }), fc.constantFrom(0n, 2n ** 64n - 1n, 2n ** 64n, AMOUNT_MAX));
  }
}

/** Random message of a type, optionally of one sender. */
export function unsignedOf(type: TransactionType, from?: Address): fc.Arbitrary<UnsignedTransaction> {
  const fields = Object.fromEntries(
    fieldsOf(type).map((field) => [field.name, field.name === 'from' && from !== undefined ? fc.constant(from) : anyValue(field)]),
  );
  return fc.record(fields).map((message) => ({ type, message }) as unknown as UnsignedTransaction);
}

/** Random message of a random type. */
export const anyUnsigned: fc.Arbitrary<UnsignedTransaction> = fc.constantFrom(...TYPES).chain((type) => unsignedOf(type));

/** Random transaction with random bytes for signatures, half of them sponsored. */
export const anySigned: fc.Arbitrary<SignedTransaction> = fc
  .tuple(anyUnsigned, bytes(65), fc.option(fc.record({ address: bytes(20), signature: bytes(65) }), { nil: undefined }))
  .map(([unsigned, signature, sponsor]) => {
    return { ...unsigned, signature, ...(sponsor === undefined ? {} : { sponsor }) } as unknown as SignedTransaction;
  });

function fixedValue(field: FieldDefinition, isFull: boolean): unknown {
  switch (field.kind) {
    case 'address':
      return new Uint8Array(20).fill(0xa1);
    case 'address[]':
      return Array.from({ length: isFull ? (field.maxItems ?? 0) : 2 }, (_, index) => new Uint8Array(20).fill(index + 1));
    case 'bool':
      return true;
    case 'bytes':
      return new Uint8Array(isFull ? (field.maxBytes ?? 0) : 3).fill(0xb2);
    case 'bytes32':
      return new Uint8Array(32).fill(0xc3);
    case 'string':
      return 'x'.repeat(isFull ? (field.maxBytes ?? 0) : 3);
    case 'uint8':
      return 200;
    case 'uint32':
      return 0xdead_beef;
    case 'uint64':
      return 1_800_000_000_123;
    case 'uint256':
      return 2n ** 100n + 7n;
  }
}

/** A fixed transaction of a type; `isFull` fills every text and list to its limit. */
export function sampleOf(type: TransactionType, isFull = false): SignedTransaction {
  const message = Object.fromEntries(fieldsOf(type).map((field) => [field.name, fixedValue(field, isFull)]));
  return { type, message, signature: new Uint8Array(65).fill(0x11) } as unknown as SignedTransaction;
}
