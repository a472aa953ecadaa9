import type { Method } from './method.ts';
import { chainInfo } from './methods/chain-info.ts';
import { diagnose } from './methods/diagnose.ts';
import { discover } from './methods/discover.ts';
import { getAccount } from './methods/get-account.ts';
import { getAsset } from './methods/get-asset.ts';
import { getBalance } from './methods/get-balance.ts';
import { getBlock } from './methods/get-block.ts';
import { getDebt } from './methods/get-debt.ts';
import { getLot } from './methods/get-lot.ts';
import { getParameters } from './methods/get-parameters.ts';
import { getRawBlock } from './methods/get-raw-block.ts';
import { getReceipt } from './methods/get-receipt.ts';
import { getSupply } from './methods/get-supply.ts';
import { getTransaction } from './methods/get-transaction.ts';
import { getValidators } from './methods/get-validators.ts';
import { listAssets } from './methods/list-assets.ts';
import { listLots } from './methods/list-lots.ts';
import { listRecords } from './methods/list-records.ts';
import { prepareTransaction } from './methods/prepare-transaction.ts';
import { sendAndWait } from './methods/send-and-wait.ts';
import { sendRawTransaction } from './methods/send-raw-transaction.ts';
import { sendTransaction } from './methods/send-transaction.ts';
import { sendTransactions } from './methods/send-transactions.ts';
import { simulateTransaction } from './methods/simulate-transaction.ts';
import { status } from './methods/status.ts';

/** Every method of the interface, in the order in which documents list them. */
export const METHODS: readonly Method[] = [
  chainInfo,
  status,
  getBlock,
  getRawBlock,
  getTransaction,
  getReceipt,
  sendTransaction,
  sendRawTransaction,
  sendTransactions,
  sendAndWait,
  simulateTransaction,
  prepareTransaction,
  getAccount,
  getBalance,
  getLot,
  listLots,
  listRecords,
  getAsset,
  listAssets,
  getSupply,
  getDebt,
  getValidators,
  getParameters,
  diagnose,
  discover,
];
