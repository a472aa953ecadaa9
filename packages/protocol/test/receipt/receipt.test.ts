import { ByteVectorType, ContainerType, UintBigintType, UintNumberType } from '@chainsafe/ssz';
import { describe, expect, it } from 'vitest';
import { ChainError, InvariantError } from '../../src/chain-error.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { byteStringRoots } from '../../src/merkle/byte-string-roots.ts';
import { listRoot } from '../../src/merkle/list-root.ts';
import { type Receipt, receiptCodec, receiptsRoot } from '../../src/receipt/receipt.ts';
import { RESULT_CODES } from '../../src/result-code.ts';

/* Goal: a receipt has one byte form of 44 bytes, and every result code one number for ever. Method: a general SSZ library as oracle. */

const LIBRARY = new ContainerType({
  code: new UintNumberType(2),
  feePaid: new UintBigintType(16),
  feePayer: new ByteVectorType(20),
  firstRecord: new UintNumberType(4),
  records: new UintNumberType(2),
});

const byLibrary = (receipt: Receipt): Uint8Array => LIBRARY.serialize({ ...receipt, code: RESULT_CODES.indexOf(receipt.code) });

const receipt: Receipt = {
  code: 'OK',
  feePaid: 1_000_000_000_000_000n,
  feePayer: new Uint8Array(20).fill(0xa1) as never,
  firstRecord: 258,
  records: 2,
};
const full: Receipt = { ...receipt, feePaid: 2n ** 128n - 1n, firstRecord: 2 ** 32 - 1, records: 2 ** 16 - 1 };

const refusal = (bytes: Uint8Array): unknown => {
  try {
    return receiptCodec.decode(bytes);
  } catch (error) {
    return error instanceof ChainError ? { code: error.code, field: error.details['field'] } : error;
  }
};

describe('bytes of a receipt', () => {
  it.each(RESULT_CODES)('with %s are those of the library and are read back', (code) => {
    for (const each of [
      { ...receipt, code },
      { ...full, code },
    ]) {
      const bytes = receiptCodec.encode(each);
      expect(bytes).toEqual(byLibrary(each));
      expect(receiptCodec.decode(bytes)).toEqual(each);
    }
  });

  it('hold the position of the code: those of the first codes never change', () => {
    const numbers = (['OK', 'BAD_SIGNATURE', 'NOT_PERMITTED', 'DFSM_ILLEGAL', 'ALREADY_CLAIMED', 'TERMS_MISMATCH'] as const).map(
      (code) => receiptCodec.encode({ ...receipt, code })[0],
    );
    expect(numbers).toEqual([0, 1, 8, 13, 21, 32]);
  });

  it('of any other length are refused', () => {
    const bytes = receiptCodec.encode(full);
    for (let length = 0; length < 44; length++) {
      expect(refusal(bytes.slice(0, length))).toEqual({ code: 'PROTOCOL_RECEIPT_BYTES_INVALID', field: 'container' });
    }
    expect(refusal(Uint8Array.of(...bytes, 0))).toEqual({ code: 'PROTOCOL_RECEIPT_BYTES_INVALID', field: 'container' });
  });

  it.each<[string, Partial<Receipt>]>([
    ['half a record', { records: 0.5 }],
    ['2^16 records', { records: 2 ** 16 }],
    ['a first record below zero', { firstRecord: -1 }],
    ['a first record of 2^32', { firstRecord: 2 ** 32 }],
    ['a payer of 19 bytes', { feePayer: new Uint8Array(19) as never }],
  ])('with %s are never written', (_name, change) => {
    expect(() => receiptCodec.encode({ ...receipt, ...change })).toThrow(InvariantError);
  });

  it.each([RESULT_CODES.length, 0xffff])('with the code number %d are refused', (number) => {
    const bytes = receiptCodec.encode(receipt);
    new DataView(bytes.buffer, bytes.byteOffset).setUint16(0, number, true);
    expect(refusal(bytes)).toEqual({ code: 'PROTOCOL_RECEIPT_BYTES_INVALID', field: 'code' });
  });
});

describe('the root of receipts', () => {
  it('is that of the list of their roots, in order', () => {
    const receipts = [receipt, full, { ...receipt, code: 'FROZEN' as const }];
    expect(receiptsRoot(cryptography, receipts)).toEqual(listRoot(cryptography, byteStringRoots(cryptography, receipts.map(byLibrary))));
    const roots = [receipts, receipts.slice(1), [...receipts].reverse(), []].map((each) => receiptsRoot(cryptography, each).join());
    expect(new Set(roots).size).toBe(4);
  });
});
