import { type ConsensusProposal, equalBytes, type Vote } from '@mutual-chain/protocol';
import { isSameValue } from '../votes/vote-tally.ts';

/*
 * Messages of one validator at one height are compared by what they say. A validator can make any number of signatures over the same
 * words, so a signature is no identity.
 */

/** Whether two votes of a validator say the same. */
export function isSameVote(left: Vote, right: Vote): boolean {
  return left.kind === right.kind && left.round === right.round && isSameValue(left.blockHash, right.blockHash);
}

/** Whether two proposals of a validator say the same. */
export function isSameProposal(left: ConsensusProposal, right: ConsensusProposal): boolean {
  return left.round === right.round && left.validRound === right.validRound && equalBytes(left.blockHash, right.blockHash);
}
