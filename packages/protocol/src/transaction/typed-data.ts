import { isAmount } from '../amount/amount.ts';
import type { Bytes32, GenesisHash } from '../bytes/branded.ts';
import { bytes32From } from '../bytes/checked-bytes.ts';
import { encodeUtf8, writeUtf8 } from '../bytes/utf8.ts';
import { assertInvariant } from '../chain-error.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { type SchemaField, schemaOfType, TRANSACTION_SCHEMAS, type TransactionSchema } from './schema.ts';
import type { UnsignedTransaction } from './transaction.ts';
import { checkedVariableSize } from './transaction-refusal.ts';

/** Name in the typed-data domain of every chain of this protocol. */
export const DOMAIN_NAME = 'Mutual Chain';
/** Version in the typed-data domain: that of the transaction format. */
export const DOMAIN_VERSION = '1';

/** What separates the signatures of one chain from those of every other. */
export type ChainDomain = {
  /** Number of the chain, 1 ≤ id ≤ 2^53 − 1. */
  readonly chainId: number;
  readonly genesisHash: GenesisHash;
};

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)';
const SPONSOR_TYPE = 'SponsorFee(bytes32 transaction,uint256 maxFee)';

/** EIP-712 type string of a transaction type. Source: EIP-712, definition of encodeType. */
export function typeStringOf(schema: TransactionSchema): string {
  return `${schema.type}(${schema.fields.map((field) => `${field.kind} ${field.name}`).join(',')})`;
}

/** Hashes typed data of one chain. Source: EIP-712. */
export type TypedData = {
  readonly domain: ChainDomain;
  readonly domainSeparator: Bytes32;
  /**
   * EIP-712 digest of a message: what its sender signs.
   * Errors: `PROTOCOL_TRANSACTION_FIELD_INVALID`, `PROTOCOL_TRANSACTION_TYPE_UNKNOWN`.
   */
  readonly digest: (transaction: UnsignedTransaction) => Bytes32;
  /**
   * EIP-712 digest of `SponsorFee`: what a sponsor signs over a message's digest and its `maxFee`.
   * Errors: `PROTOCOL_AMOUNT_INVALID`, `PROTOCOL_LENGTH_INVALID`.
   */
  readonly sponsorDigest: (transactionDigest: Bytes32, maxFee: bigint) => Bytes32;
  /** The same functions for another chain, sharing the type hashes. */
  readonly forDomain: (domain: ChainDomain) => TypedData;
};

/** A type with its hash and room for its encoded struct, the type hash already in front. */
type HashableType = { readonly schema: TransactionSchema; readonly struct: Uint8Array; readonly view: DataView };

const WORD = 32;
/** Room for the longest text or list of any type; a list has one word an item. */
const CONTENT_BYTES_MAX: number = Math.max(
  ...TRANSACTION_SCHEMAS.flatMap((schema) => schema.fields.map((field) => (field.kind === 'address[]' ? WORD * field.limit : field.limit))),
);

function writeUint(view: DataView, at: number, value: number): void {
  view.setUint32(at + 24, Math.floor(value / 0x1_0000_0000));
  view.setUint32(at + 28, value >>> 0);
}

function writeAmount(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at + 16, value >> 64n);
  view.setBigUint64(at + 24, BigInt.asUintN(64, value));
}

function hashableTypes(cryptography: Cryptography): ReadonlyMap<number, HashableType> {
  const types = new Map<number, HashableType>();
  for (const schema of TRANSACTION_SCHEMAS) {
    const struct = new Uint8Array(WORD * (1 + schema.fields.length));
    struct.set(cryptography.keccak256(encodeUtf8(typeStringOf(schema))), 0);
    types.set(schema.number, { schema, struct, view: new DataView(struct.buffer) });
  }
  return types;
}

function domainSeparatorOf(cryptography: Cryptography, domain: ChainDomain): Bytes32 {
  const { chainId, genesisHash } = domain;
  if (!Number.isSafeInteger(chainId) || chainId < 1) {
    throw protocolError('PROTOCOL_DOMAIN_INVALID', 'chainId has to be a whole number from 1 to 2^53 − 1', {
      field: 'chainId',
      value: chainId,
    });
  }
  if (genesisHash.length !== 32) {
    throw protocolError('PROTOCOL_DOMAIN_INVALID', 'genesisHash has to be 32 bytes', { field: 'genesisHash', bytes: genesisHash.length });
  }
  const struct = new Uint8Array(5 * WORD);
  struct.set(cryptography.keccak256(encodeUtf8(DOMAIN_TYPE)), 0);
  struct.set(cryptography.keccak256(encodeUtf8(DOMAIN_NAME)), WORD);
  struct.set(cryptography.keccak256(encodeUtf8(DOMAIN_VERSION)), 2 * WORD);
  writeUint(new DataView(struct.buffer), 3 * WORD, chainId);
  struct.set(genesisHash, 4 * WORD);
  return cryptography.keccak256(struct) as Bytes32;
}

