import type { ServedMethod } from './method.ts';
import { serveChainInfo } from './methods/chain-info.ts';
import { serveDiagnose } from './methods/diagnose.ts';
import { serveDiscover } from './methods/discover.ts';
import { serveGetAccount } from './methods/get-account.ts';
import { serveGetAsset } from './methods/get-asset.ts';
import { serveGetBalance } from './methods/get-balance.ts';
import { serveGetBlock } from './methods/get-block.ts';
import { serveGetDebt } from './methods/get-debt.ts';
import { serveGetLot } from './methods/get-lot.ts';
import { serveGetParameters } from './methods/get-parameters.ts';
import { serveGetRawBlock } from './methods/get-raw-block.ts';
import { serveGetReceipt } from './methods/get-receipt.ts';
import { serveGetSupply } from './methods/get-supply.ts';
import { serveGetTransaction } from './methods/get-transaction.ts';
import { serveGetValidators } from './methods/get-validators.ts';
import { serveListAssets } from './methods/list-assets.ts';
import { serveListLots } from './methods/list-lots.ts';
import { serveListRecords } from './methods/list-records.ts';
import { servePrepareTransaction } from './methods/prepare-transaction.ts';
import { serveSendAndWait } from './methods/send-and-wait.ts';
import { serveSendRawTransaction } from './methods/send-raw-transaction.ts';
import { serveSendTransaction } from './methods/send-transaction.ts';
import { serveSendTransactions } from './methods/send-transactions.ts';
import { serveSimulateTransaction } from './methods/simulate-transaction.ts';
import { serveStatus } from './methods/status.ts';

const SERVED: readonly ServedMethod[] = [
  serveChainInfo,
  serveStatus,
  serveGetBlock,
  serveGetRawBlock,
  serveGetTransaction,
  serveGetReceipt,
  serveSendTransaction,
  serveSendRawTransaction,
  serveSendTransactions,
  serveSendAndWait,
  serveSimulateTransaction,
  servePrepareTransaction,
  serveGetAccount,
  serveGetBalance,
  serveGetLot,
  serveListLots,
  serveListRecords,
  serveGetAsset,
  serveListAssets,
  serveGetSupply,
  serveGetDebt,
  serveGetValidators,
  serveGetParameters,
  serveDiagnose,
  serveDiscover,
];

/** What answers each method, by its name. */
export const SERVED_METHODS: ReadonlyMap<string, ServedMethod> = new Map(SERVED.map((each) => [each.method.name, each]));
