import type { MerkleRoot, TransactionId } from '../bytes/branded.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { byteStringRoots } from '../merkle/byte-string-roots.ts';
import { listRoot } from '../merkle/list-root.ts';
import { byteList, type Codec, containerCodec, listOfItems } from '../ssz/codec.ts';
import { decodeAs, type Expectation } from '../ssz/decode-as.ts';
import { RAW_TRANSACTION_BYTES_MAX } from '../transaction/transaction-codec.ts';
import { type BlockHeader, HEADER_BYTES, headerCodec } from './header.ts';

/** A block as it travels and is stored: header, transactions as their raw bytes, evidence as its bytes. */
export type Block = {
  readonly header: BlockHeader;
  readonly transactions: readonly Uint8Array[];
  readonly evidence: readonly Uint8Array[];
};

/** Most bytes of one piece of evidence: two signed proposals with their parts. */
export const EVIDENCE_BYTES_MAX = 1024;

const rowCodec = containerCodec({
  header: byteList(HEADER_BYTES),
  transactions: listOfItems(byteList(RAW_TRANSACTION_BYTES_MAX), LIMITS.blockTransactionsMax),
  evidence: listOfItems(byteList(EVIDENCE_BYTES_MAX), LIMITS.blockEvidenceMax),
});

/** Longest canonical form of a block: what its transactions may have, and what frames and evidence add. */
export const BLOCK_ENCODED_BYTES_MAX: number =
  LIMITS.blockBytesMax + LIMITS.blockTransactionsMax * 4 + LIMITS.blockEvidenceMax * (EVIDENCE_BYTES_MAX + 4) + HEADER_BYTES + 64;

const EXPECTED: Expectation = { code: 'PROTOCOL_BLOCK_BYTES_INVALID', name: 'a block', remedy: 'fetch it again, or from another peer' };

/**
 * Canonical bytes of a block. Errors of decode: `PROTOCOL_BLOCK_BYTES_INVALID` naming field and limit, or `PROTOCOL_HEADER_BYTES_INVALID`;
 * nothing is allocated beyond the input.
 */
export const blockCodec: Codec<Block> = {
  encode: (block) => rowCodec.encode({ ...block, header: headerCodec.encode(block.header) }),
  decode: (bytes) => {
    if (bytes.length > BLOCK_ENCODED_BYTES_MAX) throw tooLarge('block', BLOCK_ENCODED_BYTES_MAX, bytes.length);
    const row = decodeAs(EXPECTED, rowCodec, bytes);
    const body = row.transactions.reduce((sum, each) => sum + each.length, 0);
    if (body > LIMITS.blockBytesMax) throw tooLarge('transactions', LIMITS.blockBytesMax, body);
    return { header: headerCodec.decode(row.header), transactions: row.transactions, evidence: row.evidence };
  },
};

function tooLarge(field: string, limit: number, length: number): Error {
  return protocolError(EXPECTED.code, `${field} has ${length} bytes, at most ${limit} are allowed`, {
    field,
    limit,
    length,
  });
}

/** Leaves of the transactions root: SHA-256(id ‖ chunked root of the raw bytes), so that it commits to ids and to full bytes. */
export function transactionLeaves(
  cryptography: Pick<Cryptography, 'sha256Pairs'>,
  transactions: readonly { readonly id: TransactionId; readonly bytes: Uint8Array }[],
): Uint8Array {
  const roots = byteStringRoots(
    cryptography,
    transactions.map(({ bytes }) => bytes),
  );
  const blocks = new Uint8Array(transactions.length * 64);
  for (const [index, { id }] of transactions.entries()) {
    blocks.set(id, index * 64);
    blocks.set(roots.subarray(index * 32, (index + 1) * 32), index * 64 + 32);
  }
  const leaves = new Uint8Array(transactions.length * 32);
  cryptography.sha256Pairs(blocks, leaves);
  return leaves;
}

/** Merkle root over a block's transactions in order. */
export function transactionsRoot(
  cryptography: Pick<Cryptography, 'sha256Pairs'>,
  transactions: readonly { readonly id: TransactionId; readonly bytes: Uint8Array }[],
): MerkleRoot {
  return listRoot(cryptography, transactionLeaves(cryptography, transactions));
}

/** Merkle root over a block's pieces of evidence in order. */
export function evidenceRoot(cryptography: Pick<Cryptography, 'sha256Pairs'>, evidence: readonly Uint8Array[]): MerkleRoot {
  return listRoot(cryptography, byteStringRoots(cryptography, evidence));
}