function createForDomain(cryptography: Cryptography, types: ReadonlyMap<number, HashableType>, domain: ChainDomain): TypedData {
  const { keccak256 } = cryptography;
  const domainSeparator = domainSeparatorOf(cryptography, domain);
  // Reused by every call: a digest allocates nothing but its hashes.
  const envelope = new Uint8Array(2 + 2 * WORD);
  envelope[0] = 0x19;
  envelope[1] = 0x01;
  envelope.set(domainSeparator, 2);
  const content = new Uint8Array(CONTENT_BYTES_MAX);
  const sponsorStruct = new Uint8Array(3 * WORD);
  sponsorStruct.set(keccak256(encodeUtf8(SPONSOR_TYPE)), 0);
  const sponsorView = new DataView(sponsorStruct.buffer);
  const emptyHash = keccak256(new Uint8Array(0));

  function seal(struct: Uint8Array): Bytes32 {
    envelope.set(keccak256(struct), 2 + WORD);
    return keccak256(envelope) as Bytes32;
  }

  function hashText(text: string): Uint8Array {
    return text.length === 0 ? emptyHash : keccak256(content.subarray(0, writeUtf8(text, content, 0)));
  }

  function hashAddresses(addresses: readonly Uint8Array[]): Uint8Array {
    content.fill(0, 0, WORD * addresses.length);
    for (let index = 0; index < addresses.length; index++) content.set(addresses[index] as Uint8Array, WORD * index + 12);
    return keccak256(content.subarray(0, WORD * addresses.length));
  }

  function writeField(type: HashableType, at: number, field: SchemaField, value: unknown): void {
    checkedVariableSize(type.schema.type, field, value);
    const { struct, view } = type;
    switch (field.kind) {
      case 'address':
        struct.set(value as Uint8Array, at + 12);
        return;
      case 'bytes32':
        struct.set(value as Uint8Array, at);
        return;
      case 'bool':
        struct[at + 31] = value === true ? 1 : 0;
        return;
      case 'uint8':
      case 'uint32':
      case 'uint64':
        writeUint(view, at, value as number);
        return;
      case 'uint256':
        writeAmount(view, at, value as bigint);
        return;
      case 'string':
        struct.set(hashText(value as string), at);
        return;
      case 'bytes':
        struct.set(keccak256(value as Uint8Array), at);
        return;
      case 'address[]':
        struct.set(hashAddresses(value as readonly Uint8Array[]), at);
        return;
    }
  }

  return {
    domain,
    domainSeparator,
    digest: (transaction) => {
      const type = types.get(schemaOfType(transaction.type).number);
      assertInvariant(type !== undefined, 'every type of the table was prepared');
      const message = transaction.message as unknown as Readonly<Record<string, unknown>>;
      const { fields } = type.schema;
      for (let index = 0; index < fields.length; index++) {
        const field = fields[index] as SchemaField;
        writeField(type, WORD * (1 + index), field, message[field.name]);
      }
      return seal(type.struct);
    },
    sponsorDigest: (transactionDigest, maxFee) => {
      sponsorStruct.set(bytes32From(transactionDigest, 'transaction'), WORD);
      if (!isAmount(maxFee))
        throw protocolError('PROTOCOL_AMOUNT_INVALID', 'maxFee has to be from 0 to 2^128 − 1', { field: 'maxFee', maxFee });
      writeAmount(sponsorView, 2 * WORD, maxFee);
      return seal(sponsorStruct);
    },
    forDomain: (other) => createForDomain(cryptography, types, other),
  };
}

/**
 * Prepares the hashing of typed data for a chain: type hashes and the domain separator are computed here, once.
 *
 * Errors: `PROTOCOL_DOMAIN_INVALID`.
 */
export function createTypedData(cryptography: Cryptography, domain: ChainDomain): TypedData {
  return createForDomain(cryptography, hashableTypes(cryptography), domain);
}
