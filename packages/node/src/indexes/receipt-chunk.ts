import { type Address, assertInvariant, equalBytes, RESULT_CODES, type Receipt, type ResultCode } from '@mutual-chain/protocol';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/*
 * Some receipts of one block, each as its difference from the one before: a byte whose bits say which fields follow, and those fields in the
 * order of the bits. What does not follow is as in the receipt before; records follow those of the receipt before.
 */

const CODE = 1 << 0;
const FEE_PAID = 1 << 1;
const FEE_PAYER = 1 << 2;
const FIRST_RECORD = 1 << 3;
const RECORDS = 1 << 4;

/** What stands before the first receipt of a chunk. */
const NOTHING: Receipt = { code: 'OK', feePaid: 0n, feePayer: new Uint8Array(20) as Address, firstRecord: 0, records: 0 };

const CODE_NUMBERS: ReadonlyMap<ResultCode, number> = new Map(RESULT_CODES.map((code, number) => [code, number]));

const writer = new ByteWriter();

/** Bytes of receipts. */
export function encodeReceiptChunk(receipts: readonly Receipt[]): Uint8Array {
  let before = NOTHING;
  for (const receipt of receipts) {
    const { code, feePaid, feePayer, firstRecord, records } = receipt;
    const fields =
      (code === before.code ? 0 : CODE) |
      (feePaid === before.feePaid ? 0 : FEE_PAID) |
      (equalBytes(feePayer, before.feePayer) ? 0 : FEE_PAYER) |
      (firstRecord === before.firstRecord + before.records ? 0 : FIRST_RECORD) |
      (records === before.records ? 0 : RECORDS);
    writer.byte(fields);
    if ((fields & CODE) !== 0) writer.count(CODE_NUMBERS.get(code) ?? RESULT_CODES.length);
    if ((fields & FEE_PAID) !== 0) writer.amount(feePaid);
    if ((fields & FEE_PAYER) !== 0) writer.fixed(feePayer);
    if ((fields & FIRST_RECORD) !== 0) writer.count(firstRecord);
    if ((fields & RECORDS) !== 0) writer.count(records);
    before = receipt;
  }
  return writer.take();
}

/** Reads what `encodeReceiptChunk` made. */
export function decodeReceiptChunk(bytes: Uint8Array): readonly Receipt[] {
  const reader = new ByteReader(bytes);
  const receipts: Receipt[] = [];
  let before = NOTHING;
  while (!reader.isAtEnd) {
    const fields = reader.byte();
    const code = (fields & CODE) === 0 ? before.code : RESULT_CODES[reader.count()];
    assertInvariant(code !== undefined, 'a receipt in an index has a code');
    const feePaid = (fields & FEE_PAID) === 0 ? before.feePaid : reader.amount();
    const feePayer = (fields & FEE_PAYER) === 0 ? before.feePayer : (reader.fixed(20) as Address);
    const firstRecord = (fields & FIRST_RECORD) === 0 ? before.firstRecord + before.records : reader.count();
    const records = (fields & RECORDS) === 0 ? before.records : reader.count();
    before = { code, feePaid, feePayer, firstRecord, records };
    receipts.push(before);
  }
  return receipts;
}
