import type * as z from 'zod';
import { formatAmount, parseAmount } from '../amount/amount.ts';
import { formatAddress, parseAddress } from '../bytes/address-text.ts';
import type { Address, GenesisHash, Signature } from '../bytes/branded.ts';
import { decodeHex, encodeHex } from '../bytes/hex.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { referenceCryptography } from '../cryptography/reference.ts';
import { protocolError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { transactionShape, unsignedTransactionShape } from './json-shape.ts';
import { type SchemaField, schemaOfType } from './schema.ts';
import { parseStrictJson } from './strict-json.ts';
import type { SignedTransaction, TransactionType, UnsignedTransaction } from './transaction.ts';
import type { DomainJson, MessageJson, TransactionJson, UnsignedTransactionJson } from './transaction-json.ts';
import { checkedVariableSize } from './transaction-refusal.ts';
import { type ChainDomain, DOMAIN_NAME, DOMAIN_VERSION } from './typed-data.ts';

/** What the JSON codec needs of a cryptography: keccak256, for the checksums of addresses. */
type Checksums = Pick<Cryptography, 'keccak256'>;

type JsonRecord = Readonly<Record<string, unknown>>;

/** The JSON as its shape demands it. Errors: `PROTOCOL_TRANSACTION_JSON_INVALID`, naming the first field that is wrong. */
function shaped<Value>(shape: z.ZodType<Value>, json: unknown): Value {
  const result = shape.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const unknownField = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...(issue?.path ?? []), ...(unknownField === undefined ? [] : [unknownField])].map(String).join('.').slice(0, 128);
  const field = path === '' ? 'transaction' : path;
  const reason = unknownField === undefined ? (issue?.message ?? 'is invalid') : 'is not a field of this type: leave it out';
  throw protocolError('PROTOCOL_TRANSACTION_JSON_INVALID', `${field}: ${reason}`, { field, reason });
}

/** Value of a field from JSON whose shape has been checked. */
function fieldFromJson(field: SchemaField, json: unknown, { keccak256 }: Checksums): unknown {
  const name = `message.${field.name}`;
  switch (field.kind) {
    case 'address':
      return parseAddress(json as string, name, keccak256);
    case 'address[]':
      return (json as readonly string[]).map((item, index) => parseAddress(item, `${name}.${index}`, keccak256));
    case 'bytes':
      return decodeHex(json as string, name);
    case 'bytes32':
      return decodeHex(json as string, name, 32);
    case 'uint256':
      return parseAmount(json as string, name);
    case 'uint8':
    case 'uint32':
    case 'uint64':
      // Adding 0 turns the −0 that JSON can say into 0.
      return Number(json) + 0;
    case 'bool':
    case 'string':
      return json;
  }
}

function fieldToJson(field: SchemaField, value: unknown, { keccak256 }: Checksums): unknown {
  switch (field.kind) {
    case 'address':
      return formatAddress(value as Address, keccak256);
    case 'address[]':
      return (value as readonly Address[]).map((item) => formatAddress(item, keccak256));
    case 'bytes':
    case 'bytes32':
      return encodeHex(value as Uint8Array);
    case 'uint256':
      return formatAmount(value as bigint, field.name);
    case 'uint64':
      return String(value);
    case 'bool':
    case 'string':
    case 'uint8':
    case 'uint32':
      return value;
  }
}

function messageFromJson(type: string, json: JsonRecord, checksums: Checksums): JsonRecord {
  const message: Record<string, unknown> = {};
  for (const field of schemaOfType(type).fields) {
    const value = fieldFromJson(field, json[field.name], checksums);
    checkedVariableSize(type, field, value);
    message[field.name] = value;
  }
  return message;
}

/** Writes a message in its JSON form. Errors: `PROTOCOL_TRANSACTION_FIELD_INVALID`. */
export function messageToJson<Type extends TransactionType>(
  transaction: UnsignedTransaction<Type>,
  checksums: Checksums = referenceCryptography,
): MessageJson<Type> {
  const { type, message } = transaction as UnsignedTransaction;
  const values = message as unknown as JsonRecord;
  const json: Record<string, unknown> = {};
  for (const field of schemaOfType(type).fields) {
    const value = values[field.name];
    checkedVariableSize(type, field, value);
    json[field.name] = fieldToJson(field, value, checksums);
  }
  return json as MessageJson<Type>;
}

/**
 * Reads a signature in hex. v may be 0 or 1, or 27 or 28 as Ethereum wallets write it; 0 or 1 is kept.
 *
 * Any other v, and r or s out of range, stay as they are: checking the signature refuses them with `BAD_SIGNATURE`.
 * Errors: `PROTOCOL_HEX_INVALID`.
 */
