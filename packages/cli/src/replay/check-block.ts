import {
  type Block,
  type BlockHash,
  blockCodec,
  ChainError,
  type Evidence,
  equalBytes,
  evidenceCodec,
  type VerifiedTransaction,
  verifyTransaction,
} from '@mutual-chain/protocol';
import { applyBlock, BLOCK_REJECTIONS, type BlockEffect, type BlockRejection, type StateView } from '@mutual-chain/state-machine';
import type { ChainIdentity } from '../chain/chain-identity.ts';
import type { Difference, ReplayDifferenceCode } from './difference.ts';

/** A block that holds, with its effect on the state; or what is wrong with it. */
export type CheckedBlock =
  | { readonly ok: true; readonly block: Block; readonly transactions: readonly VerifiedTransaction[]; readonly effect: BlockEffect }
  | { readonly ok: false; readonly difference: Difference };

/** Checks a block from its bytes: decodes it, verifies every signature, executes it and compares all that its header claims. */
export function checkBlock(chain: ChainIdentity, view: StateView, parentHash: BlockHash, height: number, bytes: Uint8Array): CheckedBlock {
  const differs = (field: string, code: string, message: string): CheckedBlock => {
    return { ok: false, difference: { height, field, code, message } };
  };
  const block = decoded(() => blockCodec.decode(bytes));
  if (block instanceof ChainError) return differs('block', block.code, block.message);
  if (!equalBytes(blockCodec.encode(block), bytes)) {
    return differs(
      'block',
      'CLI_BLOCK_NOT_CANONICAL' satisfies ReplayDifferenceCode,
      'The bytes of the block are not the ones that its contents have.',
    );
  }

  const transactions: VerifiedTransaction[] = [];
  for (const [index, raw] of block.transactions.entries()) {
    const verification = decoded(() => verifyTransaction(chain.context.cryptography, chain.typedData, raw));
    const field = `transactions.${index}`;
    if (verification instanceof ChainError) return differs(field, verification.code, verification.message);
    if (!verification.ok) return differs(field, verification.code, 'The transaction is not signed by its sender for this chain.');
    transactions.push(verification.transaction);
  }
  const evidence: Evidence[] = [];
  for (const [index, raw] of block.evidence.entries()) {
    const item = decoded(() => evidenceCodec.decode(raw));
    if (item instanceof ChainError) return differs(`evidence.${index}`, item.code, item.message);
    evidence.push(item);
  }

  const outcome = applyBlock(view, { header: block.header, transactions, evidence }, chain.context, parentHash);
  if (outcome.ok) return { ok: true, block, transactions, effect: outcome };
  const { code, index, result } = outcome;
  const field =
    FIELDS[code] ?? (index === undefined ? 'block' : code === 'EVIDENCE_NOT_ADMISSIBLE' ? `evidence.${index}` : `transactions.${index}`);
  return differs(field, result ?? code, BLOCK_REJECTIONS[code]);
}

/** Fields of the header by the rejection that names them. */
const FIELDS: Partial<Record<BlockRejection, string>> = {
  PROTOCOL_VERSION_WRONG: 'header.protocolVersion',
  CHAIN_ID_WRONG: 'header.chainId',
  HEIGHT_WRONG: 'header.height',
  TIMESTAMP_NOT_AFTER_PARENT: 'header.timestampMs',
  PARENT_HASH_WRONG: 'header.parentHash',
  PROPOSER_UNKNOWN: 'header.proposer',
  TRANSACTIONS_ROOT_WRONG: 'header.transactionsRoot',
  EVIDENCE_ROOT_WRONG: 'header.evidenceRoot',
  VALIDATORS_HASH_WRONG: 'header.validatorsHash',
  NEXT_VALIDATORS_HASH_WRONG: 'header.nextValidatorsHash',
  PARAMETERS_HASH_WRONG: 'header.parametersHash',
  RECORDS_ROOT_WRONG: 'header.recordsRoot',
  RECEIPTS_ROOT_WRONG: 'header.receiptsRoot',
  STATE_ROOT_WRONG: 'header.stateRoot',
};

/** The result, or the error with which bytes do not decode. */
function decoded<Result>(decode: () => Result): Result | ChainError {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ChainError) return error;
    throw error;
  }
}
