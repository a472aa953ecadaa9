import { compareBytes, equalBytes, STATE_NAMESPACES, type ValidatorSet } from '@mutual-chain/protocol';
import type { AuditedState } from '../../audit/audited-state.ts';
import { nameOfEntry } from '../../audit/entry-name.ts';
import { SCHEDULE_KINDS, scheduledItem, scheduleKey } from '../../state/schedule.ts';
import { proposalTable, validatorHistoryTable, validatorSetTable } from '../../state/tables.ts';
import { stateKeyToBytes } from '../../view/state-key.ts';
import type { Invariant } from '../module.ts';
import { statusNumber } from './proposal-rules.ts';

/** There is a validator; validators stand in order of their addresses, each once and with power; the history ends with them. */
export const validators: Invariant = {
  name: 'validators',
  violations: (state) => {
    const set = state.get(validatorSetTable, undefined) ?? { validators: [] };
    const violations: string[] = [];
    if (set.validators.length === 0) violations.push('validator set: empty');
    set.validators.forEach((validator, index) => {
      const before = set.validators[index - 1];
      if (validator.power < 1n) violations.push(`validator set: number ${index} has no power`);
      if (before !== undefined && compareBytes(before.address, validator.address) >= 0)
        violations.push(`validator set: number ${index} is out of order`);
    });
    const newest = state.get(validatorHistoryTable, state.status.validatorsSince);
    if (newest === undefined || !hasSameMembers(newest.set, set))
      violations.push('validator history: its newest entry is not the set in force');
    return violations;
  },
};

/** Changes wait for their heights in order and were accepted; open proposals, and nothing else, have a deadline scheduled. */
export const proposals: Invariant = {
  name: 'proposals',
  violations: (state) => [...waitingChanges(state), ...deadlines(state)],
};

function waitingChanges(state: AuditedState): readonly string[] {
  const violations: string[] = [];
  const { pending, removals, height } = state.status;
  pending.forEach(({ activationHeight, proposal }, index) => {
    const name = nameOfEntry(proposalTable.keyOf(proposal));
    if (state.get(proposalTable, proposal)?.status !== statusNumber('ACCEPTED'))
      violations.push(`${name}: waits for its height and is not accepted`);
    if (activationHeight < (pending[index - 1]?.activationHeight ?? 0)) violations.push(`${name}: waits out of order`);
  });
  for (const { activationHeight } of [...pending, ...removals]) {
    if (activationHeight <= height + 1)
      violations.push(`chain status: a change of height ${activationHeight} is not in force at ${height + 1}`);
  }
  return violations;
}

function deadlines(state: AuditedState): readonly string[] {
  const violations: string[] = [];
  for (const { key, value: proposal } of state.rows(STATE_NAMESPACES.proposal, proposalTable)) {
    const id = stateKeyToBytes(key).subarray(1);
    const scheduled = state.has(scheduleKey({ dueSec: proposal.deadlineSec, kind: SCHEDULE_KINDS.proposalDeadline, id }));
    if (scheduled !== (proposal.status === statusNumber('OPEN')))
      violations.push(`${nameOfEntry(key)}: its deadline is ${scheduled ? 'still' : 'not'} scheduled`);
  }
  for (const key of state.keys(STATE_NAMESPACES.schedule)) {
    const { kind, id, dueSec } = scheduledItem(key);
    if (kind !== SCHEDULE_KINDS.proposalDeadline) continue;
    if (state.get(proposalTable, id)?.deadlineSec !== dueSec)
      violations.push(`${nameOfEntry(key)}: there is no proposal with that deadline`);
  }
  return violations;
}

function hasSameMembers(left: ValidatorSet, right: ValidatorSet): boolean {
  return (
    left.validators.length === right.validators.length &&
    left.validators.every((each, index) => {
      const other = right.validators[index];
      return other !== undefined && equalBytes(each.publicKey, other.publicKey) && each.power === other.power;
    })
  );
}
