import { assertInvariant, type Bytes32, decodeTransaction, type Proposal, type SignedTransaction } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { proposalTable } from '../../state/tables.ts';

/** The stored proposal with this id. */
export function knownProposal(execution: Execution, id: Bytes32): Proposal {
  const proposal = execution.state.get(proposalTable, id);
  assertInvariant(proposal !== undefined, 'a pending change has its proposal');
  return proposal;
}

/** The transaction that proposed a change; its message is the change. */
export function changeOf(proposal: Proposal): SignedTransaction {
  return decodeTransaction(proposal.change);
}