export function parseSignature(text: string, field = 'signature'): Signature {
  const bytes = decodeHex(text, field, 65);
  const v = bytes[64] as number;
  if (v === 27 || v === 28) bytes[64] = v - 27;
  return bytes as Signature;
}

/**
 * Reads the JSON form of a message with its type; unknown fields are refused.
 *
 * Errors: `PROTOCOL_TRANSACTION_JSON_INVALID`, `PROTOCOL_TRANSACTION_FIELD_INVALID`, `PROTOCOL_ADDRESS_INVALID`, `PROTOCOL_AMOUNT_INVALID`.
 */
export function unsignedTransactionFromJson(json: unknown, checksums: Checksums = referenceCryptography): UnsignedTransaction {
  const { type, message } = shaped(unsignedTransactionShape, json);
  return { type, message: messageFromJson(type, message as unknown as JsonRecord, checksums) } as unknown as UnsignedTransaction;
}

/** A transaction, and the chain that its JSON form says it was signed for, if it says so. */
export type DeclaredTransaction = { readonly transaction: SignedTransaction; readonly domain: ChainDomain | undefined };

/**
 * Reads the JSON form of a transaction with the domain it declares; unknown fields are refused.
 *
 * Errors: those of `unsignedTransactionFromJson` and `parseSignature`.
 */
export function declaredTransactionFromJson(json: unknown, checksums: Checksums = referenceCryptography): DeclaredTransaction {
  const { type, message, signature, sponsor, domain } = shaped(transactionShape, json);
  const transaction = {
    type,
    message: messageFromJson(type, message as unknown as JsonRecord, checksums),
    signature: parseSignature(signature),
    ...(sponsor === undefined
      ? {}
      : {
          sponsor: {
            address: parseAddress(sponsor.address, 'sponsor.address', checksums.keccak256),
            signature: parseSignature(sponsor.signature, 'sponsor.signature'),
          },
        }),
  };
  return {
    transaction: transaction as unknown as SignedTransaction,
    domain:
      domain === undefined ? undefined : { chainId: domain.chainId, genesisHash: decodeHex(domain.salt, 'domain.salt', 32) as GenesisHash },
  };
}

/** Reads the JSON form of a transaction; as `declaredTransactionFromJson`, without the domain. */
export function transactionFromJson(json: unknown, checksums: Checksums = referenceCryptography): SignedTransaction {
  return declaredTransactionFromJson(json, checksums).transaction;
}

/** Writes a message with its type in its JSON form. Errors: `PROTOCOL_TRANSACTION_FIELD_INVALID`. */
export function unsignedTransactionToJson<Type extends TransactionType>(
  transaction: UnsignedTransaction<Type>,
  checksums: Checksums = referenceCryptography,
): UnsignedTransactionJson<Type> {
  const { type } = transaction as UnsignedTransaction;
  return { type, message: messageToJson(transaction, checksums) } as unknown as UnsignedTransactionJson<Type>;
}

/** Writes a transaction in its JSON form. Errors: `PROTOCOL_TRANSACTION_FIELD_INVALID`. */
export function transactionToJson<Type extends TransactionType>(
  transaction: SignedTransaction<Type>,
  checksums: Checksums = referenceCryptography,
): TransactionJson<Type> {
  const { type, message, signature, sponsor } = transaction as SignedTransaction;
  const json = {
    type,
    message: messageToJson({ type, message } as UnsignedTransaction, checksums),
    signature: encodeHex(signature),
    ...(sponsor === undefined
      ? {}
      : { sponsor: { address: formatAddress(sponsor.address, checksums.keccak256), signature: encodeHex(sponsor.signature) } }),
  };
  return json as unknown as TransactionJson<Type>;
}

/** Writes the typed-data domain of a chain in its JSON form. */
export function domainToJson(domain: ChainDomain): DomainJson {
  return { name: DOMAIN_NAME, version: DOMAIN_VERSION, chainId: domain.chainId, salt: encodeHex(domain.genesisHash) };
}

/**
 * Reads the JSON text of a transaction, refusing fields that are given twice and deep nesting.
 *
 * Errors: `PROTOCOL_TRANSACTION_JSON_INVALID` and those of `transactionFromJson`.
 */
export function parseTransactionJson(text: string, checksums: Checksums = referenceCryptography): SignedTransaction {
  const limits = { charactersMax: LIMITS.transactionJsonCharactersMax, depthMax: LIMITS.transactionJsonDepthMax };
  return transactionFromJson(parseStrictJson(text, limits), checksums);
}
