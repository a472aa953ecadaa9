import type { Signature, TransactionId } from '../bytes/branded.ts';
import { readUtf8, writeUtf8 } from '../bytes/utf8.ts';
import type { ChainError } from '../chain-error.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { type ProtocolErrorCode, protocolError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { checkedVariableBytes, fieldError } from './field-check.ts';
import { type FieldLayout, schemaOfNumber, schemaOfType, type TransactionSchema } from './schema.ts';
import type { FeeSponsor, SignedTransaction } from './transaction.ts';

/*
 * Canonical bytes of transactions, in SSZ:
 *
 *   signed bytes = type number ‖ Container(common fields, own fields, signature: Bytes65)        (an SSZ Union by its selector byte)
 *   raw bytes    = Container(signed: ByteList[4096], sponsor: List[Container(address: Bytes20, signature: Bytes65), 1])
 *
 * Written out here from the table instead of taken from a general SSZ library, for three reasons. The library accepts byte strings that
 * are no canonical form of anything this chain can mean (times above 2^53, texts that are no UTF-8). Its errors cannot name the field and
 * the limit. Its byte lists need a global of Node.js and so break in a browser. Tests hold every byte equal to the library's.
 *
 * Each byte of the input is read by exactly one rule that leaves no choice: values have one form, the first offset is the length of the
 * fixed part, and each variable part begins where the one before ends. So whatever decodes, encodes to the same bytes again.
 */

/** Raw bytes before the signed bytes: the two offsets. */
const RAW_FIXED_BYTES = 8;
/** Bytes of a sponsor: address and signature. */
const SPONSOR_BYTES = 20 + 65;
/** Most raw bytes of a transaction. */
const RAW_BYTES_MAX: number = RAW_FIXED_BYTES + LIMITS.transactionBytesMax + SPONSOR_BYTES;

function bytesError(message: string, details: Readonly<Record<string, unknown>>): ChainError<ProtocolErrorCode> {
  return protocolError('PROTOCOL_TRANSACTION_BYTES_INVALID', message, details);
}

/** Reads four little-endian bytes. */
function readUint32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>> 0
  );
}

/** Writes four little-endian bytes. */
function writeUint32(output: Uint8Array, at: number, value: number): void {
  output[at] = value;
  output[at + 1] = value >>> 8;
  output[at + 2] = value >>> 16;
  output[at + 3] = value >>> 24;
}

/** Bytes and a view of the same memory: numbers of 64 bits are read and written through the view. */
type Memory = { readonly bytes: Uint8Array; readonly view: DataView };

