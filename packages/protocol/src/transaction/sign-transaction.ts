import type { Address, PrivateKey, Signature } from '../bytes/branded.ts';
import { equalBytes } from '../bytes/byte-order.ts';
import { InvariantError } from '../chain-error.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { recoverAddress } from '../keys/address.ts';
import type { SignedTransaction, TransactionType, UnsignedTransaction } from './transaction.ts';
import type { TypedData } from './typed-data.ts';

function addressOfSigner(cryptography: Cryptography, digest: Uint8Array, signature: Signature): Address {
  const signer = recoverAddress(cryptography, digest, signature);
  if (signer === undefined) throw new InvariantError('a signature just made does not recover');
  return signer;
}

/**
 * Signs a message for the chain of `typedData`. Anything in `transaction` besides its type and message is dropped.
 *
 * Errors: `PROTOCOL_TRANSACTION_FIELD_INVALID`, also when `from` is not the address of the key; `PROTOCOL_PRIVATE_KEY_INVALID`.
 */
export function signTransaction<Type extends TransactionType>(
  cryptography: Cryptography,
  typedData: TypedData,
  transaction: UnsignedTransaction<Type>,
  privateKey: PrivateKey,
): SignedTransaction<Type> {
  const { type, message } = transaction as UnsignedTransaction;
  const digest = typedData.digest({ type, message } as UnsignedTransaction);
  const signature = cryptography.sign(digest, privateKey) as Signature;
  if (!equalBytes(addressOfSigner(cryptography, digest, signature), message.from)) {
    throw protocolError('PROTOCOL_TRANSACTION_FIELD_INVALID', `from of ${type} has to be the address of the key that signs`, {
      type,
      field: 'from',
    });
  }
  return { type, message, signature } as unknown as SignedTransaction<Type>;
}

/**
 * Adds a sponsor's promise to pay the fee, up to the message's `maxFee`. The id of the transaction stays the same.
 *
 * Errors: `PROTOCOL_TRANSACTION_FIELD_INVALID`, `PROTOCOL_PRIVATE_KEY_INVALID`.
 */
export function signSponsorFee<Type extends TransactionType>(
  cryptography: Cryptography,
  typedData: TypedData,
  transaction: SignedTransaction<Type>,
  sponsorKey: PrivateKey,
): SignedTransaction<Type> {
  const signed = transaction as SignedTransaction;
  const digest = typedData.sponsorDigest(typedData.digest(signed), signed.message.maxFee);
  const signature = cryptography.sign(digest, sponsorKey) as Signature;
  const address = addressOfSigner(cryptography, digest, signature);
  return { ...signed, sponsor: { address, signature } } as unknown as SignedTransaction<Type>;
}
