import { describe, expect, it } from 'vitest';
import { BLOCK_ENCODED_BYTES_MAX, blockCodec, EVIDENCE_BYTES_MAX } from '../../src/block/block.ts';
import { HEADER_BYTES } from '../../src/block/header.ts';
import { ChainError } from '../../src/chain-error.ts';
import { LIMITS } from '../../src/limits.ts';
import { RAW_TRANSACTION_BYTES_MAX } from '../../src/transaction/transaction-codec.ts';

/*
 * Goal: whatever a peer sends as a block, the first limit it breaks is named, before memory is taken for what it claims. Method: bytes of
 * blocks are put together by hand, since the codec writes none of these.
 */

/** Three offsets, then header, transactions and evidence. */
const OFFSETS_BYTES = 12;

/** Bytes of a list of byte strings: offsets, then the items. */
function listBytes(items: readonly Uint8Array[]): Uint8Array {
  const offsets = new Uint8Array(4 * items.length);
  const view = new DataView(offsets.buffer);
  let end = offsets.length;
  for (const [index, item] of items.entries()) {
    view.setUint32(4 * index, end, true);
    end += item.length;
  }
  return joined(offsets, ...items);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

type Parts = { readonly header?: Uint8Array; readonly transactions?: Uint8Array; readonly evidence?: Uint8Array };

/** Bytes of a block with these parts. */
function blockBytes({
  header = new Uint8Array(HEADER_BYTES),
  transactions = new Uint8Array(0),
  evidence = new Uint8Array(0),
}: Parts): Uint8Array {
  const offsets = new Uint8Array(OFFSETS_BYTES);
  const view = new DataView(offsets.buffer);
  view.setUint32(0, OFFSETS_BYTES, true);
  view.setUint32(4, OFFSETS_BYTES + header.length, true);
  view.setUint32(8, OFFSETS_BYTES + header.length + transactions.length, true);
  return joined(offsets, header, transactions, evidence);
}

const withOffset = (bytes: Uint8Array, at: number, offset: number): Uint8Array => {
  const changed = bytes.slice();
  new DataView(changed.buffer).setUint32(at, offset, true);
  return changed;
};

const many = (count: number, lengthBytes: number): Uint8Array[] => Array.from({ length: count }, () => new Uint8Array(lengthBytes));

const refusal = (bytes: Uint8Array): unknown => {
  try {
    return blockCodec.decode(bytes);
  } catch (error) {
    return error instanceof ChainError ? { code: error.code, field: error.details['field'], limit: error.details['limit'] } : error;
  }
};

describe('a block at its limits is read', () => {
  it.each<[string, Parts, number, number]>([
    ['the most transactions', { transactions: listBytes(many(LIMITS.blockTransactionsMax, 3)) }, LIMITS.blockTransactionsMax, 0],
    ['the longest transaction', { transactions: listBytes(many(1, RAW_TRANSACTION_BYTES_MAX)) }, 1, 0],
    ['the most bytes of transactions', { transactions: listBytes(many(1024, 4096)) }, 1024, 0],
    [
      'the most and longest evidence',
      { evidence: listBytes(many(LIMITS.blockEvidenceMax, EVIDENCE_BYTES_MAX)) },
      0,
      LIMITS.blockEvidenceMax,
    ],
  ])('%s', (_name, parts, transactions, evidence) => {
    const block = blockCodec.decode(blockBytes(parts));
    expect([block.transactions.length, block.evidence.length]).toEqual([transactions, evidence]);
  });

  it('and is no longer than the longest block there can be', () => {
    const transactions = listBytes([...many(1023, 4096), ...many(LIMITS.blockTransactionsMax - 1024, 0), new Uint8Array(4096)]);
    const bytes = blockBytes({ transactions, evidence: listBytes(many(LIMITS.blockEvidenceMax, EVIDENCE_BYTES_MAX)) });
    expect(blockCodec.decode(bytes).transactions.length).toBe(LIMITS.blockTransactionsMax);
    expect(bytes.length).toBeLessThanOrEqual(BLOCK_ENCODED_BYTES_MAX);
    expect(BLOCK_ENCODED_BYTES_MAX - bytes.length).toBeLessThan(64);
  });
});

describe('a block beyond a limit is refused, naming it', () => {
  const BLOCK = 'PROTOCOL_BLOCK_BYTES_INVALID';
  const empty = blockBytes({});
  const oneTransaction = blockBytes({ transactions: listBytes(many(1, 8)) });
  const atList = OFFSETS_BYTES + HEADER_BYTES;

  it.each<[string, Uint8Array, string, string, number | undefined]>([
    ['no bytes', new Uint8Array(0), BLOCK, 'container', 12],
    ['more bytes than any block', new Uint8Array(BLOCK_ENCODED_BYTES_MAX + 1), BLOCK, 'block', BLOCK_ENCODED_BYTES_MAX],
    ['a header of 335 bytes', blockBytes({ header: new Uint8Array(335) }), 'PROTOCOL_HEADER_BYTES_INVALID', 'header', 336],
    ['a header of 337 bytes', blockBytes({ header: new Uint8Array(337) }), BLOCK, 'header', 336],
    [
      'a transaction too many',
      blockBytes({ transactions: listBytes(many(LIMITS.blockTransactionsMax + 1, 1)) }),
      BLOCK,
      'transactions',
      LIMITS.blockTransactionsMax,
    ],
    [
      'a transaction a byte too long',
      blockBytes({ transactions: listBytes([...many(2, 5), new Uint8Array(RAW_TRANSACTION_BYTES_MAX + 1)]) }),
      BLOCK,
      'transactions.2',
      RAW_TRANSACTION_BYTES_MAX,
    ],
    [
      'transactions a byte too long together',
      blockBytes({ transactions: listBytes([...many(1024, 4096), new Uint8Array(1)]) }),
      BLOCK,
      'transactions',
      LIMITS.blockBytesMax,
    ],
    [
      'evidence too many',
      blockBytes({ evidence: listBytes(many(LIMITS.blockEvidenceMax + 1, 1)) }),
      BLOCK,
      'evidence',
      LIMITS.blockEvidenceMax,
    ],
    [
      'evidence a byte too long',
      blockBytes({ evidence: listBytes(many(1, EVIDENCE_BYTES_MAX + 1)) }),
      BLOCK,
      'evidence.0',
      EVIDENCE_BYTES_MAX,
    ],
    ['a first offset of 11', withOffset(empty, 0, 11), BLOCK, 'container', 12],
    ['an offset that goes back', withOffset(empty, 4, 11), BLOCK, 'header', empty.length],
    ['an offset behind the end', withOffset(empty, 8, empty.length + 1), BLOCK, 'transactions', empty.length],
    ['a list that begins with an offset of 0', withOffset(oneTransaction, atList, 0), BLOCK, 'transactions', undefined],
    ['a list that begins with an offset of 3', withOffset(oneTransaction, atList, 3), BLOCK, 'transactions', undefined],
    ['a list whose first offset is behind its end', withOffset(oneTransaction, atList, 16), BLOCK, 'transactions', undefined],
    // Claims half a billion transactions in a dozen bytes: refused by the bytes there are, not by reading that many offsets.
    [
      'a list that claims far more items than it has bytes',
      withOffset(oneTransaction, atList, 0x7fff_fffc),
      BLOCK,
      'transactions',
      undefined,
    ],
    ['a list of three bytes', blockBytes({ transactions: new Uint8Array(3) }), BLOCK, 'transactions', undefined],
  ])('%s', (_name, bytes, code, field, limit) => {
    expect(refusal(bytes)).toEqual({ code, field, limit });
  });
});
