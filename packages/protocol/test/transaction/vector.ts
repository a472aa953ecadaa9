import { addressFrom, bytes32From, genesisHashFrom, privateKeyFrom } from '../../src/bytes/checked-bytes.ts';
import { decodeHex, encodeHex } from '../../src/bytes/hex.ts';
import { referenceCryptography as reference } from '../../src/cryptography/reference.ts';
import { keyPairOf } from '../../src/keys/key-pair.ts';
import { transactionToJson } from '../../src/transaction/json-codec.ts';
import { schemaOfType } from '../../src/transaction/schema.ts';
import { signSponsorFee, signTransaction } from '../../src/transaction/sign-transaction.ts';
import { summarizeTransaction } from '../../src/transaction/summary.ts';
import type { SignedTransaction, TransactionType, UnsignedTransaction } from '../../src/transaction/transaction.ts';
import { encodeSignedBytes, encodeTransaction, transactionIdOf } from '../../src/transaction/transaction-codec.ts';
import type { TransactionJson } from '../../src/transaction/transaction-json.ts';
import { type ChainDomain, createTypedData, typeStringOf } from '../../src/transaction/typed-data.ts';
import { fieldsOf, TYPES } from './table-arbitrary.ts';

/*
 * The published vectors of transactions: inputs that never change, and how each is computed. Other implementations test against the file.
 */

/** Keys of the sender and the sponsor. Published: they must never hold anything. */
const SENDER = keyPairOf(privateKeyFrom(decodeHex(`0x${'00'.repeat(31)}2a`)));
const SPONSOR = keyPairOf(privateKeyFrom(decodeHex(`0x${'00'.repeat(31)}2b`)));

/** The chain of the vectors. */
const VECTOR_CHAIN: ChainDomain = {
  chainId: 1_000_001,
  genesisHash: genesisHashFrom(Uint8Array.from({ length: 32 }, (_, index) => index)),
};

/** One transaction in every form. All byte strings are 0x hex. */
export type TransactionVector = {
  readonly name: string;
  readonly json: TransactionJson;
  readonly typeString: string;
  readonly typeHash: string;
  readonly digest: string;
  readonly signedBytes: string;
  readonly raw: string;
  readonly id: string;
  readonly summary: string;
};

/** The file of vectors. */
export type VectorFile = {
  readonly about: string;
  readonly chainId: number;
  readonly genesisHash: string;
  readonly domainSeparator: string;
  readonly privateKey: string;
  readonly sponsorPrivateKey: string;
  readonly transactions: readonly TransactionVector[];
};

type Size = 'usual' | 'empty' | 'full';

const USUAL_TEXTS: Readonly<Record<string, string>> = {
  asset: 'mUSD',
  name: 'Mutual Dollar',
  memo: 'Miete für Mai 🏠',
  reason: 'not ours',
  reference: 'RF18 5390 0754 7034',
  externalRef: 'bank:2026-05-01/000017',
  destination: 'DE89370400440532013000',
  jurisdiction: 'CH',
  transferMode: 'IMMEDIATE',
  role: 'auditor',
  value: '15',
};

function fixedValueOf({ name, kind, maxBytes = 0, maxItems = 0 }: ReturnType<typeof fieldsOf>[number], size: Size): unknown {
  const isEmpty = size === 'empty';
  const isFull = size === 'full';
  switch (kind) {
    case 'address':
      return addressFrom(Uint8Array.from({ length: 20 }, (_, index) => (isEmpty ? 0 : isFull ? 0xff : name.length * 16 + index)));
    case 'address[]': {
      const length = isEmpty ? 0 : isFull ? maxItems : 3;
      return Array.from({ length }, (_, index) => addressFrom(new Uint8Array(20).fill(index + 1)));
    }
    case 'bool':
      return !isEmpty;
    case 'bytes':
      return new Uint8Array(isEmpty ? 0 : maxBytes).fill(isFull ? 0xff : 0x02);
    case 'bytes32':
      return bytes32From(new Uint8Array(32).fill(isEmpty ? 0 : isFull ? 0xff : 0xc0));
    case 'string':
      if (isEmpty) return '';
      return isFull ? `${'€'.repeat(Math.floor(maxBytes / 3))}${'x'.repeat(maxBytes % 3)}` : (USUAL_TEXTS[name] ?? name);
    case 'uint8':
      return isEmpty ? 0 : isFull ? 0xff : 2;
    case 'uint32':
      return isEmpty ? 0 : isFull ? 0xffff_ffff : 1;
    case 'uint64':
      return isEmpty ? 0 : isFull ? Number.MAX_SAFE_INTEGER : 1_800_000_000;
    case 'uint256':
      return isEmpty ? 0n : isFull ? 2n ** 128n - 1n : 12_345_678_901_234_567_890n;
  }
}

function unsignedOf(type: TransactionType, size: Size): UnsignedTransaction {
  const message = Object.fromEntries(fieldsOf(type).map((field) => [field.name, fixedValueOf(field, size)]));
  return { type, message: { ...message, from: SENDER.address } } as unknown as UnsignedTransaction;
}

function vectorOf(name: string, transaction: SignedTransaction): TransactionVector {
  const raw = encodeTransaction(transaction);
  const typeString = typeStringOf(schemaOfType(transaction.type));
  return {
    name,
    json: transactionToJson(transaction),
    typeString,
    typeHash: encodeHex(reference.keccak256(new TextEncoder().encode(typeString))),
    digest: encodeHex(createTypedData(reference, VECTOR_CHAIN).digest(transaction)),
    signedBytes: encodeHex(encodeSignedBytes(transaction)),
    raw: encodeHex(raw),
    id: encodeHex(transactionIdOf(reference, raw)),
    summary: summarizeTransaction(transaction),
  };
}

/** Computes the file of vectors: every type with usual, empty and full fields, and each usual one sponsored. */
export function computeVectorFile(): VectorFile {
  const typedData = createTypedData(reference, VECTOR_CHAIN);
  const transactions = TYPES.flatMap((type) => {
    const signed = (['usual', 'empty', 'full'] as const).map(
      (size) => [size, signTransaction(reference, typedData, unsignedOf(type, size), SENDER.privateKey)] as const,
    );
    const [, usual] = signed[0] as (typeof signed)[number];
    const sponsored = signSponsorFee(reference, typedData, usual, SPONSOR.privateKey);
    return [...signed.map(([size, each]) => vectorOf(`${type}, ${size}`, each)), vectorOf(`${type}, sponsored`, sponsored)];
  });
  return {
    about:
      'Transactions in every form. Made by `pnpm --filter @mutual-chain/protocol vectors`; the private keys are public and must hold nothing.',
    chainId: VECTOR_CHAIN.chainId,
    genesisHash: encodeHex(VECTOR_CHAIN.genesisHash),
    domainSeparator: encodeHex(typedData.domainSeparator),
    privateKey: encodeHex(SENDER.privateKey),
    sponsorPrivateKey: encodeHex(SPONSOR.privateKey),
    transactions,
  };
}
