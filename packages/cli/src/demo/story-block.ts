import type { StateStore } from '@mutual-chain/node';
import {
  assertInvariant,
  type BlockHeader,
  blockCodec,
  blockHash,
  type LedgerRecord,
  proposerAt,
  RESULT_CODE_MEANINGS,
  type Receipt,
  type ResultCode,
  type TransactionVerification,
  type VerifiedTransaction,
  verifyTransactionJson,
} from '@mutual-chain/protocol';
import { applyBlock, buildBlock, DEFAULT_BLOCK_LIMITS, StateOverlay, validatorSetTable } from '@mutual-chain/state-machine';
import type { ChainIdentity } from '../chain/chain-identity.ts';
import { cliError } from '../errors.ts';
import type { StoryBlock, StoryTransaction } from './story-files.ts';

/** What became of one transaction of the story. */
export type StoryOutcome = {
  readonly planned: StoryTransaction;
  /** Undefined when its signature does not hold. */
  readonly transaction: VerifiedTransaction | undefined;
  readonly code: ResultCode | 'NO_ROOM';
  /** Undefined when no block took it. */
  readonly receipt: Receipt | undefined;
  readonly records: readonly LedgerRecord[];
};

/** Sender and type of a transaction, as `alice Transfer`; the type alone where the signature does not say whose it is. */
export function titleOf({ planned, transaction }: StoryOutcome, nameOf: (address: Uint8Array) => string): string {
  if (transaction !== undefined) return `${nameOf(transaction.message.from)} ${transaction.type}`;
  return (planned.transaction as { readonly type?: string }).type ?? 'transaction';
}

/** Why a transaction came out as it did, in a sentence. */
export function meaningOf(code: StoryOutcome['code']): string {
  return code === 'NO_ROOM' ? 'The block is full.' : RESULT_CODE_MEANINGS[code];
}

/** What became of one block of the story. */
export type BuiltStoryBlock = {
  readonly header: BlockHeader;
  /** Of all transactions that were planned for it, in their order. */
  readonly outcomes: readonly StoryOutcome[];
  readonly records: readonly LedgerRecord[];
};

/**
 * Builds the next block of the story, applies the built block again as any other validator would, and commits it.
 *
 * Signatures are checked first; what fails there never becomes a candidate.
 */
export async function addStoryBlock(
  chain: ChainIdentity,
  store: StateStore,
  block: StoryBlock,
  planned: readonly StoryTransaction[],
): Promise<BuiltStoryBlock> {
  const { cryptography } = chain.context;
  const verified = planned.map(({ transaction }) => verifyTransactionJson(cryptography, chain.typedData, transaction));
  const candidates = verified.flatMap((each) => (each.ok ? [each.transaction] : []));

  const parentHash = store.tip?.blockHash;
  const set = new StateOverlay(store.view).get(validatorSetTable, undefined);
  assertInvariant(parentHash !== undefined && set !== undefined, 'an open chain has genesis');
  const proposer = proposerAt(set, 0).address;
  const setting = { timestampMs: block.timestampMs, proposer, parentHash, evidence: [] };
  const built = buildBlock(store.view, candidates, chain.context, setting, DEFAULT_BLOCK_LIMITS);
  store.view.drop(built.preview);

  const proposal = { header: built.header, transactions: built.transactions, evidence: [] };
  const outcome = applyBlock(store.view, proposal, chain.context, parentHash);
  if (!outcome.ok) throw cliError('CLI_STORY_INVALID', `Block ${block.height} that was just built is refused: ${outcome.code}.`, { block });
  const { header, receipts, records, preview } = outcome;
  const bytes = blockCodec.encode({ header, transactions: built.transactions.map((each) => each.bytes), evidence: [] });
  await store.commitHeight({ height: header.height, blockHash: blockHash(cryptography, header), preview, block: bytes });

  const skipped = new Map(built.skipped.flatMap((each) => (each.kind === 'transaction' ? [[candidates[each.index], each.code]] : [])));
  const receiptOf = new Map(built.transactions.map((transaction, index) => [transaction, receipts[index]]));
  const outcomes = planned.map((each, index): StoryOutcome => {
    const verification = verified[index] as TransactionVerification;
    if (!verification.ok) return { planned: each, transaction: undefined, code: verification.code, receipt: undefined, records: [] };
    const { transaction } = verification;
    const receipt = receiptOf.get(transaction);
    if (receipt === undefined) {
      return { planned: each, transaction, code: skipped.get(transaction) ?? 'NO_ROOM', receipt: undefined, records: [] };
    }
    const own = records.slice(receipt.firstRecord, receipt.firstRecord + receipt.records);
    return { planned: each, transaction, code: receipt.code, receipt, records: own };
  });
  return { header, outcomes, records };
}
