import type { Effect, Input, SignRequest, Timeout } from '@mutual-chain/consensus';
import type { Address, BlockHash } from '@mutual-chain/protocol';

/*
 * What happened, for people: one line for every step that led to anything besides its record in the log. Blocks are B1, B2, … in the order in
 * which they were built.
 */

/** Lines of a step; none when it led to nothing. */
export function transcriptOf(node: number, input: Input, effects: readonly Effect[]): readonly string[] {
  const told = effects.map(effectText).filter((text) => text !== undefined);
  return told.length === 0 ? [] : [`node ${node}: ${inputText(input)} → ${told.join(', ')}`];
}

function inputText(input: Input): string {
  switch (input.type) {
    case 'heightStarted':
      return `height ${input.height} begins${input.signing === 'forbidden' ? ', signing forbidden' : ''}`;
    case 'proposalReceived':
      return `proposal ${valueText(input.proposal)} of ${placeOf(input.proposal.proposer)}${polkaText(input.proposal.validRound)}`;
    case 'voteReceived':
      return `${input.vote.kind} ${valueText(input.vote)} of ${placeOf(input.vote.validator)}`;
    case 'blockReceived':
      return `body of ${blockText(input.block.blockHash)}`;
    case 'blockValidated':
      return `${blockText(input.blockHash)} is ${input.valid ? 'valid' : 'invalid'}`;
    case 'blockBuilt':
      return `built ${blockText(input.block.blockHash)}`;
    case 'voteSigned':
      return `signed ${input.vote.kind} ${valueText(input.vote)}`;
    case 'proposalSigned':
      return `signed proposal ${valueText(input.proposal)}${polkaText(input.proposal.validRound)}`;
    case 'timeoutExpired':
      return `timer ${timeoutText(input.timeout)}`;
    case 'certificateReceived':
      return `certificate of ${blockText(input.certificate.blockHash)}`;
    case 'peerStatusReceived':
      return `status of ${input.peer}`;
    case 'workAvailable':
    case 'buildFailed':
    case 'signatureRefused':
    case 'signingForbidden':
    case 'resumed':
    case 'peerConnected':
    case 'peerDisconnected':
      return input.type;
  }
}

function effectText(effect: Effect): string | undefined {
  switch (effect.type) {
    case 'recordInLog':
    case 'cancelTimeoutsBefore':
      return undefined;
    case 'scheduleTimeout':
      return 'round' in effect.timeout ? `set timer ${timeoutText(effect.timeout)}` : undefined;
    case 'sign':
      return `sign ${requestText(effect.request)}`;
    case 'sendProposal':
      return `send proposal ${valueText(effect.proposal)} to ${recipientText(effect.to)}`;
    case 'sendVotes':
      return `send ${effect.votes.map((vote) => `${vote.kind} ${valueText(vote)} of ${placeOf(vote.validator)}`).join(' and ')} to ${recipientText(effect.to)}`;
    case 'sendStatus':
      return 'send status';
    case 'buildBlock':
      return 'build';
    case 'validateBlock':
      return `validate ${blockText(effect.blockHash)}`;
    case 'requestBlock':
      return `ask for ${blockText(effect.blockHash)}`;
    case 'commitBlock':
      return `COMMIT ${blockText(effect.blockHash)} of round ${effect.certificate.round}`;
    case 'reportEquivocation':
      return 'report equivocation';
    case 'halt':
      return 'HALT';
  }
}

function requestText(request: SignRequest): string {
  const polka = request.kind === 'proposal' ? polkaText(request.validRound) : '';
  return `${request.kind} ${valueText(request)}${polka}`;
}

function valueText({ round, blockHash }: { readonly round: number; readonly blockHash: BlockHash | undefined }): string {
  return `r${round} ${blockHash === undefined ? 'nil' : blockText(blockHash)}`;
}

function polkaText(validRound: number): string {
  return validRound < 0 ? '' : ` with the polka of r${validRound}`;
}

function timeoutText(timeout: Timeout): string {
  return 'round' in timeout ? `${timeout.kind} r${timeout.round}` : timeout.kind;
}

function recipientText(to: 'all' | { readonly peer: string }): string {
  return to === 'all' ? 'all' : to.peer;
}

function blockText(blockHash: BlockHash): string {
  return `B${new DataView(blockHash.buffer, blockHash.byteOffset).getUint32(0)}`;
}

function placeOf(address: Address): number {
  return (address[0] ?? 0) - 1;
}
