import { type Address, equalBytes } from '@mutual-chain/protocol';
import type { LoggedInput } from '../input.ts';
import { CONSENSUS_LIMITS } from '../limits.ts';
import { isSameProposal, isSameVote } from '../messages/same-message.ts';
import type { HeightState } from './height-state.ts';

/** A message of the next height, kept until that height starts. */
export type EarlyMessage = Extract<LoggedInput, { readonly type: 'proposalReceived' | 'voteReceived' }>;

/** Keeps a message of the next height: so many of each validator, the newest giving way. */
export function keepEarly(early: readonly EarlyMessage[], message: EarlyMessage): readonly EarlyMessage[] {
  const signer = signerOf(message);
  const ofSigner = early.filter((each) => equalBytes(signerOf(each), signer));
  if (ofSigner.length >= CONSENSUS_LIMITS.nextHeightMessagesPerValidatorMax) return early;
  if (ofSigner.some((each) => isSameMessage(each, message))) return early;
  return [...early, message];
}

/** Whether a message is of the height after the current one. */
export function isOfNextHeight(current: HeightState | undefined, message: EarlyMessage): boolean {
  return heightOf(message) === (current?.height ?? -1) + 1;
}

/** Height of a message. */
export function heightOf(message: EarlyMessage): number {
  return message.type === 'voteReceived' ? message.vote.height : message.proposal.height;
}

/** Whoever signed a message, or claims to have. */
export function signerOf(message: EarlyMessage): Address {
  return message.type === 'voteReceived' ? message.vote.validator : message.proposal.proposer;
}

/** Whether two messages of one validator say the same; their signatures may differ all the same. */
function isSameMessage(left: EarlyMessage, right: EarlyMessage): boolean {
  if (left.type === 'voteReceived' && right.type === 'voteReceived') return isSameVote(left.vote, right.vote);
  return left.type === 'proposalReceived' && right.type === 'proposalReceived' && isSameProposal(left.proposal, right.proposal);
}
