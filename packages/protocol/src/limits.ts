/**
 * Limits of everything that is decoded or kept. They bound memory before any byte is trusted; changing one is a change of the protocol.
 * `LIMIT_REASONS` has unit and reason of each; a test holds the limits of transaction fields to the values named here.
 */
export const LIMITS = {
  transactionBytesMax: 4096,
  transactionJsonCharactersMax: 32_768,
  transactionJsonDepthMax: 8,
  blockTransactionsMax: 10_000,
  blockBytesMax: 4_194_304,
  blockEvidenceMax: 32,
  validatorsMax: 100,
  blockRecordsMax: 65_536,
  assetIdBytesMax: 16,
  assetNameBytesMax: 64,
  memoBytesMax: 256,
  referenceBytesMax: 128,
  gatewaysPerAssetMax: 16,
  amountBits: 128,
  genesisAccountsMax: 2_000_000,
  pendingChangesMax: 256,
  activationAheadHeightsMax: 100_000_000,
} as const;

/** Unit and reason of each limit. */
export const LIMIT_REASONS: Readonly<Record<keyof typeof LIMITS, string>> = {
  transactionBytesMax: 'Signed bytes of one transaction, bytes: the largest type with all fields full, rounded up.',
  transactionJsonCharactersMax:
    'Characters of the JSON form of one transaction: every text of the largest type in six-character escapes, and white space.',
  transactionJsonDepthMax: 'Depth of nesting in the JSON form of one transaction, the outermost object being 1; the form itself needs 3.',
  blockTransactionsMax: 'Transactions in one block: five times what the slowest validator executes in a block interval.',
  blockBytesMax: 'Canonical bytes of one block, bytes: two bulk transfers at 100 Mbit/s fit in one propose timeout.',
  blockEvidenceMax: 'Pieces of evidence in one block.',
  validatorsMax: 'Validators in a set: full-mesh links and certificate bytes stay small.',
  blockRecordsMax: 'Records one block may produce, from transactions and scheduled work together.',
  assetIdBytesMax: 'UTF-8 bytes of an asset id.',
  assetNameBytesMax: "UTF-8 bytes of an asset's display name.",
  memoBytesMax: 'UTF-8 bytes of a memo or a reason.',
  referenceBytesMax: 'UTF-8 bytes of an external or payment reference and of a payout destination.',
  gatewaysPerAssetMax: 'Gateways of one asset.',
  amountBits: 'Largest amount plus one: amounts are 0 ≤ a < 2^128.',
  genesisAccountsMax: 'Accounts in a genesis document.',
  pendingChangesMax: 'Accepted changes that may wait for their heights at the same time.',
  activationAheadHeightsMax:
    'Heights between a proposal and its activation height: two months at twenty blocks a second, so that nothing accepted waits for ever.',
};
