import type { TransactionId } from '@mutual-chain/protocol';
import { SCHEDULE_KINDS } from '../../state/schedule.ts';
import { proposalTable } from '../../state/tables.ts';
import type { LedgerModule, ScheduledWork } from '../module.ts';
import { CHANGES } from './changes.ts';
import { proposals, validators } from './governance-invariants.ts';
import { castVote, checkVote, closeProposal, proposing, statusNumber } from './proposal-rules.ts';

/** A proposal nobody decided by its deadline lapses. */
const expireProposal: ScheduledWork = (execution, { id }) => {
  const proposal = execution.state.get(proposalTable, id);
  if (proposal?.status === statusNumber('OPEN')) closeProposal(execution, id as TransactionId, proposal, 'EXPIRED');
};

/** How the consortium changes its own rules and members. */
export const governanceModule: LedgerModule = {
  name: 'governance',
  operations: {
    ProposeValidator: proposing(CHANGES.ProposeValidator),
    ProposeValidatorUnguarded: proposing(CHANGES.ProposeValidatorUnguarded),
    ProposePeer: proposing(CHANGES.ProposePeer),
    ProposeFreeze: proposing(CHANGES.ProposeFreeze),
    ProposeAsset: proposing(CHANGES.ProposeAsset),
    ProposeUpgrade: proposing(CHANGES.ProposeUpgrade),
    ProposeParameter: proposing(CHANGES.ProposeParameter),
    ProposeRole: proposing(CHANGES.ProposeRole),
    ProposeRelease: proposing(CHANGES.ProposeRelease),
    CastVote: { check: checkVote, execute: castVote },
  },
  scheduledWork: { [SCHEDULE_KINDS.proposalDeadline]: expireProposal },
  invariants: [validators, proposals],
};
