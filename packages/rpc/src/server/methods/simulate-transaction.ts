import { simulateTransaction } from '../../contract/index.ts';
import { receiptToJson } from '../json/receipt-to-json.ts';
import { type ServedMethod, serve } from '../method.ts';
import { RpcError } from '../rpc-error.ts';

/** Answers `mutual_simulateTransaction`. */
export const serveSimulateTransaction: ServedMethod = serve(
  simulateTransaction,
  async ({ node, transactions, addressText }, { transaction }) => {
    if (node.status().tip === undefined) throw new RpcError('NOT_READY');
    return receiptToJson(await transactions.simulate(transaction), addressText);
  },
);
