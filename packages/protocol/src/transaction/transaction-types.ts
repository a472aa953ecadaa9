/**
 * Every transaction type of the chain in one table.
 *
 * From this table come the EIP-712 type strings, the canonical SSZ bytes, the TypeScript types, the zod shapes, the JSON form and
 * the human-readable summary. A type's `number` is the first byte of its signed bytes: numbers are never reused or changed, fields
 * never reordered, because both are part of what wallets sign.
 *
 * Field kinds are EIP-712 kinds. Limits: `maxBytes` for strings and byte strings (UTF-8 bytes), `maxItems` for lists. `uint256`
 * fields are amounts or caps, 0 ≤ a < 2^128 (canonical bytes: 16, little-endian). `uint64` fields are safe integers.
 * `summary` is the sentence a wallet shows; `{field}` inserts a field.
 */
export const TRANSACTION_TYPES = {
  Transfer: {
    number: 1,
    fields: [
      { name: 'to', kind: 'address' },
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'amount', kind: 'uint256' },
      { name: 'memo', kind: 'string', maxBytes: 256 },
    ],
    summary: 'Transfer {amount} {asset} to {to}',
  },
  RequestTransfer: {
    number: 2,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'to', kind: 'address' },
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'amount', kind: 'uint256' },
      { name: 'expiresAt', kind: 'uint64' },
      { name: 'memo', kind: 'string', maxBytes: 256 },
    ],
    summary: 'Ask {to} to accept {amount} {asset}',
  },
  ConfirmTransfer: {
    number: 3,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'revision', kind: 'uint32' },
      { name: 'amount', kind: 'uint256' },
    ],
    summary: 'Accept {amount} of transfer {lot}, revision {revision}',
  },
  RejectTransfer: {
    number: 4,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'revision', kind: 'uint32' },
      { name: 'reason', kind: 'string', maxBytes: 256 },
    ],
    summary: 'Reject transfer {lot}, revision {revision}: {reason}',
  },
  RequestDeposit: {
    number: 5,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'amount', kind: 'uint256' },
      { name: 'reference', kind: 'string', maxBytes: 128 },
      { name: 'expiresAt', kind: 'uint64' },
    ],
    summary: 'Ask to deposit {amount} {asset}, reference {reference}',
  },
  ConfirmDeposit: {
    number: 6,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'revision', kind: 'uint32' },
      { name: 'amount', kind: 'uint256' },
      { name: 'externalRef', kind: 'string', maxBytes: 128 },
    ],
    summary: 'Confirm deposit {lot}, revision {revision}, of {amount}: {externalRef}',
  },
  RejectDeposit: {
    number: 7,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'revision', kind: 'uint32' },
      { name: 'reason', kind: 'string', maxBytes: 256 },
    ],
    summary: 'Reject deposit {lot}, revision {revision}: {reason}',
  },
  RequestCredit: {
    number: 8,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'lender', kind: 'address' },
      { name: 'borrower', kind: 'address' },
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'amount', kind: 'uint256' },
      { name: 'termsHash', kind: 'bytes32' },
      { name: 'dueAt', kind: 'uint64' },
      { name: 'expiresAt', kind: 'uint64' },
    ],
    summary: 'Propose credit of {amount} {asset} from {lender} to {borrower}, due at {dueAt}',
  },
  ConfirmCredit: {
    number: 9,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'revision', kind: 'uint32' },
      { name: 'termsHash', kind: 'bytes32' },
    ],
    summary: 'Agree to credit {lot}, revision {revision}, terms {termsHash}',
  },
  RejectCredit: {
    number: 10,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'revision', kind: 'uint32' },
      { name: 'reason', kind: 'string', maxBytes: 256 },
    ],
    summary: 'Reject credit {lot}, revision {revision}: {reason}',
  },
  RepayCredit: {
    number: 11,
    fields: [
      { name: 'debt', kind: 'bytes32' },
      { name: 'amount', kind: 'uint256' },
    ],
    summary: 'Repay {amount} of debt {debt}',
  },
  RequestWithdrawal: {
    number: 12,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'amount', kind: 'uint256' },
      { name: 'destination', kind: 'string', maxBytes: 128 },
      { name: 'expiresAt', kind: 'uint64' },
    ],
    summary: 'Ask to withdraw {amount} {asset} to {destination}',
  },
  ConfirmWithdrawal: {
    number: 13,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'revision', kind: 'uint32' },
      { name: 'externalRef', kind: 'string', maxBytes: 128 },
    ],
    summary: 'Confirm withdrawal {lot}, revision {revision}: {externalRef}',
  },
  RejectWithdrawal: {
    number: 14,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'revision', kind: 'uint32' },
      { name: 'reason', kind: 'string', maxBytes: 256 },
    ],
    summary: 'Reject withdrawal {lot}, revision {revision}: {reason}',
  },
  ClaimRequest: {
    number: 15,
    fields: [
      { name: 'lot', kind: 'bytes32' },
      { name: 'revision', kind: 'uint32' },
    ],
    summary: 'Take request {lot}, revision {revision}, into processing',
  },
  CloseHolding: {
    number: 16,
    fields: [
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'destination', kind: 'string', maxBytes: 128 },
    ],
    summary: 'Withdraw all {asset} to {destination} and close the holding',
  },
  SetAccount: {
    number: 17,
    fields: [
      { name: 'autoAccept', kind: 'bool' },
      { name: 'dailyLimit', kind: 'uint256' },
    ],
    summary: 'Set automatic acceptance of transfers to {autoAccept} and the daily withdrawal limit to {dailyLimit}',
  },
  Join: { number: 18, fields: [], summary: 'Join the community and lock the joining stake' },
  Leave: { number: 19, fields: [], summary: 'Leave the community and take the joining stake back' },
  SetMember: {
    number: 20,
    fields: [
      { name: 'member', kind: 'address' },
      { name: 'level', kind: 'uint8' },
      { name: 'levelExpiresAt', kind: 'uint64' },
      { name: 'credentialHash', kind: 'bytes32' },
      { name: 'jurisdiction', kind: 'string', maxBytes: 16 },
    ],
    summary: 'Set {member} to level {level} until {levelExpiresAt}',
  },
  DefineAsset: {
    number: 21,
    fields: [
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'name', kind: 'string', maxBytes: 64 },
      { name: 'decimals', kind: 'uint8' },
      { name: 'gateways', kind: 'address[]', maxItems: 16 },
      { name: 'threshold', kind: 'uint8' },
      { name: 'minLevel', kind: 'uint8' },
      { name: 'transferMode', kind: 'string', maxBytes: 16 },
    ],
    summary: 'Define asset {asset} ({name})',
  },
  ProposeValidator: {
    number: 22,
    fields: [
      { name: 'publicKey', kind: 'bytes', maxBytes: 33 },
      { name: 'power', kind: 'uint64' },
      { name: 'operator', kind: 'address' },
      { name: 'peerId', kind: 'string', maxBytes: 128 },
      { name: 'addresses', kind: 'string', maxBytes: 512 },
      { name: 'possession', kind: 'bytes', maxBytes: 65 },
      { name: 'activationHeight', kind: 'uint64' },
    ],
    summary: 'Propose validator {publicKey} of {operator} with power {power} from height {activationHeight}',
  },
  ProposeValidatorUnguarded: {
    number: 23,
    fields: [
      { name: 'publicKey', kind: 'bytes', maxBytes: 33 },
      { name: 'power', kind: 'uint64' },
      { name: 'operator', kind: 'address' },
      { name: 'peerId', kind: 'string', maxBytes: 128 },
      { name: 'addresses', kind: 'string', maxBytes: 512 },
      { name: 'possession', kind: 'bytes', maxBytes: 65 },
      { name: 'activationHeight', kind: 'uint64' },
    ],
    summary: 'OVERRIDING THE QUORUM GUARD, propose validator {publicKey} of {operator} with power {power} from height {activationHeight}',
  },
  ProposePeer: {
    number: 24,
    fields: [
      { name: 'peerId', kind: 'string', maxBytes: 128 },
      { name: 'role', kind: 'string', maxBytes: 16 },
      { name: 'activationHeight', kind: 'uint64' },
    ],
    summary: 'Propose peer {peerId} with role {role} from height {activationHeight}',
  },
  ProposeFreeze: {
    number: 25,
    fields: [
      { name: 'account', kind: 'address' },
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'frozen', kind: 'bool' },
      { name: 'deep', kind: 'bool' },
      { name: 'legalHold', kind: 'bool' },
      { name: 'activationHeight', kind: 'uint64' },
    ],
    summary: 'Propose to set the freeze of account {account}, asset {asset}, to {frozen} from height {activationHeight}',
  },
  ProposeAsset: {
    number: 26,
    fields: [
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'name', kind: 'string', maxBytes: 64 },
      { name: 'decimals', kind: 'uint8' },
      { name: 'gateways', kind: 'address[]', maxItems: 16 },
      { name: 'threshold', kind: 'uint8' },
      { name: 'minLevel', kind: 'uint8' },
      { name: 'transferMode', kind: 'string', maxBytes: 16 },
      { name: 'activationHeight', kind: 'uint64' },
    ],
    summary: 'Propose asset {asset} ({name}) from height {activationHeight}',
  },
  ProposeUpgrade: {
    number: 27,
    fields: [
      { name: 'protocolVersion', kind: 'uint32' },
      { name: 'activationHeight', kind: 'uint64' },
    ],
    summary: 'Propose protocol version {protocolVersion} from height {activationHeight}',
  },
  ProposeParameter: {
    number: 28,
    fields: [
      { name: 'name', kind: 'string', maxBytes: 64 },
      { name: 'value', kind: 'string', maxBytes: 128 },
      { name: 'activationHeight', kind: 'uint64' },
    ],
    summary: 'Propose parameter {name} = {value} from height {activationHeight}',
  },
  ProposeRole: {
    number: 29,
    fields: [
      { name: 'account', kind: 'address' },
      { name: 'role', kind: 'string', maxBytes: 16 },
      { name: 'grant', kind: 'bool' },
    ],
    summary: 'Propose to set role {role} of {account} to {grant}',
  },
  CastVote: {
    number: 30,
    fields: [
      { name: 'proposal', kind: 'bytes32' },
      { name: 'approve', kind: 'bool' },
    ],
    summary: 'Vote {approve} on proposal {proposal}',
  },
  SetDelegate: {
    number: 31,
    fields: [
      { name: 'delegate', kind: 'address' },
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'dailyLimit', kind: 'uint256' },
      { name: 'expiresAt', kind: 'uint64' },
    ],
    summary: 'Let {delegate} transfer up to {dailyLimit} {asset} a day until {expiresAt}',
  },
  DelegatedTransfer: {
    number: 32,
    fields: [
      { name: 'owner', kind: 'address' },
      { name: 'to', kind: 'address' },
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'amount', kind: 'uint256' },
      { name: 'memo', kind: 'string', maxBytes: 256 },
    ],
    summary: 'Transfer {amount} {asset} of {owner} to {to}',
  },
  AuthorizeDeposits: {
    number: 33,
    fields: [
      { name: 'gateway', kind: 'address' },
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'allowed', kind: 'bool' },
    ],
    summary: 'Set whether gateway {gateway} may open {asset} deposits for me to {allowed}',
  },
  RequestDepositFor: {
    number: 34,
    fields: [
      { name: 'owner', kind: 'address' },
      { name: 'lot', kind: 'bytes32' },
      { name: 'asset', kind: 'string', maxBytes: 16 },
      { name: 'amount', kind: 'uint256' },
      { name: 'reference', kind: 'string', maxBytes: 128 },
      { name: 'expiresAt', kind: 'uint64' },
    ],
    summary: 'Open a deposit of {amount} {asset} for {owner}, reference {reference}',
  },
  ProposeRelease: {
    number: 35,
    fields: [
      { name: 'account', kind: 'address' },
      { name: 'delaySec', kind: 'uint64' },
      { name: 'activationHeight', kind: 'uint64' },
    ],
    summary: 'Propose to delay the remaining community release of {account} by {delaySec} seconds from height {activationHeight}',
  },
} as const;

/** The four fields with which every primary type begins, in order. Source: transaction format, common fields. */
export const COMMON_FIELDS = [
  { name: 'from', kind: 'address' },
  { name: 'nonce', kind: 'uint64' },
  { name: 'validUntil', kind: 'uint64' },
  { name: 'maxFee', kind: 'uint256' },
] as const;
