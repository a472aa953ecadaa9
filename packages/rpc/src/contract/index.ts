// What a node and its clients agree on: the methods, the shapes of what goes in and out, the errors and the limits.

export {
  MEMPOOL_ERROR_CODES,
  type MempoolErrorCode,
  numberOf,
  type RefusalCode,
  RPC_ERRORS,
  type RpcErrorCode,
  type RpcErrorObject,
  TRANSACTION_REFUSED_NUMBER,
} from './errors.ts';
export { RPC_LIMIT_REASONS, RPC_LIMITS } from './limits.ts';
export type { Method, Parameter } from './method.ts';
export { chainInfo } from './methods/chain-info.ts';
export { diagnose } from './methods/diagnose.ts';
export { discover } from './methods/discover.ts';
export { getAccount } from './methods/get-account.ts';
export { getAsset } from './methods/get-asset.ts';
export { getBalance } from './methods/get-balance.ts';
export { type BlockOptions, getBlock } from './methods/get-block.ts';
export { getDebt } from './methods/get-debt.ts';
export { getLot } from './methods/get-lot.ts';
export { getParameters } from './methods/get-parameters.ts';
export { getRawBlock } from './methods/get-raw-block.ts';
export { getReceipt } from './methods/get-receipt.ts';
export { getSupply } from './methods/get-supply.ts';
export { getTransaction } from './methods/get-transaction.ts';
export { getValidators } from './methods/get-validators.ts';
export { listAssets } from './methods/list-assets.ts';
export { type LotFilter, listLots } from './methods/list-lots.ts';
export { listRecords, type RecordFilter } from './methods/list-records.ts';
export { prepareTransaction } from './methods/prepare-transaction.ts';
export { sendAndWait } from './methods/send-and-wait.ts';
export { sendRawTransaction } from './methods/send-raw-transaction.ts';
export { sendTransaction } from './methods/send-transaction.ts';
export { sendTransactions } from './methods/send-transactions.ts';
export { simulateTransaction } from './methods/simulate-transaction.ts';
export { status } from './methods/status.ts';
export { METHODS } from './methods.ts';
export { isOptional, openRpcDocument, parametersOf } from './openrpc.ts';
export type { ContentDescriptor, JsonSchema, OpenRpcDocument } from './openrpc-document.ts';
export type { AccountBalanceJson, AccountJson, BalanceJson } from './shapes/account-json.ts';
export type { AssetJson, SupplyJson } from './shapes/asset-json.ts';
export type { BlockJson, CertificateJson, HeaderJson } from './shapes/block-json.ts';
export type { ChainInfoJson, DiagnosisJson, FindingJson, StatusJson } from './shapes/chain-json.ts';
export { FREEZE_NAMES, type FreezeName, type PageJson } from './shapes/common-json.ts';
export type { DebtJson } from './shapes/debt-json.ts';
export type { ParametersAtJson, ValidatorJson, ValidatorsJson } from './shapes/governance-json.ts';
export type { LotJson } from './shapes/lot-json.ts';
export type { BlockName, HeightOrLatest, PageRequest } from './shapes/parameters.ts';
export type { RawBlockJson } from './shapes/raw-block-json.ts';
export type { RecordJson } from './shapes/record-json.ts';
export {
  type BlockTransactionJson,
  type MessageFields,
  type ReceiptJson,
  type SentJson,
  type SentOrRefusedJson,
  type SponsorJson,
  TRANSACTION_STATUSES,
  type TransactionStatus,
  type TransactionStatusJson,
} from './shapes/transaction-json.ts';
export type { FilledInField, IncompleteTransaction, IncompleteTransactionJson } from './shapes/transaction-parameters.ts';
