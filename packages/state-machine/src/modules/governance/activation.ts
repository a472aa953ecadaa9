import { advanceHeight, assertInvariant, type Bytes32, equalBytes, type TransactionId, type ValidatorSet } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { chainStatusTable, proposalTable, validatorHistoryTable, validatorSetTable } from '../../state/tables.ts';
import type { ChangeMoment } from './change.ts';
import { changeOfType } from './changes.ts';
import { withoutAccused } from './evidence.ts';
import { changeOf, knownProposal } from './pending-changes.ts';
import { currentStatus, currentValidators, statusNumber } from './proposal-rules.ts';

/**
 * Ends a height: advances the proposer priorities by one step and puts in force what is due at the next height, in the order of activation
 * height and acceptance, then removes who has equivocated, unless changes since then have left too few for that. A change that has become
 * impossible meanwhile is marked FAILED and changes nothing.
 */
export function activateChanges(execution: Execution, validators: ValidatorSet): void {
  execution.state.set(validatorSetTable, undefined, advanceHeight(validators));
  const status = currentStatus(execution);
  const nextHeight = execution.height + 1;
  const isDue = ({ activationHeight }: { readonly activationHeight: number }): boolean => activationHeight <= nextHeight;
  const due = status.pending.filter(isDue);
  const removals = status.removals.filter(isDue);
  if (due.length === 0 && removals.length === 0) return;
  execution.state.set(chainStatusTable, undefined, {
    ...status,
    pending: status.pending.filter((each) => !isDue(each)),
    removals: status.removals.filter((each) => !isDue(each)),
  });
  const moment: ChangeMoment = { kind: 'applied', inForce: validators, leaving: removals.map(({ validator }) => validator) };
  for (const { proposal } of due) activate(execution, proposal, moment);
  const remaining = moment.leaving.reduce(withoutAccused, currentValidators(execution));
  execution.state.set(validatorSetTable, undefined, remaining);
  recordSet(execution, validators);
}

function activate(execution: Execution, id: Bytes32, moment: ChangeMoment): void {
  const proposal = knownProposal(execution, id);
  const { type, message } = changeOf(proposal);
  const change = changeOfType(type);
  assertInvariant(change !== undefined, 'an accepted proposal proposes a change');
  const possible = change.check(execution, message as never, moment) === 'OK';
  if (possible) change.apply(execution, message as never);
  const status = statusNumber(possible ? 'APPLIED' : 'FAILED');
  execution.state.set(proposalTable, id as Uint8Array as TransactionId, { ...proposal, status });
}

/** Adds the next height's set to the history when somebody joined, left or changed power. */
function recordSet(execution: Execution, before: ValidatorSet): void {
  const set = currentValidators(execution);
  const same =
    set.validators.length === before.validators.length &&
    set.validators.every((each, index) => {
      const known = before.validators[index];
      return known !== undefined && equalBytes(known.publicKey, each.publicKey) && known.power === each.power;
    });
  if (same) return;
  const status = currentStatus(execution);
  const since = execution.height + 1;
  execution.state.set(validatorHistoryTable, since, { set, previousSince: status.validatorsSince });
  execution.state.set(chainStatusTable, undefined, { ...status, validatorsSince: since });
}
