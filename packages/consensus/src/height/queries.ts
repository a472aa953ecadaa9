import { type BlockHash, equalBytes, type Vote } from '@mutual-chain/protocol';
import type { ConsensusState } from '../consensus-state.ts';
import { roundVotes } from '../votes/vote-keeper.ts';
import { votesFor } from '../votes/vote-tally.ts';
import { isBodyMissing } from './bodies.ts';
import { positionOf } from './height-state.ts';

/** Whether this vote is counted already, so that its signature need not be verified again. */
export function isKnownVote({ current }: ConsensusState, vote: Vote): boolean {
  if (current === undefined || vote.height !== current.height) return false;
  const position = positionOf(current.validators, vote.validator);
  const value = votesFor(roundVotes(current.keeper, vote.round)[vote.kind], vote.blockHash);
  return value?.votes.some((each) => each.position === position) ?? false;
}

/** Whether a body that is not here is of use: proposed in this round by its proposer, with a quorum behind it, or final. */
export function wantsBody({ current }: ConsensusState, blockHash: BlockHash): boolean {
  if (current === undefined) return false;
  return isBodyMissing(current, blockHash) || current.wantedBodies.some((each) => equalBytes(each, blockHash));
}
