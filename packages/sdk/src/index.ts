// What applications use: a typed client of a node, and a wallet.

export { certificateFromJson, headerFromJson, validatorsFromJson } from './chain/block-from-json.ts';
export { type ChainIdentity, chainIdentityFrom, type ExpectedChain } from './chain/chain-identity.ts';
export { type Checkpoint, LIGHT_CLIENT_DEFAULTS, LightClient, type LightClientOptions } from './chain/light-client.ts';
export { NodeError, type NodeErrorObject, SDK_ERRORS, SdkError, type SdkErrorCode, type SdkErrorDetails } from './errors.ts';
export { remedyOf } from './remedies.ts';
export type { Fetch } from './rpc/exchange.ts';
export type { MethodName, MethodParameters, MethodResult } from './rpc/method-table.ts';
export {
  type BatchAnswer,
  type BatchCall,
  type CallOptions,
  RPC_CLIENT_DEFAULTS,
  RpcClient,
  type RpcClientOptions,
} from './rpc/rpc-client.ts';
export type { Sleep } from './rpc/sleep.ts';
export type { Admission, Operation, Outcome, OwnFields, SendOptions, SentOperation, WaitOptions } from './wallet/operation.ts';
export { type AskedTransaction, checkPrepared } from './wallet/prepared.ts';
export { mnemonicSigner, privateKeySigner, type Signer, type SigningRequest, typedDataSigner } from './wallet/signer.ts';
export { privateKeySponsor, type Sponsor, type SponsoringRequest, typedDataSponsor } from './wallet/sponsor.ts';
export { type AssetDecimals, summaryFormat } from './wallet/summary-format.ts';
export { type ApprovalRequest, WALLET_DEFAULTS, Wallet, type WalletOptions } from './wallet/wallet.ts';
