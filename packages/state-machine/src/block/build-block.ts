import { type Evidence, LIMITS, type ResultCode, type VerifiedTransaction } from '@mutual-chain/protocol';
import type { StateView } from '../view/state-view.ts';
import { admissibleEvidence, type SkippedEvidence } from './admissible-evidence.ts';
import { type BlockEffect, type BlockSetting, BlockTransition } from './block-transition.ts';
import type { ChainContext } from './execution.ts';

/** How much a proposer puts into a block at most; never above what the parameters allow. */
export type BlockLimits = { readonly transactionsMax: number; readonly bytesMax: number };

/** A candidate that was left out: its position among the candidates, and a code of inclusion or that the block has no room. */
export type SkippedTransaction = { readonly kind: 'transaction'; readonly index: number; readonly code: ResultCode | 'NO_ROOM' };

/** A built block with its effect, ready to be proposed: it is executed once, while it is built. */
export type BuiltBlock = BlockEffect & {
  readonly transactions: readonly VerifiedTransaction[];
  /** Of the evidence offered, what the block has. */
  readonly evidence: readonly Evidence[];
  /** What was left out: first evidence, then transactions, each in its order. */
  readonly skipped: readonly (SkippedTransaction | SkippedEvidence)[];
};

/**
 * Builds a block from candidates in their order, on the same transition that checks blocks. Candidates that cannot stand are skipped, and so
 * is evidence: a block is never invalid for what its proposer was offered.
 */
export function buildBlock(
  view: StateView,
  candidates: Iterable<VerifiedTransaction>,
  chain: ChainContext,
  setting: BlockSetting,
  limits: BlockLimits,
): BuiltBlock {
  const { evidence, skipped: skippedEvidence } = admissibleEvidence(view, chain, setting.evidence);
  const transition = new BlockTransition(view, chain, { ...setting, evidence });
  const { blockTransactionsMax, blockBytesMax } = transition.parameters;
  const transactionsMax = Math.min(limits.transactionsMax, blockTransactionsMax);
  const bytesMax = Math.min(limits.bytesMax, blockBytesMax);
  const transactions: VerifiedTransaction[] = [];
  const skipped: SkippedTransaction[] = [];
  let bytes = 0;
  let index = 0;
  for (const candidate of candidates) {
    const full = transactions.length >= transactionsMax || bytes + candidate.bytes.length > bytesMax || !transition.hasRecordRoom;
    const code = full ? 'NO_ROOM' : transition.addTransaction(candidate);
    if (code === 'OK') {
      transactions.push(candidate);
      bytes += candidate.bytes.length;
    } else skipped.push({ kind: 'transaction', index, code });
    index++;
  }
  return { ...transition.finish(), transactions, evidence, skipped: [...skippedEvidence, ...skipped] };
}

/** The limits a proposer uses when its operator sets none. */
export const DEFAULT_BLOCK_LIMITS: BlockLimits = { transactionsMax: LIMITS.blockTransactionsMax, bytesMax: LIMITS.blockBytesMax };
