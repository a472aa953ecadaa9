import type { Signature, TransactionId } from '../bytes/branded.ts';
import type { ChainError } from '../chain-error.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { type ProtocolErrorCode, protocolError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { assertLayout, readLaidOut, writeLaidOut } from '../ssz/container.ts';
import { type Memory, memoryOf, readUint32, writeUint32 } from '../ssz/field.ts';
import { schemaOfNumber, schemaOfType, type TransactionSchema } from './schema.ts';
import type { FeeSponsor, SignedTransaction } from './transaction.ts';
import { checkedVariableSize, transactionRefusal } from './transaction-refusal.ts';

/*
 * Canonical bytes of transactions, in SSZ:
 *
 *   signed bytes = type number ‖ Container(common fields, own fields, signature: Bytes65)        (an SSZ Union by its selector byte)
 *   raw bytes    = Container(signed: ByteList[4096], sponsor: List[Container(address: Bytes20, signature: Bytes65), 1])
 *
 * Each byte of the input is read by exactly one rule that leaves no choice: values have one form, the first offset is the length of the
 * fixed part, and each variable part begins where the one before ends. So whatever decodes, encodes to the same bytes again.
 */

/** Raw bytes before the signed bytes: the two offsets. */
const RAW_FIXED_BYTES = 8;
/** Bytes of a sponsor: address and signature. */
const SPONSOR_BYTES = 20 + 65;
/** Most raw bytes of a transaction. */
export const RAW_TRANSACTION_BYTES_MAX: number = RAW_FIXED_BYTES + LIMITS.transactionBytesMax + SPONSOR_BYTES;

type Message = Readonly<Record<string, unknown>>;

function messageOf(transaction: SignedTransaction): Message {
  return transaction.message as unknown as Message;
}

/** Length of the signed bytes; checks every field on the way. */
function signedLength(schema: TransactionSchema, message: Message): number {
  let length = 1 + schema.layout.fixedBytes;
  for (const field of schema.fields) length += checkedVariableSize(schema.type, field, message[field.name]);
  return length;
}

function writeSigned(memory: Memory, start: number, schema: TransactionSchema, transaction: SignedTransaction): void {
  if (transaction.signature.length !== 65) {
    throw protocolError('PROTOCOL_SIGNATURE_INVALID', `signature of ${schema.type} has to be 65 bytes`, {
      field: 'signature',
      lengthBytes: 65,
      bytes: transaction.signature.length,
    });
  }
  const message = messageOf(transaction);
  const base = start + 1;
  memory.bytes[start] = schema.number;
  let end = base + schema.layout.fixedBytes;
  for (const field of schema.fields) end = writeLaidOut(memory, base, end, field, message[field.name]);
  memory.bytes.set(transaction.signature, base + schema.signaturePosition);
}

/** Signed bytes of a transaction: what its id is the SHA-256 of. Errors: `PROTOCOL_TRANSACTION_FIELD_INVALID`, `PROTOCOL_SIGNATURE_INVALID`. */
export function encodeSignedBytes(transaction: SignedTransaction): Uint8Array {
  const schema = schemaOfType(transaction.type);
  const bytes = new Uint8Array(signedLength(schema, messageOf(transaction)));
  writeSigned(memoryOf(bytes), 0, schema, transaction);
  return bytes;
}

/** Raw bytes of a transaction: what blocks and the network carry. Errors: `PROTOCOL_TRANSACTION_FIELD_INVALID`, `PROTOCOL_SIGNATURE_INVALID`. */
export function encodeTransaction(transaction: SignedTransaction): Uint8Array {
  const schema = schemaOfType(transaction.type);
  const { sponsor } = transaction;
  const signedEnd = RAW_FIXED_BYTES + signedLength(schema, messageOf(transaction));
  const bytes = new Uint8Array(signedEnd + (sponsor === undefined ? 0 : SPONSOR_BYTES));
  writeUint32(bytes, 0, RAW_FIXED_BYTES);
  writeUint32(bytes, 4, signedEnd);
  writeSigned(memoryOf(bytes), RAW_FIXED_BYTES, schema, transaction);
  if (sponsor !== undefined) {
    if (sponsor.address.length !== 20 || sponsor.signature.length !== 65) {
      throw protocolError('PROTOCOL_SIGNATURE_INVALID', 'sponsor has to be an address of 20 bytes and a signature of 65', {
        field: 'sponsor',
      });
    }
    bytes.set(sponsor.address, signedEnd);
    bytes.set(sponsor.signature, signedEnd + 20);
  }
  return bytes;
}

