import { encodeHex } from '@mutual-chain/protocol';
import { sendTransactions } from '../../contract/index.ts';
import { type ServedMethod, serve } from '../method.ts';
import { errorObject } from '../rpc-error.ts';
import { refusalOf } from '../submit.ts';

/** Answers `mutual_sendTransactions`. */
export const serveSendTransactions: ServedMethod = serve(
  sendTransactions,
  async (context, { transactions }) => {
    const submissions = await context.transactions.submit(transactions);
    return submissions.map((each) => (each.ok ? { id: encodeHex(each.id) } : { error: errorObject(refusalOf(each)) }));
  },
  ({ transactions }) => transactions.length,
);
