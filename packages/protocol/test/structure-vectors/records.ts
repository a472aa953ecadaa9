import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { byteStringRoot } from '../../src/merkle/byte-string-roots.ts';
import { type Receipt, receiptCodec, receiptsRoot } from '../../src/receipt/receipt.ts';
import { recordCodec, recordsRoot } from '../../src/record/record-codec.ts';
import { recordSentence } from '../../src/record/record-sentence.ts';
import { FULL, REQUEST, SPLIT_REST } from '../record/sample-records.ts';
import { jsonForm } from './json-form.ts';

const RECORDS = [
  ['a transfer request', REQUEST],
  ['the rest of a partial confirm', SPLIT_REST],
  ['every field full', FULL],
] as const;

const payer = new Uint8Array(20).fill(0xa1) as Receipt['feePayer'];
const RECEIPTS: readonly Receipt[] = [
  { code: 'OK', feePaid: 1_000_000_000_000_000n, feePayer: payer, firstRecord: 0, records: 2 },
  { code: 'DFSM_ILLEGAL', feePaid: 1_000_000_000_000_000n, feePayer: payer, firstRecord: 2, records: 0 },
  { code: 'TERMS_MISMATCH', feePaid: 2n ** 128n - 1n, feePayer: payer, firstRecord: 2 ** 32 - 1, records: 2 ** 16 - 1 },
];

/** Records and receipts: values, bytes and roots, and the roots of lists of them. */
export function computeRecords(): unknown {
  return jsonForm({
    about: 'Records and receipts. Made by `pnpm --filter @mutual-chain/protocol vectors`.',
    records: RECORDS.map(([name, record]) => {
      const bytes = recordCodec.encode(record);
      return { name, record, sentence: recordSentence(record), bytes, root: byteStringRoot(cryptography, bytes) };
    }),
    recordsRoot: recordsRoot(
      cryptography,
      RECORDS.map(([, record]) => record),
    ),
    emptyRecordsRoot: recordsRoot(cryptography, []),
    receipts: RECEIPTS.map((receipt) => {
      const bytes = receiptCodec.encode(receipt);
      return { receipt, bytes, root: byteStringRoot(cryptography, bytes) };
    }),
    receiptsRoot: receiptsRoot(cryptography, RECEIPTS),
  });
}
