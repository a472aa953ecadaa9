/**
 * Limits of everything that is decoded or kept, with unit and reason. They bound memory before any byte is trusted; changing one is a
 * change of the protocol. A test holds the tables of field limits to the values named here.
 */
export const LIMITS = {
  /** Signed bytes of one transaction, bytes: the largest type with all fields full, rounded up. */
  transactionBytesMax: 4096,
  /** Characters of the JSON form of one transaction: every text of the largest type in six-character escapes, and white space. */
  transactionJsonCharactersMax: 32_768,
  /** Depth of nesting in the JSON form of one transaction, the outermost object being 1; the form itself needs 3. */
  transactionJsonDepthMax: 8,
  /** Transactions in one block: five times what the slowest validator executes in a block interval. */
  blockTransactionsMax: 10_000,
  /** Canonical bytes of one block, bytes: two bulk transfers at 100 Mbit/s fit in one propose timeout. */
  blockBytesMax: 4_194_304,
  /** Pieces of evidence in one block. */
  blockEvidenceMax: 32,
  /** Validators in a set: full-mesh links and certificate bytes stay small. */
  validatorsMax: 100,
  /** Records one block may produce, from transactions and scheduled work together. */
  blockRecordsMax: 65_536,
  /** UTF-8 bytes of an asset id. */
  assetIdBytesMax: 16,
  /** UTF-8 bytes of an asset's display name. */
  assetNameBytesMax: 64,
  /** UTF-8 bytes of a memo or a reason. */
  memoBytesMax: 256,
  /** UTF-8 bytes of an external or payment reference and of a payout destination. */
  referenceBytesMax: 128,
  /** Gateways of one asset. */
  gatewaysPerAssetMax: 16,
  /** Largest amount plus one: amounts are 0 ≤ a < 2^128. */
  amountBits: 128,
  /** Accounts in a genesis document. */
  genesisAccountsMax: 2_000_000,
} as const;
