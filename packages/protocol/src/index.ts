// What every node and wallet of the chain agrees on, bit for bit.

export { allocate } from './amount/allocate.ts';
export { AMOUNT_MAX, formatAmount, isAmount, parseAmount, SUPPLY_MAX } from './amount/amount.ts';
export { BPS_WHOLE, ceilDivide, type PayoutAfterFee, payoutAfterFee } from './amount/rounding.ts';
export { formatUnits, parseUnits } from './amount/units.ts';
export {
  BLOCK_ENCODED_BYTES_MAX,
  type Block,
  blockCodec,
  EVIDENCE_BYTES_MAX,
  evidenceRoot,
  transactionLeaves,
  transactionsRoot,
} from './block/block.ts';
export { type BlockHeader, blockHash, HEADER_BYTES, headerCodec } from './block/header.ts';
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
export { type CertificateVerdict, type CommitCertificate, certificateCodec, verifyCertificate } from './consensus-messages/certificate.ts';
export { type ConsensusProposal, consensusProposalCodec, verifyProposal } from './consensus-messages/proposal.ts';
export { consensusDigest, SIGNED_KINDS, type SignedStatement } from './consensus-messages/sign-bytes.ts';
export { type Vote, type VoteKind, verifyVote, voteCodec } from './consensus-messages/vote.ts';
export type { Cryptography } from './cryptography/cryptography.ts';
export { referenceCryptography } from './cryptography/reference.ts';
export { isLowSignature, isRecoverableSignature } from './cryptography/signature-form.ts';
export { INPUT_NAMES, INPUTS, type Input } from './dfsm/inputs.ts';
export { type HistoryFault, type HistoryVerdict, verifyLotHistory } from './dfsm/lot-history.ts';
export { STATE_NAMES, STATES, type State } from './dfsm/states.ts';
export { TRANSITION_TABLE, transition } from './dfsm/transition-table.ts';
export { PROTOCOL_ERRORS, type ProtocolErrorCode, protocolError } from './errors.ts';
export {
  accusedOf,
  type Evidence,
  evidenceCodec,
  evidenceHeight,
  evidenceId,
  evidenceOfProposals,
  evidenceOfVotes,
  verifyEvidence,
} from './evidence/evidence.ts';
export {
  ALLOCATION_PRESETS,
  type AllocationPreset,
  type PresetName,
  type TrancheDefinition,
  type TrancheRule,
} from './genesis/allocation-presets.ts';
export {
  encodeGenesis,
  type Genesis,
  type GenesisAsset,
  type GenesisBalance,
  type GenesisMember,
  type GenesisValidator,
  genesisHashOf,
  genesisValidatorSet,
  parseGenesis,
} from './genesis/genesis.ts';
export {
  type AllocationJson,
  type AssetJson,
  type GenesisJson,
  type GenesisJsonInput,
  genesisShape,
  type MemberJson,
  type ShareJson,
  type TrancheJson,
  type TrancheRuleJson,
  type ValidatorJson,
} from './genesis/genesis-json.ts';
export {
  lockedAmount,
  QUARTER_SEC,
  type ReleaseSchedule,
  type ReleaseStep,
  releaseScheduleCodec,
  vestedAmount,
  YEAR_SEC,
} from './genesis/release-schedule.ts';
export { addressFromPublicKey, recoverAddress } from './keys/address.ts';
export { bridgeEscrow, escrowAddress, feeEscrow, stakeEscrow, systemAddress } from './keys/escrow-address.ts';
export { addressOfPublicKey, type KeyPair, keyPairOf, publicKeyOf } from './keys/key-pair.ts';
export { deriveFromMnemonic, isMnemonic, type KeyDerivation, mnemonicFrom } from './keys/mnemonic.ts';
export { type Comparison, compareLightBlocks } from './light-client/conflict.ts';
export { type LightBlock, type TrustedBlock, trustBlock } from './light-client/light-block.ts';
export type { LightRefusal, LightVerdict } from './light-client/light-verdict.ts';
export { beginSkip, continueSkip, type Skip, type SkipStep } from './light-client/skip.ts';
export { type LightClientOptions, verifyLightBlock } from './light-client/verify-light-block.ts';
export { LIMIT_REASONS, LIMITS } from './limits.ts';
export { byteStringRoot, byteStringRoots } from './merkle/byte-string-roots.ts';
export { createBranch, hashPair, listRoot, type MerkleBranch, verifyBranch } from './merkle/list-root.ts';
export { PARAMETER_TABLE, type ParameterDefinition, type ParameterKind, type ParameterName } from './parameters/parameter-table.ts';
export {
  DEFAULT_PARAMETERS,
  type FeeOverride,
  feeOf,
  findConflict,
  type ParameterRefusal,
  type ParameterSetting,
  type Parameters,
  parametersCodec,
  parametersFrom,
  parametersHash,
  setParameter,
  withParameter,
} from './parameters/parameters.ts';
export { type ParametersJson, parametersShape, parametersToJson } from './parameters/parameters-json.ts';
export { encodeReceipts, type Receipt, receiptCodec, receiptsRoot } from './receipt/receipt.ts';
export type { LedgerRecord } from './record/ledger-record.ts';
export { encodeRecords, recordCodec, recordsRoot } from './record/record-codec.ts';
export { recordSentence } from './record/record-sentence.ts';
export { RESULT_CODE_MEANINGS, RESULT_CODES, type ResultCode } from './result-code.ts';
export type { Codec } from './ssz/codec.ts';
export * as ssz from './ssz/codec.ts';
export {
  type Account,
  accountCodec,
  EMPTY_ACCOUNT,
  FREEZE,
  type Membership,
  membershipCodec,
  ROLES,
  type Role,
} from './state-entry/account.ts';
export {
  ASSET_KINDS,
  type Asset,
  type AssetKind,
  assetCodec,
  isAssetId,
  NATIVE_ASSET,
  TRANSFER_MODES,
  type TransferMode,
} from './state-entry/asset.ts';
export { type Delegation, type DepositAuthorization, delegationCodec, depositAuthorizationCodec } from './state-entry/authorization.ts';
export { type AdmittedPeer, admittedPeerCodec, type ChainStatus, chainStatusCodec, PEER_ROLES } from './state-entry/chain-status.ts';
export { type Debt, debtCodec } from './state-entry/debt.ts';
export {
  type DailyLimitRaise,
  dailyLimitRaiseCodec,
  EMPTY_HOLDING,
  type Holding,
  holdingCodec,
  type WithdrawalDay,
  withdrawalDayCodec,
} from './state-entry/holding.ts';
export { type GatewayConfirmation, type Lot, lotCodec } from './state-entry/lot.ts';
export { type Ballot, PROPOSAL_STATUSES, type Proposal, type ProposalStatus, proposalCodec } from './state-entry/proposal.ts';
export { accountKeyBytes, holdingKeyBytes, lotKeyBytes, SINGLETONS, STATE_NAMESPACES } from './state-entry/state-keys.ts';
export { EMPTY_SUBTREE, LEAF_TAG, leavesFromHashes, STATE_KEY_BYTES_MAX, stateKeyHashes, stateLeaves } from './state-proof/state-hashes.ts';
export { type AbsenceWitness, bitAt, PROOF_SIBLINGS_MAX, type StateProof, verifyStateProof } from './state-proof/state-proof.ts';
export { STATE_VALUE_BYTES_MAX, stateProofCodec } from './state-proof/state-proof-codec.ts';
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
export {
  decodeTransaction,
  encodeSignedBytes,
  encodeTransaction,
  RAW_TRANSACTION_BYTES_MAX,
  signedBytesOf,
  transactionIdOf,
} from './transaction/transaction-codec.ts';
export type * from './transaction/transaction-json.ts';
export { COMMON_FIELDS, TRANSACTION_TYPES } from './transaction/transaction-types.ts';
export { type ChainDomain, createTypedData, DOMAIN_NAME, DOMAIN_VERSION, type TypedData } from './transaction/typed-data.ts';
export { sponsorFeePayload, type TypedDataField, type TypedDataPayload, typedDataPayload } from './transaction/typed-data-payload.ts';
export {
  hasValidSignatures,
  type TransactionVerification,
  verifyTransaction,
  verifyTransactionJson,
} from './transaction/verify-transaction.ts';
export { possessionDigest, verifyPossession } from './validator/possession.ts';
export { advanceHeight, centred, proposerAt } from './validator/proposer-selection.ts';
export { hasHonest, hasQuorum, leastQuorum } from './validator/quorum.ts';
export { applyValidatorChanges, type ValidatorChange } from './validator/validator-changes.ts';
export {
  inSetOrder,
  totalPower,
  type Validator,
  type ValidatorHistoryEntry,
  type ValidatorSet,
  validatorAt,
  validatorHistoryCodec,
  validatorSetCodec,
  validatorsHash,
} from './validator/validator-set.ts';
export { verifyValidatorSet } from './validator/verify-validator-set.ts';
