/**
 * Why a block is not valid on this state, in the order of the checks. A validator prevotes nil on a rejected block; a decided block that is
 * rejected stops the node.
 */
export const BLOCK_REJECTIONS = [
  /** The header's protocol version is not the one in force at this height. */
  'PROTOCOL_VERSION_WRONG',
  /** The header names another chain. */
  'CHAIN_ID_WRONG',
  /** The height is not one above the state's. */
  'HEIGHT_WRONG',
  /** The timestamp is not after the parent's. */
  'TIMESTAMP_NOT_AFTER_PARENT',
  /** The parent hash is not the tip's. */
  'PARENT_HASH_WRONG',
  /** The proposer is not a validator of this height. */
  'PROPOSER_UNKNOWN',
  /** More transactions, bytes, evidence or records than a block may have. */
  'BLOCK_TOO_LARGE',
  /** A piece of evidence is too old, in the future, known already, or against no validator of its height. */
  'EVIDENCE_NOT_ADMISSIBLE',
  /** A transaction cannot stand in a block here; `result` says why. */
  'TRANSACTION_NOT_INCLUDABLE',
  /** A root or hash of the header is not what execution yields; `field` names it. */
  'TRANSACTIONS_ROOT_WRONG',
  'EVIDENCE_ROOT_WRONG',
  'VALIDATORS_HASH_WRONG',
  'NEXT_VALIDATORS_HASH_WRONG',
  'PARAMETERS_HASH_WRONG',
  'RECORDS_ROOT_WRONG',
  'RECEIPTS_ROOT_WRONG',
  'STATE_ROOT_WRONG',
] as const;

/** Why a block is not valid. */
export type BlockRejection = (typeof BLOCK_REJECTIONS)[number];
