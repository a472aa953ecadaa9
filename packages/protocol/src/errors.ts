import { ChainError } from './chain-error.ts';

/**
 * Every code this package throws, with its meaning in one line. Codes are stable: appended, never renamed.
 *
 * A message names the field, the limit and the remedy; `details` of the error carries the same as data.
 */
export const PROTOCOL_ERRORS = {
  PROTOCOL_HEX_INVALID: 'A text is not 0x followed by an even number of hex digits of the expected length.',
  PROTOCOL_LENGTH_INVALID: 'A byte string does not have the length its meaning demands.',
  PROTOCOL_BYTES_INVALID: 'Bytes are not the one canonical form of what they should be; the field and its limit are named.',
  PROTOCOL_SIGNATURE_INVALID: 'A signature is not 65 bytes r‖s‖v with r and s in range, s not above n/2 and v 0 or 1.',
  PROTOCOL_PUBLIC_KEY_INVALID: 'A public key is not 33 bytes of a compressed point of secp256k1.',
  PROTOCOL_PRIVATE_KEY_INVALID: 'A private key is not 32 bytes with 1 ≤ value < n.',
  PROTOCOL_ADDRESS_INVALID: 'A text is not an address, or its mixed case is not its EIP-55 checksum.',
  PROTOCOL_AMOUNT_INVALID: 'A text or number is not an amount: decimal digits without sign, leading zeros or exponent, below 2^128.',
  PROTOCOL_RATE_INVALID: 'A rate in basis points, a divisor or a weight is out of its range.',
  PROTOCOL_TEXT_INVALID: 'A text cannot be written in UTF-8, or bytes are not the UTF-8 of a text.',
  PROTOCOL_MNEMONIC_INVALID: 'A mnemonic is not BIP-39 of the English word list, or its checksum is wrong.',
  PROTOCOL_TRANSACTION_FIELD_INVALID: 'A field of a transaction is missing, of the wrong kind, or beyond its limit.',
  PROTOCOL_TRANSACTION_BYTES_INVALID: 'Bytes are not the one canonical form of a transaction.',
  PROTOCOL_TRANSACTION_TYPE_UNKNOWN: 'No transaction type has this name or number.',
  PROTOCOL_TRANSACTION_JSON_INVALID: 'The JSON form of a transaction has an unknown, missing, duplicate or malformed field.',
  PROTOCOL_RECORD_BYTES_INVALID: 'Bytes are not the one canonical form of a record.',
  PROTOCOL_RECEIPT_BYTES_INVALID: 'Bytes are not the one canonical form of a receipt.',
  PROTOCOL_HEADER_BYTES_INVALID: 'Bytes are not the one canonical form of a block header.',
  PROTOCOL_BLOCK_BYTES_INVALID: 'Bytes are not the one canonical form of a block, or exceed a limit of blocks.',
  PROTOCOL_VOTE_BYTES_INVALID: 'Bytes are not the one canonical form of a vote.',
  PROTOCOL_PROPOSAL_BYTES_INVALID: 'Bytes are not the one canonical form of a consensus proposal.',
  PROTOCOL_CERTIFICATE_BYTES_INVALID: 'Bytes are not the one canonical form of a commit certificate.',
  PROTOCOL_EVIDENCE_BYTES_INVALID: 'Bytes are not the one canonical form of evidence.',
  PROTOCOL_PARAMETER_INVALID: 'A chain parameter is unknown, out of its range, or does not fit the others.',
  PROTOCOL_GENESIS_INVALID: 'A genesis document breaks a rule; the field and the remedy are named.',
  PROTOCOL_GENESIS_SUM_WRONG: 'Amounts of a genesis document do not add up; the difference is named.',
  PROTOCOL_DOMAIN_INVALID: 'A typed-data domain has no usable chain id or genesis hash.',
} as const;

/** A code of `PROTOCOL_ERRORS`. */
export type ProtocolErrorCode = keyof typeof PROTOCOL_ERRORS;

/** Makes a `ChainError` of this package; the message says what is wrong and what to do. */
export function protocolError(
  code: ProtocolErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): ChainError<ProtocolErrorCode> {
  return new ChainError(code, message, details, cause);
}
