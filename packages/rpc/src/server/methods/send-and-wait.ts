import { sendAndWait } from '../../contract/index.ts';
import { abortAfter } from '../abort-after.ts';
import { found } from '../found.ts';
import { transactionViewToJson } from '../json/transaction-to-json.ts';
import { type ServedMethod, serve } from '../method.ts';
import { RpcError } from '../rpc-error.ts';
import { submitOne } from '../submit.ts';

/** Answers `mutual_sendAndWait`. */
export const serveSendAndWait: ServedMethod = serve(
  sendAndWait,
  async ({ transactions, checksums, addressText, signal, takeWaitingPlace }, { transaction, timeoutMs }) => {
    const release = takeWaitingPlace();
    if (release === undefined) throw new RpcError('SERVER_BUSY');
    const deadline = abortAfter(timeoutMs, signal);
    try {
      const id = await submitOne(transactions, transaction);
      await transactions.settled(id, deadline.signal);
      return transactionViewToJson(found(await transactions.transaction(id)), checksums, addressText);
    } finally {
      deadline.release();
      release();
    }
  },
);
