import { type BlockHash, type BlockHeader, equalBytes, LIMITS, type ResultCode } from '@mutual-chain/protocol';
import { checkEvidence } from '../modules/governance/evidence.ts';
import { StateOverlay } from '../state/state-overlay.ts';
import { chainStatusTable, parametersTable, validatorSetTable } from '../state/tables.ts';
import type { StateView } from '../view/state-view.ts';
import type { BlockRejection } from './block-rejection.ts';
import { type BlockEffect, BlockTransition } from './block-transition.ts';
import type { ExecutableBlock } from './executable-block.ts';
import type { ChainContext } from './execution.ts';

/** Result of checking a block against a state: its whole effect, or the first reason why it is not valid. */
export type BlockOutcome =
  | ({ readonly ok: true } & BlockEffect)
  | {
      readonly ok: false;
      readonly code: BlockRejection;
      /** Position of the offending transaction or evidence, where there is one. */
      readonly index?: number;
      /** Why that transaction cannot stand there. */
      readonly result?: ResultCode;
    };

/**
 * Executes a block on a state and compares everything its header claims. Pure: the view is only read, the effect is a value.
 *
 * @param parentHash hash of the block at the view's height
 */
export function applyBlock(view: StateView, block: ExecutableBlock, chain: ChainContext, parentHash: BlockHash): BlockOutcome {
  const refused = checkHeader(view, block, chain, parentHash);
  if (refused !== undefined) return refused;
  const { header } = block;
  const transition = new BlockTransition(view, chain, {
    timestampMs: header.timestampMs,
    proposer: header.proposer,
    parentHash,
    evidence: block.evidence,
  });
  for (const [index, transaction] of block.transactions.entries()) {
    if (!transition.hasRecordRoom) return { ok: false, code: 'BLOCK_TOO_LARGE', index };
    const result = transition.addTransaction(transaction);
    if (result !== 'OK') return { ok: false, code: 'TRANSACTION_NOT_INCLUDABLE', index, result };
  }
  const effect = transition.finish();
  const wrong = firstDifference(header, effect.header);
  if (wrong === undefined) return { ok: true, ...effect };
  view.drop(effect.preview);
  return { ok: false, code: wrong };
}

function checkHeader(
  view: StateView,
  block: ExecutableBlock,
  chain: ChainContext,
  parentHash: BlockHash,
): (BlockOutcome & { readonly ok: false }) | undefined {
  const { header } = block;
  const state = new StateOverlay(view);
  const status = state.get(chainStatusTable, undefined);
  const parameters = state.get(parametersTable, undefined);
  const set = state.get(validatorSetTable, undefined);
  const reject = (code: BlockRejection, index?: number) => ({ ok: false, code, ...(index === undefined ? {} : { index }) }) as const;
  if (status === undefined || parameters === undefined || set === undefined) return reject('HEIGHT_WRONG');
  if (header.protocolVersion !== status.protocolVersion) return reject('PROTOCOL_VERSION_WRONG');
  if (header.chainId !== chain.chainId) return reject('CHAIN_ID_WRONG');
  if (header.height !== status.height + 1) return reject('HEIGHT_WRONG');
  if (header.timestampMs <= status.timestampMs) return reject('TIMESTAMP_NOT_AFTER_PARENT');
  if (!equalBytes(header.parentHash, parentHash)) return reject('PARENT_HASH_WRONG');
  if (!set.validators.some((validator) => equalBytes(validator.address, header.proposer))) return reject('PROPOSER_UNKNOWN');
  const bytes = block.transactions.reduce((sum, transaction) => sum + transaction.bytes.length, 0);
  const tooLarge =
    block.transactions.length > parameters.blockTransactionsMax ||
    bytes > parameters.blockBytesMax ||
    block.evidence.length > LIMITS.blockEvidenceMax;
  if (tooLarge) return reject('BLOCK_TOO_LARGE');
  const inadmissible = checkEvidence(state, chain, parameters, header.height, block.evidence);
  return inadmissible === undefined ? undefined : reject('EVIDENCE_NOT_ADMISSIBLE', inadmissible);
}

const COMPARED: readonly (readonly [keyof BlockHeader & `${string}${'Root' | 'Hash'}`, BlockRejection])[] = [
  ['transactionsRoot', 'TRANSACTIONS_ROOT_WRONG'],
  ['evidenceRoot', 'EVIDENCE_ROOT_WRONG'],
  ['validatorsHash', 'VALIDATORS_HASH_WRONG'],
  ['nextValidatorsHash', 'NEXT_VALIDATORS_HASH_WRONG'],
  ['parametersHash', 'PARAMETERS_HASH_WRONG'],
  ['recordsRoot', 'RECORDS_ROOT_WRONG'],
  ['receiptsRoot', 'RECEIPTS_ROOT_WRONG'],
  ['stateRoot', 'STATE_ROOT_WRONG'],
];

function firstDifference(claimed: BlockHeader, executed: BlockHeader): BlockRejection | undefined {
  for (const [field, code] of COMPARED) if (!equalBytes(claimed[field], executed[field])) return code;
  return undefined;
}
