import type { Address, BlockHash, Bytes32, StateRoot } from '@mutual-chain/protocol';
import { equalBytes } from '@mutual-chain/protocol';
import { sha256 } from '../cryptography/mac-cryptography.ts';
import { SIMPLE_TRANSACTION_BYTES } from './simple-transaction.ts';

/** Header of a block of the simple chain. Its hash names the block. */
export type SimpleHeader = {
  readonly height: number;
  readonly timestampMs: number;
  readonly parentHash: BlockHash;
  readonly proposer: Address;
  readonly stateRoot: StateRoot;
  readonly contentHash: Bytes32;
  readonly validatorsHash: Bytes32;
  readonly nextValidatorsHash: Bytes32;
};

/** A block of the simple chain. */
export type SimpleBlock = {
  readonly header: SimpleHeader;
  readonly transactions: readonly Uint8Array[];
  readonly evidence: readonly Uint8Array[];
};

/** Bytes of a header. */
const SIMPLE_HEADER_BYTES = 196;
/** Where the fields of a header stand. */
const SIMPLE_HEADER_AT = {
  height: 0,
  timestampMs: 8,
  parentHash: 16,
  proposer: 48,
  stateRoot: 68,
  contentHash: 100,
  validatorsHash: 132,
  nextValidatorsHash: 164,
} as const;

/** Bytes of what a block carries: number of transactions (2), transactions, then each piece of evidence with its length (2). */
export function encodeContent(transactions: readonly Uint8Array[], evidence: readonly Uint8Array[]): Uint8Array {
  let length = 2 + transactions.length * SIMPLE_TRANSACTION_BYTES;
  for (const each of evidence) length += 2 + each.length;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, transactions.length);
  let at = 2;
  for (const each of transactions) {
    bytes.set(each, at);
    at += SIMPLE_TRANSACTION_BYTES;
  }
  for (const each of evidence) {
    view.setUint16(at, each.length);
    bytes.set(each, at + 2);
    at += 2 + each.length;
  }
  return bytes;
}

/** Bytes of a block: header and content. */
export function encodeSimpleBlock(header: SimpleHeader, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(SIMPLE_HEADER_BYTES + content.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(SIMPLE_HEADER_AT.height, BigInt(header.height));
  view.setBigUint64(SIMPLE_HEADER_AT.timestampMs, BigInt(header.timestampMs));
  bytes.set(header.parentHash, SIMPLE_HEADER_AT.parentHash);
  bytes.set(header.proposer, SIMPLE_HEADER_AT.proposer);
  bytes.set(header.stateRoot, SIMPLE_HEADER_AT.stateRoot);
  bytes.set(header.contentHash, SIMPLE_HEADER_AT.contentHash);
  bytes.set(header.validatorsHash, SIMPLE_HEADER_AT.validatorsHash);
  bytes.set(header.nextValidatorsHash, SIMPLE_HEADER_AT.nextValidatorsHash);
  bytes.set(content, SIMPLE_HEADER_BYTES);
  return bytes;
}

/** Hash of a body's header: the name of the block. */
export function simpleBlockHash(body: Uint8Array): BlockHash {
  return sha256(body.subarray(0, SIMPLE_HEADER_BYTES)) as BlockHash;
}

/** Hash of what a body carries. */
export function simpleContentHash(body: Uint8Array): Bytes32 {
  return sha256(body.subarray(SIMPLE_HEADER_BYTES)) as Bytes32;
}

/** The block of a body, or undefined when the bytes are none or the header does not commit to what they carry. */
export function decodeSimpleBlock(body: Uint8Array): SimpleBlock | undefined {
  if (body.length < SIMPLE_HEADER_BYTES + 2) return undefined;
  const header = decodeHeader(body);
  if (header === undefined || !equalBytes(header.contentHash, simpleContentHash(body))) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const count = view.getUint16(SIMPLE_HEADER_BYTES);
  let at = SIMPLE_HEADER_BYTES + 2;
  if (at + count * SIMPLE_TRANSACTION_BYTES > body.length) return undefined;
  const transactions: Uint8Array[] = [];
  for (let each = 0; each < count; each++, at += SIMPLE_TRANSACTION_BYTES)
    transactions.push(body.subarray(at, at + SIMPLE_TRANSACTION_BYTES));
  const evidence: Uint8Array[] = [];
  while (at < body.length) {
    if (at + 2 > body.length) return undefined;
    const end = at + 2 + view.getUint16(at);
    if (end > body.length) return undefined;
    evidence.push(body.subarray(at + 2, end));
    at = end;
  }
  return { header, transactions, evidence };
}

function decodeHeader(body: Uint8Array): SimpleHeader | undefined {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const height = Number(view.getBigUint64(SIMPLE_HEADER_AT.height));
  const timestampMs = Number(view.getBigUint64(SIMPLE_HEADER_AT.timestampMs));
  if (!Number.isSafeInteger(height) || !Number.isSafeInteger(timestampMs)) return undefined;
  const part = (at: number, length: number): Uint8Array => body.slice(at, at + length);
  return {
    height,
    timestampMs,
    parentHash: part(SIMPLE_HEADER_AT.parentHash, 32) as BlockHash,
    proposer: part(SIMPLE_HEADER_AT.proposer, 20) as Address,
    stateRoot: part(SIMPLE_HEADER_AT.stateRoot, 32) as StateRoot,
    contentHash: part(SIMPLE_HEADER_AT.contentHash, 32) as Bytes32,
    validatorsHash: part(SIMPLE_HEADER_AT.validatorsHash, 32) as Bytes32,
    nextValidatorsHash: part(SIMPLE_HEADER_AT.nextValidatorsHash, 32) as Bytes32,
  };
}
