import { equalBytes } from '@mutual-chain/protocol';
import type { HeightState, KeptProposal } from './height-state.ts';
import { proposerOf } from './proposer-turns.ts';

/**
 * The proposals of a round by the validator whose turn it is, in order of arrival: the only ones that can be voted for. The round is one up
 * to the one after the current one.
 */
export function turnProposals(state: HeightState, round: number): readonly KeptProposal[] {
  const ofRound = state.proposals.filter(({ proposal }) => proposal.round === round);
  if (ofRound.length === 0) return ofRound;
  const turn = proposerOf(state, round);
  return ofRound.filter(({ proposal }) => equalBytes(proposal.proposer, turn));
}