function bytesError(message: string, details: Readonly<Record<string, unknown>>): ChainError<ProtocolErrorCode> {
  return protocolError('PROTOCOL_TRANSACTION_BYTES_INVALID', message, details);
}

function readMessage(memory: Memory, base: number, end: number, schema: TransactionSchema): Message {
  try {
    assertLayout(memory, base, end, schema.layout);
    const message: Record<string, unknown> = {};
    for (const field of schema.fields) message[field.name] = readLaidOut(memory, base, end, field);
    return message;
  } catch (error) {
    throw transactionRefusal('PROTOCOL_TRANSACTION_BYTES_INVALID', schema.type, error);
  }
}

/** End of the signed bytes in raw bytes, both offsets and all lengths checked. */
function signedEndOf(raw: Uint8Array): number {
  if (raw.length < RAW_FIXED_BYTES || raw.length > RAW_TRANSACTION_BYTES_MAX) {
    throw bytesError(`a transaction has ${raw.length} bytes, it has to have ${RAW_FIXED_BYTES} to ${RAW_TRANSACTION_BYTES_MAX}`, {
      field: 'transaction',
      limit: RAW_TRANSACTION_BYTES_MAX,
      bytes: raw.length,
    });
  }
  const start = readUint32(raw, 0);
  const end = readUint32(raw, 4);
  if (start !== RAW_FIXED_BYTES) {
    throw bytesError(`the signed bytes begin at byte ${start}, they have to begin at ${RAW_FIXED_BYTES}`, {
      field: 'signed',
      start,
      limit: RAW_FIXED_BYTES,
    });
  }
  if (end <= start || end > raw.length || end - start > LIMITS.transactionBytesMax) {
    throw bytesError(
      `the signed bytes reach from byte ${start} to ${end} of ${raw.length}, they have to be 1 to ${LIMITS.transactionBytesMax}`,
      { field: 'signed', start, end, limit: LIMITS.transactionBytesMax },
    );
  }
  if (end !== raw.length && raw.length - end !== SPONSOR_BYTES) {
    throw bytesError(`${raw.length - end} bytes follow the signed bytes, none or one sponsor of ${SPONSOR_BYTES} has to follow`, {
      field: 'sponsor',
      limit: SPONSOR_BYTES,
      bytes: raw.length - end,
    });
  }
  return end;
}

/** The signed bytes within raw bytes, not copied. Errors: `PROTOCOL_TRANSACTION_BYTES_INVALID`. */
export function signedBytesOf(raw: Uint8Array): Uint8Array {
  return raw.subarray(RAW_FIXED_BYTES, signedEndOf(raw));
}

/** Id of the transaction in raw bytes: SHA-256 of its signed bytes, so a sponsor cannot change it. */
export function transactionIdOf(cryptography: Pick<Cryptography, 'sha256'>, raw: Uint8Array): TransactionId {
  return cryptography.sha256(signedBytesOf(raw)) as TransactionId;
}

/**
 * Decodes raw bytes; nothing about the signature is checked but its length.
 *
 * Strict: only bytes that `encodeTransaction` can write are accepted. The signatures are views of `raw`, which nobody may write to again: a
 * copy of more than 64 bytes costs the engine as much as the rest of the decoding.
 * Errors: `PROTOCOL_TRANSACTION_BYTES_INVALID`, naming field and limit; `PROTOCOL_TRANSACTION_TYPE_UNKNOWN`.
 */
export function decodeTransaction(raw: Uint8Array): SignedTransaction {
  const end = signedEndOf(raw);
  const memory = memoryOf(raw);
  const { bytes } = memory;
  const schema = schemaOfNumber(bytes[RAW_FIXED_BYTES] as number);
  const base = RAW_FIXED_BYTES + 1;
  const message = readMessage(memory, base, end, schema);
  const signature = bytes.subarray(base + schema.signaturePosition, base + schema.layout.fixedBytes) as Signature;
  if (end === raw.length) return { type: schema.type, message, signature } as unknown as SignedTransaction;
  const sponsor = { address: bytes.slice(end, end + 20), signature: bytes.subarray(end + 20) } as unknown as FeeSponsor;
  return { type: schema.type, message, signature, sponsor } as unknown as SignedTransaction;
}
