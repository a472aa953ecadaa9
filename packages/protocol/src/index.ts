// What every node and wallet of the chain agrees on, bit for bit.

export { allocate } from './amount/allocate.ts';
export { AMOUNT_MAX, formatAmount, isAmount, parseAmount } from './amount/amount.ts';
export { formatUnits, parseUnits } from './amount/units.ts';
export { BPS_WHOLE, ceilDivide, type PayoutAfterFee, payoutAfterFee } from './amount/rounding.ts';
export { formatAddress, parseAddress } from './bytes/address-text.ts';
export type * from './bytes/branded.ts';
export { compareBytes, equalBytes } from './bytes/byte-order.ts';
export {
  addressFrom,
  blockHashFrom,
  bytes32From,
  genesisHashFrom,
  lotIdFrom,
  merkleRootFrom,
  privateKeyFrom,
  publicKeyFrom,
  signatureFrom,
  stateRootFrom,
  transactionIdFrom,
} from './bytes/checked-bytes.ts';
export { decodeHex, encodeHex } from './bytes/hex.ts';
export { decodeUtf8, encodeUtf8, utf8Length } from './bytes/utf8.ts';
export { assertInvariant, ChainError, InvariantError } from './chain-error.ts';
export type { Cryptography } from './cryptography/cryptography.ts';
export { referenceCryptography } from './cryptography/reference.ts';
export { isLowSignature, isRecoverableSignature } from './cryptography/signature-form.ts';
export { PROTOCOL_ERRORS, type ProtocolErrorCode, protocolError } from './errors.ts';
export { addressFromPublicKey, recoverAddress } from './keys/address.ts';
export { addressOfPublicKey, type KeyPair, keyPairOf, publicKeyOf } from './keys/key-pair.ts';
export { deriveFromMnemonic, isMnemonic, type KeyDerivation, mnemonicFrom } from './keys/mnemonic.ts';
export { LIMITS } from './limits.ts';
export { RESULT_CODES, type ResultCode } from './result-code.ts';
export {
  type DeclaredTransaction,
  declaredTransactionFromJson,
  domainToJson,
  messageToJson,
  parseSignature,
  parseTransactionJson,
  transactionFromJson,
  transactionToJson,
  unsignedTransactionFromJson,
  unsignedTransactionToJson,
} from './transaction/json-codec.ts';
export {
  addressShape,
  amountShape,
  bytesShape,
  domainShape,
  type MessageShape,
  messageShapeOf,
  transactionShape,
  uint64Shape,
  unsignedTransactionShape,
} from './transaction/json-shape.ts';
export { signSponsorFee, signTransaction } from './transaction/sign-transaction.ts';
export { type JsonLimits, parseStrictJson } from './transaction/strict-json.ts';
export { type SummaryFormat, summarizeTransaction } from './transaction/summary.ts';
export type * from './transaction/transaction.ts';
export type * from './transaction/transaction-json.ts';
export {
  decodeTransaction,
  encodeSignedBytes,
  encodeTransaction,
  signedBytesOf,
  transactionIdOf,
} from './transaction/transaction-codec.ts';
export { COMMON_FIELDS, TRANSACTION_TYPES } from './transaction/transaction-types.ts';
export { type ChainDomain, createTypedData, DOMAIN_NAME, DOMAIN_VERSION, type TypedData } from './transaction/typed-data.ts';
export { sponsorFeePayload, type TypedDataField, type TypedDataPayload, typedDataPayload } from './transaction/typed-data-payload.ts';
export { hasValidSignatures, type TransactionVerification, verifyTransaction, verifyTransactionJson } from './transaction/verify-transaction.ts';
