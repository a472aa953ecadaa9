import type { Address, Bytes32, TransactionId } from '../bytes/branded.ts';
import { equalBytes } from '../bytes/byte-order.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { recoverAddress } from '../keys/address.ts';
import type { ResultCode } from '../result-code.ts';
import { declaredTransactionFromJson } from './json-codec.ts';
import type { SignedTransaction, VerifiedTransaction } from './transaction.ts';
import { decodeTransaction, encodeTransaction, signedBytesOf } from './transaction-codec.ts';
import type { TypedData } from './typed-data.ts';

/** Outcome of checking the signatures of a transaction. */
export type TransactionVerification =
  | { readonly ok: true; readonly transaction: VerifiedTransaction }
  | { readonly ok: false; readonly code: ResultCode };

function isSignedBy(cryptography: Cryptography, digest: Bytes32, signature: Uint8Array, address: Address): boolean {
  const signer = recoverAddress(cryptography, digest, signature);
  return signer !== undefined && equalBytes(signer, address);
}

/** Whether the signatures of a transaction were made by the sender and, if there is one, the sponsor, for the chain of `typedData`. */
export function hasValidSignatures(cryptography: Cryptography, typedData: TypedData, transaction: SignedTransaction): boolean {
  const digest = typedData.digest(transaction);
  if (!isSignedBy(cryptography, digest, transaction.signature, transaction.message.from)) return false;
  const { sponsor } = transaction;
  if (sponsor === undefined) return true;
  return isSignedBy(cryptography, typedData.sponsorDigest(digest, transaction.message.maxFee), sponsor.signature, sponsor.address);
}

/**
 * Checks the signatures of a transaction, given decoded or as raw bytes: the only way to a `VerifiedTransaction`.
 *
 * Result codes: `BAD_SIGNATURE`, of the sender or of the sponsor. A signature for another chain is one too: it recovers to another address,
 * and the bytes do not say for which chain they were made.
 * Errors: those of `decodeTransaction` and `encodeTransaction` for input that is no transaction at all.
 */
export function verifyTransaction(
  cryptography: Cryptography,
  typedData: TypedData,
  input: SignedTransaction | Uint8Array,
): TransactionVerification {
  // Raw bytes are copied: they may be part of a network frame that is written again, and the result outlives it.
  const bytes = input instanceof Uint8Array ? new Uint8Array(input) : encodeTransaction(input);
  const transaction = input instanceof Uint8Array ? decodeTransaction(bytes) : input;
  if (!hasValidSignatures(cryptography, typedData, transaction)) return { ok: false, code: 'BAD_SIGNATURE' };
  const id = cryptography.sha256(signedBytesOf(bytes)) as TransactionId;
  return { ok: true, transaction: { ...transaction, id, bytes } as unknown as VerifiedTransaction };
}

/**
 * Checks a transaction in its JSON form.
 *
 * Where the JSON says for which chain it was signed (`domain`), the signatures are checked for that chain, and a good signature for another
 * one is told: `WRONG_CHAIN`. Otherwise as `verifyTransaction`. Errors: those of `transactionFromJson`.
 */
export function verifyTransactionJson(cryptography: Cryptography, typedData: TypedData, json: unknown): TransactionVerification {
  const { transaction, domain } = declaredTransactionFromJson(json, cryptography);
  const { chainId, genesisHash } = typedData.domain;
  if (domain === undefined || (domain.chainId === chainId && equalBytes(domain.genesisHash, genesisHash))) {
    return verifyTransaction(cryptography, typedData, transaction);
  }
  const isGoodElsewhere = hasValidSignatures(cryptography, typedData.forDomain(domain), transaction);
  return { ok: false, code: isGoodElsewhere ? 'WRONG_CHAIN' : 'BAD_SIGNATURE' };
}
