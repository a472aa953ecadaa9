import { isAmount } from '../amount/amount.ts';
import type { Address, MerkleRoot } from '../bytes/branded.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { byteStringRoots } from '../merkle/byte-string-roots.ts';
import { listRoot } from '../merkle/list-root.ts';
import { RESULT_CODES, type ResultCode } from '../result-code.ts';
import { amount128, type Codec, containerCodec, fixedBytes, uint16, uint32 } from '../ssz/codec.ts';
import { decodeAs, type Expectation } from '../ssz/decode-as.ts';
import { createScratch, writeAmount } from '../ssz/scratch.ts';

/** What became of a transaction in its block. */
export type Receipt = {
  readonly code: ResultCode;
  /** MTN base units. */
  readonly feePaid: bigint;
  readonly feePayer: Address;
  /** Position of its first record among the block's records. */
  readonly firstRecord: number;
  /** How many records it wrote. */
  readonly records: number;
};

const schema = containerCodec({
  code: uint16,
  feePaid: amount128,
  feePayer: fixedBytes<Address>(20),
  firstRecord: uint32,
  records: uint16,
});

const RECEIPT_BYTES = 44;
const CODE_NUMBERS: ReadonlyMap<ResultCode, number> = new Map(RESULT_CODES.map((code, number) => [code, number]));

const EXPECTED: Expectation = { code: 'PROTOCOL_RECEIPT_BYTES_INVALID', name: 'a receipt', remedy: 'fetch it again, or from another peer' };

/**
 * Canonical bytes of a receipt, 44 bytes: the code as its position in `RESULT_CODES`. Errors of decode: `PROTOCOL_RECEIPT_BYTES_INVALID`,
 * naming the field.
 */
export const receiptCodec: Codec<Receipt> = {
  encode: (receipt) => encodeReceipts([receipt])[0] as Uint8Array,
  decode: (bytes) => {
    const row = decodeAs(EXPECTED, schema, bytes);
    const code = RESULT_CODES[row.code];
    if (code === undefined) {
      const message = `${row.code} is no result code: use a newer version`;
      throw protocolError(EXPECTED.code, message, { field: 'code', code: row.code });
    }
    return { ...row, code };
  },
};

/** Canonical bytes of many receipts in one piece of memory, in order; written out because every transaction has one. */
export function encodeReceipts(receipts: readonly Receipt[]): Uint8Array[] {
  const { bytes, view } = createScratch(receipts.length * RECEIPT_BYTES);
  return receipts.map((receipt, index) => {
    const at = index * RECEIPT_BYTES;
    const { code, feePaid, feePayer, firstRecord, records } = receipt;
    const number = CODE_NUMBERS.get(code);
    const counts = records >>> 0 === records && records <= 0xffff && firstRecord >>> 0 === firstRecord;
    const fits = counts && number !== undefined && isAmount(feePaid) && feePayer.length === 20;
    if (!fits) return schema.encode({ ...receipt, code: number ?? -1 });
    view.setUint16(at, number, true);
    writeAmount(view, at + 2, feePaid);
    bytes.set(feePayer, at + 18);
    view.setUint32(at + 38, firstRecord, true);
    view.setUint16(at + 42, records, true);
    return bytes.subarray(at, at + RECEIPT_BYTES);
  });
}

/** Merkle root over a block's receipts in the order of its transactions. */
export function receiptsRoot(cryptography: Pick<Cryptography, 'sha256Pairs'>, receipts: readonly Receipt[]): MerkleRoot {
  return listRoot(cryptography, byteStringRoots(cryptography, encodeReceipts(receipts)));
}
