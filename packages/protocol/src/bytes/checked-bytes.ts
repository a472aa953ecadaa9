import { isRecoverableSignature, isScalar } from '../cryptography/signature-form.ts';
import { protocolError } from '../errors.ts';
import type {
  Address,
  BlockHash,
  Bytes32,
  GenesisHash,
  LotId,
  MerkleRoot,
  PrivateKey,
  PublicKey,
  Signature,
  StateRoot,
  TransactionId,
} from './branded.ts';

/*
 * The only way from plain bytes to named bytes. The bytes are not copied: the caller hands them over.
 */

function assertLength(bytes: Uint8Array, lengthBytes: number, field: string): void {
  if (bytes.length !== lengthBytes) {
    throw protocolError('PROTOCOL_LENGTH_INVALID', `${field} has ${bytes.length} bytes, it has to have ${lengthBytes}`, {
      field,
      lengthBytes,
      bytes: bytes.length,
    });
  }
}

/** An address from its 20 bytes. Errors: `PROTOCOL_LENGTH_INVALID`. */
export function addressFrom(bytes: Uint8Array, field = 'address'): Address {
  assertLength(bytes, 20, field);
  return bytes as Address;
}

/** 32 bytes without a narrower meaning. Errors: `PROTOCOL_LENGTH_INVALID`. */
export function bytes32From(bytes: Uint8Array, field = 'value'): Bytes32 {
  assertLength(bytes, 32, field);
  return bytes as Bytes32;
}

/** A transaction id from its 32 bytes. Errors: `PROTOCOL_LENGTH_INVALID`. */
export function transactionIdFrom(bytes: Uint8Array, field = 'transaction id'): TransactionId {
  assertLength(bytes, 32, field);
  return bytes as TransactionId;
}

/** A lot id from its 32 bytes. Errors: `PROTOCOL_LENGTH_INVALID`. */
export function lotIdFrom(bytes: Uint8Array, field = 'lot id'): LotId {
  assertLength(bytes, 32, field);
  return bytes as LotId;
}

/** A block hash from its 32 bytes. Errors: `PROTOCOL_LENGTH_INVALID`. */
export function blockHashFrom(bytes: Uint8Array, field = 'block hash'): BlockHash {
  assertLength(bytes, 32, field);
  return bytes as BlockHash;
}

/** A state root from its 32 bytes. Errors: `PROTOCOL_LENGTH_INVALID`. */
export function stateRootFrom(bytes: Uint8Array, field = 'state root'): StateRoot {
  assertLength(bytes, 32, field);
  return bytes as StateRoot;
}

/** A Merkle root from its 32 bytes. Errors: `PROTOCOL_LENGTH_INVALID`. */
export function merkleRootFrom(bytes: Uint8Array, field = 'Merkle root'): MerkleRoot {
  assertLength(bytes, 32, field);
  return bytes as MerkleRoot;
}

/** A genesis hash from its 32 bytes. Errors: `PROTOCOL_LENGTH_INVALID`. */
export function genesisHashFrom(bytes: Uint8Array, field = 'genesis hash'): GenesisHash {
  assertLength(bytes, 32, field);
  return bytes as GenesisHash;
}

/**
 * A compressed public key from its 33 bytes.
 *
 * Checks length and prefix (2 or 3); whether x belongs to a point shows when a signature is verified.
 * Errors: `PROTOCOL_PUBLIC_KEY_INVALID`.
 */
export function publicKeyFrom(bytes: Uint8Array, field = 'public key'): PublicKey {
  if (bytes.length !== 33 || (bytes[0] !== 2 && bytes[0] !== 3)) {
    throw protocolError('PROTOCOL_PUBLIC_KEY_INVALID', `${field} has to be 33 bytes that begin with 2 or 3 (compressed form)`, {
      field,
      lengthBytes: 33,
      bytes: bytes.length,
    });
  }
  return bytes as PublicKey;
}

/** A private key from its 32 bytes. Errors: `PROTOCOL_PRIVATE_KEY_INVALID` when it is zero or not below n; never names the value. */
export function privateKeyFrom(bytes: Uint8Array, field = 'private key'): PrivateKey {
  if (!isScalar(bytes)) {
    throw protocolError('PROTOCOL_PRIVATE_KEY_INVALID', `${field} has to be 32 bytes with 1 ≤ value < n of secp256k1`, {
      field,
      lengthBytes: 32,
      bytes: bytes.length,
    });
  }
  return bytes as PrivateKey;
}

/** A recoverable signature from its 65 bytes. Errors: `PROTOCOL_SIGNATURE_INVALID` unless r, s are in range, s is low and v is 0 or 1. */
export function signatureFrom(bytes: Uint8Array, field = 'signature'): Signature {
  if (!isRecoverableSignature(bytes)) {
    throw protocolError(
      'PROTOCOL_SIGNATURE_INVALID',
      `${field} has to be 65 bytes r‖s‖v with 1 ≤ r < n, 1 ≤ s ≤ n/2 and v 0 or 1: sign again with low s`,
      { field, lengthBytes: 65, bytes: bytes.length },
    );
  }
  return bytes as Signature;
}
