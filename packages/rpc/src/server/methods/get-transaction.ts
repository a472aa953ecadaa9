import { getTransaction } from '../../contract/index.ts';
import { found } from '../found.ts';
import { transactionViewToJson } from '../json/transaction-to-json.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_getTransaction`. */
export const serveGetTransaction: ServedMethod = serve(getTransaction, async ({ transactions, checksums, addressText }, { id }) =>
  transactionViewToJson(found(await transactions.transaction(id)), checksums, addressText),
);
