import { getReceipt } from '../../contract/index.ts';
import { found } from '../found.ts';
import { transactionViewToJson } from '../json/transaction-to-json.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_getReceipt`. */
export const serveGetReceipt: ServedMethod = serve(getReceipt, async ({ transactions, checksums, addressText }, { id }) =>
  transactionViewToJson(found(await transactions.transaction(id)), checksums, addressText),
);
