import {
  type Block,
  type BlockHash,
  blockCodec,
  blockHash,
  ChainError,
  type Cryptography,
  decodeTransaction,
  equalBytes,
  evidenceRoot,
  signedBytesOf,
  type TransactionId,
  transactionsRoot,
} from '@mutual-chain/protocol';

/** A block whose header commits to what it carries. */
export type ConsistentBlock = { readonly block: Block; readonly blockHash: BlockHash; readonly transactionIds: readonly TransactionId[] };

/**
 * Reads a body and checks that its header's roots are those of its transactions and evidence; undefined when they are not, or when the
 * bytes are no block.
 *
 * The name of a block is the hash of its header alone. Without this check a wrong body under a good header would spoil that name.
 */
export function inspectBody(cryptography: Cryptography, body: Uint8Array): ConsistentBlock | undefined {
  const decoded = decodeBody(cryptography, body);
  if (decoded === undefined) return undefined;
  const { block, transactionIds } = decoded;
  const transactions = block.transactions.map((bytes, index) => ({ id: transactionIds[index] as TransactionId, bytes }));
  if (!equalBytes(transactionsRoot(cryptography, transactions), block.header.transactionsRoot)) return undefined;
  if (!equalBytes(evidenceRoot(cryptography, block.evidence), block.header.evidenceRoot)) return undefined;
  return { block, transactionIds, blockHash: blockHash(cryptography, block.header) };
}

function decodeBody(
  cryptography: Cryptography,
  body: Uint8Array,
): { readonly block: Block; readonly transactionIds: readonly TransactionId[] } | undefined {
  try {
    const block = blockCodec.decode(body);
    for (const raw of block.transactions) decodeTransaction(raw);
    const transactionIds = block.transactions.map((raw) => cryptography.sha256(signedBytesOf(raw)) as TransactionId);
    return { block, transactionIds };
  } catch (error) {
    if (error instanceof ChainError) return undefined;
    throw error;
  }
}
