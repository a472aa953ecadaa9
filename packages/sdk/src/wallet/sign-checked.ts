import {
  referenceCryptography as cryptography,
  encodeHex,
  type SignedTransaction,
  type TypedData,
  transactionToJson,
  typedDataPayload,
  type UnsignedTransaction,
  utf8Length,
  verifyTransaction,
} from '@mutual-chain/protocol';
import { SdkError } from '../errors.ts';
import type { SignedEntry } from './entry.ts';
import type { Signer } from './signer.ts';
import { type Sponsor, sponsored } from './sponsor.ts';

/**
 * Has a message signed, and checks that what comes back is a signature of the signer over just that message for just that chain, and the same of a sponsor if there is one. `height` is
 * that of a block that is there already.
 *
 * Errors: `SDK_SIGNATURE_WRONG`, and whatever the signer rejects with.
 */
export async function signChecked(
  signer: Signer,
  typedData: TypedData,
  transaction: UnsignedTransaction,
  height: number,
  sponsor?: Sponsor,
): Promise<SignedEntry> {
  const payload = typedDataPayload(typedData.domain, transaction);
  const signature = await signer.sign({ transaction, typedData, payload });
  const signed = { ...transaction, signature } as unknown as SignedTransaction;
  const complete = sponsor === undefined ? signed : await sponsored(sponsor, typedData, signed);
  return checkedEntry(typedData, complete, height);
}

/** A signed transaction with what the outbox needs to know. Errors: `SDK_SIGNATURE_WRONG`. */
export function checkedEntry(typedData: TypedData, transaction: SignedTransaction, height: number): SignedEntry {
  const verdict = verifyTransaction(cryptography, typedData, transaction);
  if (!verdict.ok) {
    const message = 'the signature is not one of the sender over this message for this chain';
    throw new SdkError('SDK_SIGNATURE_WRONG', message, { field: 'signature' });
  }
  const { id } = verdict.transaction;
  return { transaction, id: encodeHex(id), jsonBytes: utf8Length(JSON.stringify(transactionToJson(transaction))), height };
}
