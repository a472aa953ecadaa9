import type { ConsensusProposal, Vote } from '@mutual-chain/protocol';
import type { ConsensusState } from '../consensus-state.ts';
import type { VerifiedProposal, VerifiedVote } from '../messages/verified.ts';
import type { Draft } from './draft.ts';
import { positionOf } from './height-state.ts';
import { keepHeightProposal, keepHeightVote } from './keep-messages.ts';
import { type EarlyMessage, heightOf, isOfNextHeight, keepEarly, signerOf } from './next-height.ts';
import { isOpen } from './run-rules.ts';

/*
 * Most of what a peer sends may be known, late or too much, and whoever repeats it needs no key. A signature costs far more than to ask
 * whether the message would change anything, so that is asked first, of the very functions that would change it. They work on a draft that
 * nobody else sees, which is why the message need not be verified yet.
 */

/**
 * Whether a vote would change anything if its signature were good. When not, `step` with it verified gives the same state and no effects.
 * A vote of the current height by no validator counts as one that would, so that verifying it, which costs nothing then, names the fault.
 */
export function wouldKeepVote(state: ConsensusState, vote: Vote): boolean {
  return wouldKeep(state, { type: 'voteReceived', vote: vote as VerifiedVote });
}

/** The same for a proposal. */
export function wouldKeepProposal(state: ConsensusState, proposal: ConsensusProposal): boolean {
  return wouldKeep(state, { type: 'proposalReceived', proposal: proposal as VerifiedProposal, receivedAtMs: 0 });
}

function wouldKeep(state: ConsensusState, message: EarlyMessage): boolean {
  const { current, early } = state;
  if (isOfNextHeight(current, message)) return keepEarly(early, message) !== early;
  if (current === undefined || heightOf(message) !== current.height || !isOpen(current)) return false;
  if (positionOf(current.validators, signerOf(message)) === -1) return true;
  const draft: Draft = { state: current, effects: [], isOvertaken: false };
  if (message.type === 'voteReceived') keepHeightVote(draft, message.vote);
  else keepHeightProposal(draft, message.proposal, message.receivedAtMs);
  return draft.state !== current;
}