function memoryOf(bytes: Uint8Array): Memory {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

function messageOf(transaction: SignedTransaction): Readonly<Record<string, unknown>> {
  return transaction.message as unknown as Readonly<Record<string, unknown>>;
}

/** Length of the signed bytes; checks every field on the way. */
function signedLength(schema: TransactionSchema, message: Readonly<Record<string, unknown>>): number {
  let length = 1 + schema.fixedBytes;
  for (const field of schema.fields) length += checkedVariableBytes(schema.type, field, message[field.name]);
  return length;
}

/** Writes a checked value at its place in the fixed part and, with a variable kind, at `end`; returns the new end. */
function writeField(memory: Memory, base: number, end: number, field: FieldLayout, value: unknown): number {
  const { bytes, view } = memory;
  const at = base + field.position;
  switch (field.kind) {
    case 'address':
    case 'bytes32':
      bytes.set(value as Uint8Array, at);
      return end;
    case 'bool':
      bytes[at] = value === true ? 1 : 0;
      return end;
    case 'uint8':
      bytes[at] = value as number;
      return end;
    case 'uint32':
      writeUint32(bytes, at, value as number);
      return end;
    case 'uint64':
      writeUint32(bytes, at, (value as number) >>> 0);
      writeUint32(bytes, at + 4, Math.floor((value as number) / 0x1_0000_0000));
      return end;
    case 'uint256':
      view.setBigUint64(at, BigInt.asUintN(64, value as bigint), true);
      view.setBigUint64(at + 8, (value as bigint) >> 64n, true);
      return end;
    case 'string':
      writeUint32(bytes, at, end - base);
      return writeUtf8(value as string, bytes, end);
    case 'bytes':
      writeUint32(bytes, at, end - base);
      bytes.set(value as Uint8Array, end);
      return end + (value as Uint8Array).length;
    case 'address[]': {
      writeUint32(bytes, at, end - base);
      let next = end;
      for (const item of value as readonly Uint8Array[]) {
        bytes.set(item, next);
        next += 20;
      }
      return next;
    }
  }
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
  let end = base + schema.fixedBytes;
  for (const field of schema.fields) end = writeField(memory, base, end, field, message[field.name]);
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

/** Reads the value of a field; `size` is the length of the container that begins at `base`. */
function readField(memory: Memory, base: number, size: number, type: string, field: FieldLayout): unknown {
  const { bytes, view } = memory;
  const at = base + field.position;
  switch (field.kind) {
    case 'address':
      return bytes.slice(at, at + 20);
    case 'bytes32':
      return bytes.slice(at, at + 32);
    case 'bool': {
      const value = bytes[at] as number;
      if (value > 1) throw fieldError(type, field, { byte: value });
      return value === 1;
    }
    case 'uint8':
      return bytes[at];
    case 'uint32':
      return readUint32(bytes, at);
    case 'uint64': {
      const high = readUint32(bytes, at + 4);
      if (high > 0x1f_ffff) throw fieldError(type, field, { reason: 'not below 2^53' });
      return high * 0x1_0000_0000 + readUint32(bytes, at);
    }
    case 'uint256': {
      const low = view.getBigUint64(at, true);
      const high = view.getBigUint64(at + 8, true);
      return high === 0n ? low : (high << 64n) | low;
    }
    case 'string':
    case 'bytes':
    case 'address[]': {
      const start = readUint32(bytes, at);
      const end = field.endPosition === -1 ? size : readUint32(bytes, base + field.endPosition);
      if (start > end || end > size) {
        throw bytesError(`${field.name} of ${type} reaches from byte ${start} to ${end} of ${size}: its offset is wrong`, {
          type,
          field: field.name,
          start,
          end,
          limit: size,
        });
      }
      return readVariable(bytes, base + start, base + end, type, field);
    }
  }
}

function readVariable(bytes: Uint8Array, start: number, end: number, type: string, field: FieldLayout): unknown {
  const length = end - start;
  if (field.kind === 'address[]') {
    if (length % 20 !== 0 || length > 20 * field.limit) throw fieldError(type, field, { bytes: length });
    const items: Uint8Array[] = [];
    for (let at = start; at < end; at += 20) items.push(bytes.slice(at, at + 20));
    return items;
  }
  if (length > field.limit) throw fieldError(type, field, { bytes: length });
  if (field.kind === 'bytes') return bytes.slice(start, end);
  const text = readUtf8(bytes, start, end);
  if (text === undefined) throw fieldError(type, field, { reason: 'not valid UTF-8' });
  return text;
}

function readSigned(memory: Memory, start: number, end: number, sponsor: FeeSponsor | undefined): SignedTransaction {
  const { bytes } = memory;
  if (end === start) throw bytesError('the signed bytes of a transaction are empty', { field: 'signed', limit: 1 });
  const schema = schemaOfNumber(bytes[start] as number);
  const base = start + 1;
  const size = end - base;
  if (schema.isVariable ? size < schema.fixedBytes : size !== schema.fixedBytes) {
    throw bytesError(
      `the signed bytes of ${schema.type} are ${size + 1} long, they have to be ${schema.isVariable ? 'at least ' : ''}${schema.fixedBytes + 1}`,
      { type: schema.type, field: 'signed', limit: schema.fixedBytes + 1, bytes: size + 1 },
    );
  }
  const message: Record<string, unknown> = {};
  let isFirstVariable = true;
  for (const field of schema.fields) {
    if (isFirstVariable && field.limit !== 0) {
      isFirstVariable = false;
      const offset = readUint32(bytes, base + field.position);
      if (offset !== schema.fixedBytes) {
        throw bytesError(`${field.name} of ${schema.type} begins at byte ${offset}, it has to begin at ${schema.fixedBytes}`, {
          type: schema.type,
          field: field.name,
          start: offset,
          limit: schema.fixedBytes,
        });
      }
    }
    message[field.name] = readField(memory, base, size, schema.type, field);
  }
  // A view: a copy of more than 64 bytes is no longer on the heap of the engine and costs as much as the rest of the decoding.
  const signature = bytes.subarray(base + schema.signaturePosition, base + schema.fixedBytes) as Signature;
  const transaction =
    sponsor === undefined ? { type: schema.type, message, signature } : { type: schema.type, message, signature, sponsor };
  return transaction as unknown as SignedTransaction;
}

/** End of the signed bytes in raw bytes, both offsets and all lengths checked. */
function signedEndOf(raw: Uint8Array): number {
  if (raw.length < RAW_FIXED_BYTES || raw.length > RAW_BYTES_MAX) {
    throw bytesError(`a transaction has ${raw.length} bytes, it has to have ${RAW_FIXED_BYTES} to ${RAW_BYTES_MAX}`, {
      field: 'transaction',
      limit: RAW_BYTES_MAX,
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
  if (end < start || end > raw.length || end - start > LIMITS.transactionBytesMax) {
    throw bytesError(`the signed bytes reach from byte ${start} to ${end} of ${raw.length}, at most ${LIMITS.transactionBytesMax} are allowed`, {
      field: 'signed',
      start,
      end,
      limit: LIMITS.transactionBytesMax,
    });
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
export function transactionIdOf(cryptography: Cryptography, raw: Uint8Array): TransactionId {
  return cryptography.sha256(signedBytesOf(raw)) as TransactionId;
}

/**
 * Decodes raw bytes; nothing about the signature is checked but its length.
 *
 * Strict: only bytes that `encodeTransaction` can write are accepted. The signatures are views of `raw`, which nobody may write to again.
 * Errors: `PROTOCOL_TRANSACTION_BYTES_INVALID`, `PROTOCOL_TRANSACTION_TYPE_UNKNOWN`, `PROTOCOL_TRANSACTION_FIELD_INVALID`.
 */
export function decodeTransaction(raw: Uint8Array): SignedTransaction {
  const end = signedEndOf(raw);
  // The slice() of a Buffer shares memory, so that one kept address would keep a whole network frame.
  const bytes = raw.constructor === Uint8Array ? raw : new Uint8Array(raw.buffer, raw.byteOffset, raw.length);
  let sponsor: FeeSponsor | undefined;
  if (end !== raw.length) {
    sponsor = { address: bytes.slice(end, end + 20), signature: bytes.subarray(end + 20) } as unknown as FeeSponsor;
  }
  return readSigned(memoryOf(bytes), RAW_FIXED_BYTES, end, sponsor);
}
