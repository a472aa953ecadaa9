import type { ResultCode, UnsignedTransaction, ValidatorSet } from '@mutual-chain/protocol';
import type { ChainContext } from '../../block/execution.ts';
import { executionAtTip } from '../../block/simulate-transaction.ts';
import { validatorSetTable } from '../../state/tables.ts';
import type { StateChange, StateView } from '../../view/state-view.ts';
import type { ProposalType } from './change.ts';
import { previewValidatorChange, setBefore } from './change-validator.ts';
import { changeOfType } from './changes.ts';
import { currentValidators } from './proposal-rules.ts';
import type { QuorumVerdict } from './quorum-guard.ts';

/** What a proposal would do, to be looked at before anyone votes. */
export type ProposalSimulation = {
  /** OK, or why the change is refused. */
  readonly code: ResultCode;
  /** Entries of the state that would differ, encoded; empty when refused. */
  readonly changes: readonly StateChange[];
  /** For changes of validators: the set it meets, the set it makes, and what that does to the tolerance of faults. */
  readonly validators: { readonly before: ValidatorSet; readonly after: ValidatorSet; readonly verdict: QuorumVerdict } | undefined;
};

/**
 * Checks and applies a proposed change on a copy of the tip's state and shows the exact difference. A change of validators is applied to the
 * set it will meet, in which changes accepted before count as made. Nothing is kept.
 */
export function simulateProposal(view: StateView, chain: ChainContext, proposal: UnsignedTransaction<ProposalType>): ProposalSimulation {
  const execution = executionAtTip(view, chain);
  const change = changeOfType(proposal.type);
  if (change === undefined) return { code: 'INVALID_FIELD', changes: [], validators: undefined };
  const code = change.check(execution, proposal.message as never, 'proposed');
  if (code !== 'OK' && code !== 'QUORUM_GUARD') return { code, changes: [], validators: undefined };
  const isValidator = proposal.type === 'ProposeValidator' || proposal.type === 'ProposeValidatorUnguarded';
  const verdict = isValidator ? previewValidatorChange(execution, proposal.message, 'proposed') : undefined;
  const before = setBefore(execution, 'proposed');
  if (isValidator) execution.state.set(validatorSetTable, undefined, before);
  change.apply(execution, proposal.message as never);
  const validators = verdict === undefined ? undefined : { before, after: currentValidators(execution), verdict };
  return { code, changes: code === 'OK' ? execution.state.changes() : [], validators };
}
