/**
 * Outcome codes of a transaction in the order of their checks: when several apply, the earliest in this list is reported.
 *
 * The position is the number stored in receipts: codes are appended, never renumbered or renamed. `OK` is 0.
 * The first eight after OK keep a transaction out of a block; the others are decided in the block and stand in the receipt, fee paid.
 */
export const RESULT_CODES = [
  /** Applied. */
  'OK',
  /** A signature is malformed, not low-s, or recovers to another address than the one stated (`from`, or the sponsor's). */
  'BAD_SIGNATURE',
  /** Signed for another chain id or genesis. */
  'WRONG_CHAIN',
  /** `validUntil` is not after the block's time, or further ahead than the allowed window. */
  'EXPIRED',
  /** The account has already used this nonce. */
  'NONCE_TOO_LOW',
  /** A nonce before this one is missing. */
  'NONCE_TOO_HIGH',
  /** `maxFee` is below the fee of this operation. */
  'FEE_TOO_LOW',
  /** The payer of the fee has less available MTN than the fee. */
  'INSUFFICIENT_FEE_BALANCE',
  /** The sender has no authority for this input or operation. */
  'NOT_PERMITTED',
  /** The sender's membership level is below what the operation or the asset demands, or has expired. */
  'LEVEL_TOO_LOW',
  /** A freeze of the account, the asset, or the account's asset forbids it. */
  'FROZEN',
  /** No such asset. */
  'UNKNOWN_ASSET',
  /** No such lot. */
  'UNKNOWN_LOT',
  /** The lot's state has no transition for this input. */
  'DFSM_ILLEGAL',
  /** The revision quoted is not the request's revision. */
  'STALE_REVISION',
  /** The request's expiry has passed. */
  'REQUEST_EXPIRED',
  /** Less is available than the operation needs. */
  'INSUFFICIENT_BALANCE',
  /** A limit of the account, the delegate or the chain would be exceeded. */
  'LIMIT_EXCEEDED',
  /** The external reference has been used before. */
  'REFERENCE_USED',
  /** The amount is zero, above the request, or out of range. */
  'AMOUNT_INVALID',
  /** The counterparty is the sender, the zero address, or an address nobody has a key for. */
  'INVALID_COUNTERPARTY',
  /** The request is in processing, or this gateway has signed it already. */
  'ALREADY_CLAIMED',
  /** No such account where one is needed. */
  'UNKNOWN_ACCOUNT',
  /** No such debt. */
  'UNKNOWN_DEBT',
  /** No such proposal. */
  'UNKNOWN_PROPOSAL',
  /** The proposal has been decided, has expired, or this operator has voted. */
  'PROPOSAL_CLOSED',
  /** A field is outside its documented range, or the proposed change is not possible. */
  'INVALID_FIELD',
  /** The change would cost the network its fault tolerance or move more than a third of the power at once. */
  'QUORUM_GUARD',
  /** The asset id is defined already. */
  'ASSET_EXISTS',
  /** The account is a member already. */
  'ALREADY_MEMBER',
  /** The account is not a member. */
  'NOT_A_MEMBER',
  /** Requests, debts or other obligations are still open. */
  'OBLIGATIONS_OPEN',
  /** The terms hash quoted is not the request's terms hash. */
  'TERMS_MISMATCH',
] as const;

/** Outcome of a transaction; see `RESULT_CODES` for meanings and order. */
export type ResultCode = (typeof RESULT_CODES)[number];
