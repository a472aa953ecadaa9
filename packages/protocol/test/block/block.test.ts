import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BLOCK_ENCODED_BYTES_MAX,
  type Block,
  blockCodec,
  EVIDENCE_BYTES_MAX,
  evidenceRoot,
  transactionLeaves,
  transactionsRoot,
} from '../../src/block/block.ts';
import { type BlockHeader, blockHash, HEADER_BYTES, headerCodec } from '../../src/block/header.ts';
import { ChainError } from '../../src/chain-error.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { LIMITS } from '../../src/limits.ts';
import { byteStringRoot } from '../../src/merkle/byte-string-roots.ts';
import { hashPair, listRoot } from '../../src/merkle/list-root.ts';
import { RAW_TRANSACTION_BYTES_MAX } from '../../src/transaction/transaction-codec.ts';

/* Goal: a block has one byte form, its hash depends on every field of its header, and nothing malformed or oversized is read. */

const filled = (length: number, fill: number) => new Uint8Array(length).fill(fill) as never;

const header: BlockHeader = {
  protocolVersion: 1,
  chainId: 7,
  height: 42,
  timestampMs: 1_800_000_000_123,
  parentHash: filled(32, 1),
  proposer: filled(20, 2),
  stateRoot: filled(32, 3),
  transactionsRoot: filled(32, 4),
  recordsRoot: filled(32, 5),
  receiptsRoot: filled(32, 6),
  evidenceRoot: filled(32, 7),
  validatorsHash: filled(32, 8),
  nextValidatorsHash: filled(32, 9),
  parametersHash: filled(32, 10),
};

const block: Block = { header, transactions: [Uint8Array.of(1, 2, 3), Uint8Array.of(4)], evidence: [Uint8Array.of(5, 6)] };

const refusal = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return error instanceof ChainError ? { code: error.code, field: error.details['field'], limit: error.details['limit'] } : error;
  }
};

describe('a header', () => {
  it('has one form of 336 bytes', () => {
    const bytes = headerCodec.encode(header);
    expect([bytes.length, HEADER_BYTES]).toEqual([336, 336]);
    expect(headerCodec.decode(bytes)).toEqual(header);
  });

  it('has a hash that depends on every field', () => {
    const changed = (Object.keys(header) as (keyof BlockHeader)[]).map((field) => {
      const value = header[field];
      return { ...header, [field]: typeof value === 'number' ? value + 1 : (value as Uint8Array).map((byte) => byte ^ 1) } as BlockHeader;
    });
    const hashes = [header, ...changed].map((each) => blockHash(cryptography, each).join());
    expect(new Set(hashes).size).toBe(15);
  });

  it.each([0, 335, 337])('of %d bytes is refused', (length) => {
    expect(refusal(() => headerCodec.decode(new Uint8Array(length)))).toEqual({
      code: 'PROTOCOL_HEADER_BYTES_INVALID',
      field: 'header',
      limit: 336,
    });
  });

  it.each([
    ['chainId', 4],
    ['height', 12],
    ['timestampMs', 20],
  ])('with a %s above 2^53 is refused', (field, at) => {
    const bytes = headerCodec.encode(header);
    bytes.fill(0xff, at, at + 8);
    expect(refusal(() => headerCodec.decode(bytes))).toMatchObject({ field });
  });
});

describe('a block', () => {
  it('has one form', () => {
    expect(blockCodec.decode(blockCodec.encode(block))).toEqual(block);
    const empty = { header, transactions: [], evidence: [] };
    expect(blockCodec.decode(blockCodec.encode(empty))).toEqual(empty);
  });

  it('cut anywhere or lengthened is refused', () => {
    const bytes = blockCodec.encode(block);
    for (let length = 0; length < bytes.length; length++) {
      const read = refusal(() => blockCodec.decode(bytes.slice(0, length)));
      // A cut inside the last list of bytes only shortens its last item; that is another block, not a malformed one.
      const shorter = (read as Block).evidence;
      if (Array.isArray(shorter)) expect(blockCodec.encode(read as Block)).toEqual(bytes.slice(0, length));
      else expect((read as { code: string }).code).toMatch(/^PROTOCOL_(BLOCK|BYTES|HEADER)/);
    }
    expect(blockCodec.encode(blockCodec.decode(Uint8Array.of(...bytes, 9)))).toEqual(Uint8Array.of(...bytes, 9));
  });

  it('with any byte changed is refused or is another block in its only form', () => {
    const bytes = blockCodec.encode(block);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] as number) ^ change;
        const read = refusal(() => blockCodec.decode(damaged));
        if (typeof read === 'object' && read !== null && 'header' in read) expect(blockCodec.encode(read as Block)).toEqual(damaged);
        else expect((read as { code: string }).code).toMatch(/^PROTOCOL_(BLOCK|BYTES|HEADER)/);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, () => Uint8Array]>([
    ['more bytes than any block', () => new Uint8Array(BLOCK_ENCODED_BYTES_MAX + 1)],
    ['a transaction too long', () => blockCodec.encode({ ...block, transactions: [new Uint8Array(RAW_TRANSACTION_BYTES_MAX + 1)] })],
    ['evidence too long', () => blockCodec.encode({ ...block, evidence: [new Uint8Array(EVIDENCE_BYTES_MAX + 1)] })],
    [
      'too much evidence',
      () => blockCodec.encode({ ...block, evidence: Array.from({ length: LIMITS.blockEvidenceMax + 1 }, () => filled(1, 1)) }),
    ],
    [
      'too many transactions',
      () => blockCodec.encode({ ...block, transactions: Array.from({ length: LIMITS.blockTransactionsMax + 1 }, () => filled(1, 1)) }),
    ],
    [
      'transactions that are too long together',
      () => blockCodec.encode({ ...block, transactions: Array.from({ length: 1100 }, () => filled(4000, 1)) }),
    ],
  ])('with %s is neither written nor read', (_name, make) => {
    expect(() => blockCodec.decode(make())).toThrow();
  });
});

describe('roots of a block', () => {
  const transactions = [1, 2, 3].map((each) => ({ id: filled(32, each), bytes: Uint8Array.of(each, each) }));

  it('commit to ids and to full bytes of transactions', () => {
    const leaves = transactions.map(({ id, bytes }) => hashPair(cryptography, id, byteStringRoot(cryptography, bytes)));
    expect(transactionLeaves(cryptography, transactions)).toEqual(Uint8Array.from(leaves.flatMap((leaf) => [...leaf])));
    const root = transactionsRoot(cryptography, transactions).join();
    const changed = [
      transactions.map((each, index) => (index === 1 ? { ...each, id: filled(32, 9) } : each)),
      transactions.map((each, index) => (index === 1 ? { ...each, bytes: Uint8Array.of(2) } : each)),
      [...transactions].reverse(),
      transactions.slice(1),
    ].map((each) => transactionsRoot(cryptography, each).join());
    expect(changed).not.toContain(root);
  });

  it('of evidence are those of its bytes', () => {
    expect(evidenceRoot(cryptography, [Uint8Array.of(1)])).toEqual(listRoot(cryptography, byteStringRoot(cryptography, Uint8Array.of(1))));
  });
});
