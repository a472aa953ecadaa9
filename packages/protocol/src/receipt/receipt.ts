import type { Address, MerkleRoot } from '../bytes/branded.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { byteStringRoots } from '../merkle/byte-string-roots.ts';
import { listRoot } from '../merkle/list-root.ts';
import { RESULT_CODES, type ResultCode } from '../result-code.ts';
import { amount128, type Codec, containerCodec, fixedBytes, uint16, uint32 } from '../ssz/codec.ts';

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

const codec = containerCodec({
  code: uint16,
  feePaid: amount128,
  feePayer: fixedBytes<Address>(20),
  firstRecord: uint32,
  records: uint16,
});

/** Canonical bytes of a receipt: the code as its position in `RESULT_CODES`. Errors of decode: `PROTOCOL_RECEIPT_BYTES_INVALID`. */
export const receiptCodec: Codec<Receipt> = {
  encode: (receipt) => codec.encode({ ...receipt, code: RESULT_CODES.indexOf(receipt.code) }),
  decode: (bytes) => {
    let row: ReturnType<typeof codec.decode>;
    try {
      row = codec.decode(bytes);
    } catch (cause) {
      throw protocolError('PROTOCOL_RECEIPT_BYTES_INVALID', 'bytes are not a receipt: read them again from a good copy', {}, cause);
    }
    const code = RESULT_CODES[row.code];
    if (code === undefined) {
      throw protocolError('PROTOCOL_RECEIPT_BYTES_INVALID', `${row.code} is no result code: use a newer version`, { code: row.code });
    }
    return { ...row, code };
  },
};

/** Merkle root over a block's receipts in the order of its transactions. */
export function receiptsRoot(cryptography: Cryptography, receipts: readonly Receipt[]): MerkleRoot {
  return listRoot(cryptography, byteStringRoots(cryptography, receipts.map(receiptCodec.encode)));
}
