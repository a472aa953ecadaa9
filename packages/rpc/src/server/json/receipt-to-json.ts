import type { ReceiptJson } from '../../contract/index.ts';
import type { ReceiptView } from '../ports.ts';
import type { AddressText } from './address-text.ts';
import { recordToJson } from './record-to-json.ts';

/** Writes a receipt with its records. */
export function receiptToJson({ receipt, records }: ReceiptView, addressText: AddressText): ReceiptJson {
  const { code, feePaid, feePayer } = receipt;
  return {
    ok: code === 'OK',
    code,
    feePaid: String(feePaid),
    feePayer: addressText(feePayer),
    records: records.map((record) => recordToJson(record, addressText)),
  };
}
