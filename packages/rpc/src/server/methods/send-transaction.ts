import { encodeHex } from '@mutual-chain/protocol';
import { sendTransaction } from '../../contract/index.ts';
import { type ServedMethod, serve } from '../method.ts';
import { submitOne } from '../submit.ts';

/** Answers `mutual_sendTransaction`. */
export const serveSendTransaction: ServedMethod = serve(sendTransaction, async ({ transactions }, { transaction }) => ({
  id: encodeHex(await submitOne(transactions, transaction)),
}));
