import { type Address, type BlockHash, equalBytes } from '@mutual-chain/protocol';
import type { ConsensusState } from '../consensus-state.ts';
import { missingBodies } from './bodies.ts';

/** Whether a body that is not here is of use: proposed in this round or the next by its proposer, with a quorum behind it, or final. */
export function wantsBody({ current }: ConsensusState, blockHash: BlockHash): boolean {
  return current !== undefined && missingBodies(current).some((each) => equalBytes(each, blockHash));
}

/** Whether there is any body that is of use; if not, none has to be hashed. */
export function wantsAnyBody({ current }: ConsensusState): boolean {
  return current !== undefined && missingBodies(current).length > 0;
}

/** Whether this validator is known to have proposed this block for round 0 of the next height. */
export function isProposedNext({ early }: ConsensusState, proposer: Address, blockHash: BlockHash): boolean {
  return early.some(
    (message) =>
      message.type === 'proposalReceived' &&
      message.proposal.round === 0 &&
      equalBytes(message.proposal.proposer, proposer) &&
      equalBytes(message.proposal.blockHash, blockHash),
  );
}
