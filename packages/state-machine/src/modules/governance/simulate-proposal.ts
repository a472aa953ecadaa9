import type { ResultCode, UnsignedTransaction } from '@mutual-chain/protocol';
import type { ChainContext } from '../../block/execution.ts';
import { executionAtTip } from '../../block/simulate-transaction.ts';
import { validatorSetTable } from '../../state/tables.ts';
import type { StateChange, StateView } from '../../view/state-view.ts';
import { PROPOSED, type ProposalType } from './change.ts';
import { previewValidatorChange, type ValidatorPreview } from './change-validator.ts';
import { changeOfType } from './changes.ts';
import { checkProposed } from './proposal-rules.ts';

/** What a proposal would do, to be looked at before anyone votes. */
export type ProposalSimulation = {
  /** OK, or why the change is refused. */
  readonly code: ResultCode;
  /** Entries of the state that would differ, encoded; empty when refused. */
  readonly changes: readonly StateChange[];
  /** For changes of validators: the sets before and from its height on, and what that does to the tolerance of faults. */
  readonly validators: ValidatorPreview | undefined;
};

/**
 * Checks and applies a proposed change on a copy of the tip's state and shows the exact difference. A change of validators is applied to the
 * set it will meet, in which what is accepted counts as made up to the height of the change. Nothing is kept.
 */
export function simulateProposal(view: StateView, chain: ChainContext, proposal: UnsignedTransaction<ProposalType>): ProposalSimulation {
  const execution = executionAtTip(view, chain);
  const change = changeOfType(proposal.type);
  if (change === undefined) return { code: 'INVALID_FIELD', changes: [], validators: undefined };
  const code = checkProposed(execution, change, proposal.message as never);
  if (code !== 'OK' && code !== 'QUORUM_GUARD') return { code, changes: [], validators: undefined };
  const isValidator = proposal.type === 'ProposeValidator' || proposal.type === 'ProposeValidatorUnguarded';
  const validators = isValidator ? previewValidatorChange(execution, proposal.message, PROPOSED) : undefined;
  if (validators === undefined) change.apply(execution, proposal.message as never);
  else execution.state.set(validatorSetTable, undefined, validators.after);
  return { code, changes: code === 'OK' ? execution.state.changes() : [], validators };
}
