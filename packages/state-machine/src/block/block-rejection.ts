/**
 * Why a block is not valid on a state, in the order of the checks, with the meaning of each. A validator prevotes nil on a rejected block; a
 * decided block that is rejected stops the node.
 */
export const BLOCK_REJECTIONS = {
  PROTOCOL_VERSION_WRONG: "The header's protocol version is not the one in force at this height.",
  CHAIN_ID_WRONG: 'The header names another chain.',
  HEIGHT_WRONG: "The height is not one above the state's.",
  TIMESTAMP_NOT_AFTER_PARENT: "The timestamp is not after the parent's.",
  PARENT_HASH_WRONG: "The parent hash is not the tip's.",
  PROPOSER_UNKNOWN: 'The proposer is not a validator of this height.',
  BLOCK_TOO_LARGE: 'More transactions, bytes, evidence or records than a block may have.',
  EVIDENCE_NOT_ADMISSIBLE:
    'A piece of evidence is too old, in the future, known already, or proves nothing against a validator of its height.',
  TRANSACTION_NOT_INCLUDABLE: 'A transaction cannot stand in a block here; its result code says why.',
  TRANSACTIONS_ROOT_WRONG: 'The transactions root is not that of the transactions.',
  EVIDENCE_ROOT_WRONG: 'The evidence root is not that of the evidence.',
  VALIDATORS_HASH_WRONG: 'The validators hash is not that of the validators of this height.',
  NEXT_VALIDATORS_HASH_WRONG: 'The next validators hash is not what execution yields.',
  PARAMETERS_HASH_WRONG: 'The parameters hash is not that of the parameters in force.',
  RECORDS_ROOT_WRONG: 'The records root is not what execution yields.',
  RECEIPTS_ROOT_WRONG: 'The receipts root is not what execution yields.',
  STATE_ROOT_WRONG: 'The state root is not what execution yields.',
} as const;

/** Why a block is not valid. */
export type BlockRejection = keyof typeof BLOCK_REJECTIONS;
