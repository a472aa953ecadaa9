import { PROPOSAL_STATUSES, type ProposalStatus } from '@mutual-chain/protocol';
import { proposalTable } from '../../src/index.ts';
import type { ProposalType } from '../../src/modules/governance/change.ts';
import type { OwnFields, TestChain, TestRun } from './test-chain.ts';

/** Operators of test chains, each with a quarter of the power. */
export const OPERATORS = ['operator0', 'operator1', 'operator2', 'operator3'] as const;

/** Votes of operators on a proposal, all in one block; returns their codes. */
export function vote(chain: TestChain, proposal: Uint8Array, names: readonly string[], approve = true): readonly string[] {
  const votes = names.map((name) => chain.transaction(name, 'CastVote', { proposal: proposal as never, approve }));
  return chain.block(votes).receipts.map(({ code }) => code);
}

/** Proposes a change and accepts it with the votes of all four operators; it is in force two blocks after the votes' block. */
export function accept<Type extends ProposalType>(chain: TestChain, type: Type, fields: OwnFields<Type>): TestRun {
  const proposal = chain.run('operator0', type, fields);
  if (proposal.code !== 'OK') throw new Error(`proposal refused: ${proposal.code}`);
  vote(chain, proposal.id, OPERATORS);
  return proposal;
}

/** Proposes, accepts and waits until the change is in force. */
export function enact<Type extends ProposalType>(chain: TestChain, type: Type, fields: OwnFields<Type>): TestRun {
  const proposal = accept(chain, type, fields);
  chain.wait(1);
  return proposal;
}

/** Status of a proposal by name. */
export function statusOf(chain: TestChain, proposal: Uint8Array): ProposalStatus | undefined {
  const found = chain.read(proposalTable, proposal);
  return found === undefined ? undefined : PROPOSAL_STATUSES[found.status];
}
