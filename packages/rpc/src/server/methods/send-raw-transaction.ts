import { encodeHex } from '@mutual-chain/protocol';
import { sendRawTransaction } from '../../contract/index.ts';
import { type ServedMethod, serve } from '../method.ts';
import { submitOne } from '../submit.ts';

/** Answers `mutual_sendRawTransaction`. The bytes do not say for which chain they were signed. */
export const serveSendRawTransaction: ServedMethod = serve(sendRawTransaction, async ({ transactions }, { transaction }) => ({
  id: encodeHex(await submitOne(transactions, { transaction, domain: undefined })),
}));
