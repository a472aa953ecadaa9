import { assertInvariant, type LedgerRecord, type Receipt, type ResultCode, type VerifiedTransaction } from '@mutual-chain/protocol';
import { ZERO_ADDRESS, ZERO_ID } from '../ledger/known-addresses.ts';
import { operationOf } from '../modules/registry.ts';
import { StateOverlay } from '../state/state-overlay.ts';
import { chainStatusTable, parametersTable } from '../state/tables.ts';
import type { StateView } from '../view/state-view.ts';
import { executeTransaction } from './execute-transaction.ts';
import type { ChainContext, Execution } from './execution.ts';
import { checkFee, feeDue } from './fees.ts';
import { checkInclusion, checkUsable } from './inclusion.ts';

/** Codes for which admission refuses a transaction before it reaches the mempool, besides those of window, nonce and fee. */
const REFUSED_AT_ADMISSION: readonly ResultCode[] = ['NOT_PERMITTED', 'LEVEL_TOO_LOW', 'FROZEN'];

/** What a transaction would do in a block right after the tip. */
export type Simulation = { readonly receipt: Receipt; readonly records: readonly LedgerRecord[] };

/** Executes a transaction as of the tip and keeps nothing. A transaction that could not stand in a block gets that code and no fee. */
export function simulateTransaction(view: StateView, chain: ChainContext, transaction: VerifiedTransaction): Simulation {
  const execution = executionAtTip(view, chain);
  const due = feeDue(execution, transaction);
  const code = checkInclusion(execution, transaction, due);
  if (code !== 'OK') {
    return { receipt: { code, feePaid: 0n, feePayer: due.payer, firstRecord: 0, records: 0 }, records: [] };
  }
  const receipt = executeTransaction(execution, transaction, 0, due);
  return { receipt, records: execution.records };
}

/**
 * Whether a node admits a transaction to its mempool: time window, nonce not used, fee, and, as of the tip, permission, level and freeze.
 * `NONCE_TOO_HIGH` is the mempool's to judge, which knows what is pending. Everything else is decided in the block.
 *
 * @param state - Overlay of the view that nothing was written to. Whoever checks many transactions as of one tip gives the same one, so that
 * what they have in common is decoded once.
 */
export function checkAdmission(
  view: StateView,
  chain: ChainContext,
  transaction: VerifiedTransaction,
  state: StateOverlay = new StateOverlay(view),
): ResultCode {
  const execution = executionAtTip(view, chain, state);
  const usable = checkUsable(execution, transaction);
  const code = usable === 'OK' ? checkFee(execution, transaction, feeDue(execution, transaction)) : usable;
  if (code !== 'OK') return code;
  execution.transactionId = transaction.id;
  execution.actor = transaction.message.from;
  const operation = operationOf(transaction.type);
  assertInvariant(operation !== undefined, `transaction type ${transaction.type} has an operation`);
  const verdict = operation.check(execution, transaction.message, transaction);
  return REFUSED_AT_ADMISSION.includes(verdict) ? verdict : 'OK';
}

/** An execution right after the tip, at the tip's time, on an overlay that is thrown away. */
export function executionAtTip(view: StateView, chain: ChainContext, state: StateOverlay = new StateOverlay(view)): Execution {
  const status = state.get(chainStatusTable, undefined);
  const parameters = state.get(parametersTable, undefined);
  assertInvariant(status !== undefined && parameters !== undefined, 'the state begins with genesis');
  return {
    chain,
    state,
    parameters,
    height: status.height + 1,
    nowSec: Math.floor(status.timestampMs / 1000),
    records: [],
    feePot: 0n,
    transactionId: ZERO_ID,
    transactionIndex: 0,
    actor: ZERO_ADDRESS,
  };
}
