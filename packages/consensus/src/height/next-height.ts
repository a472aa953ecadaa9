import { type Address, equalBytes } from '@mutual-chain/protocol';
import type { LoggedInput } from '../input.ts';
import { CONSENSUS_LIMITS } from '../limits.ts';

/** A message of the next height, kept until that height starts. */
export type EarlyMessage = Extract<LoggedInput, { readonly type: 'proposalReceived' | 'voteReceived' }>;

/** Keeps a message of the next height: so many of each validator, the newest giving way. */
export function keepEarly(early: readonly EarlyMessage[], message: EarlyMessage): readonly EarlyMessage[] {
  const signer = signerOf(message);
  const ofSigner = early.filter((each) => equalBytes(signerOf(each), signer));
  if (ofSigner.length >= CONSENSUS_LIMITS.nextHeightMessagesPerValidatorMax) return early;
  if (ofSigner.some((each) => equalBytes(signatureOf(each), signatureOf(message)))) return early;
  return [...early, message];
}

/** Height of a message. */
export function heightOf(message: EarlyMessage): number {
  return message.type === 'voteReceived' ? message.vote.height : message.proposal.height;
}

function signerOf(message: EarlyMessage): Address {
  return message.type === 'voteReceived' ? message.vote.validator : message.proposal.proposer;
}

function signatureOf(message: EarlyMessage): Uint8Array {
  return message.type === 'voteReceived' ? message.vote.signature : message.proposal.signature;
}
