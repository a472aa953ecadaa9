import type { ConsensusState } from './consensus-state.ts';
import type { Effect } from './effect.ts';
import { keepBody, keepBuilt, moveBlock } from './height/bodies.ts';
import { type Draft, update } from './height/draft.ts';
import { factsOf } from './height/height-facts.ts';
import { createHeightState, type HeightState } from './height/height-state.ts';
import { keepHeightProposal, keepHeightVote } from './height/keep-messages.ts';
import { type EarlyMessage, isOfNextHeight, keepEarly } from './height/next-height.ts';
import { clippedReason } from './height/reason.ts';
import { type Peer, polkaOf, resendTo, resendToAll } from './height/resending.ts';
import { resume, SIGNING_FORBIDDEN } from './height/resume.ts';
import { endInterval, scheduleHeightTimeouts, wantBlock } from './height/round-zero.ts';
import { isOpen, performAction, runRules } from './height/run-rules.ts';
import { answerSignature, answerSigned, forbidSigning, requestSignature } from './height/signing.ts';
import type { HeightStarted, Input, LoggedInput, Timeout } from './input.ts';
import { CONSENSUS_LIMITS } from './limits.ts';
import type { VerifiedCertificate } from './messages/verified.ts';
import { afterTimeout } from './round/round-rules.ts';

/** What came of an input. */
export type Step = { readonly state: ConsensusState; readonly effects: readonly Effect[] };

/**
 * Takes one input: the next state, and what is to be done about it (the contract is in effect.ts).
 *
 * Pure: the same state and input give the same step. Inputs that are late, repeated or of no concern give the same state and no effects.
 * What changes the state of the height comes back as `recordInLog` before anything else.
 */
export function step(state: ConsensusState, input: Input): Step {
  switch (input.type) {
    case 'heightStarted':
      return startHeight(state, input);
    case 'resumed':
      return onHeight(state, resume);
    case 'peerConnected':
      return { state: connect(state, input.peer), effects: [] };
    case 'peerDisconnected':
      return { state: { ...state, peers: state.peers.filter(({ peer }) => peer !== input.peer) }, effects: [] };
    case 'peerStatusReceived':
      return answerStatus(state, { peer: input.peer, status: input.status, isAnswered: true });
    case 'timeoutExpired':
      return isResendDue(state, input.timeout) ? resend(state) : takeLogged(state, input);
    case 'certificateReceived':
      return input.certificate.height === state.current?.height ? takeLogged(state, input) : noteCertificate(state, input);
    case 'proposalReceived':
    case 'voteReceived':
      return isOfNextHeight(state.current, input) ? keepForNextHeight(state, input) : takeLogged(state, input);
    case 'workAvailable':
    case 'blockReceived':
    case 'blockValidated':
    case 'blockBuilt':
    case 'buildFailed':
    case 'voteSigned':
    case 'proposalSigned':
    case 'signatureRefused':
    case 'signingForbidden':
      return takeLogged(state, input);
  }
}

/** Starts a height with the messages that came too early for the one before. */
function startHeight(state: ConsensusState, input: HeightStarted): Step {
  const draft: Draft = {
    state: createHeightState(input, state.ownAddress),
    effects: [],
    isOvertaken: state.certifiedHeight >= input.height,
  };
  if (input.signing === 'forbidden') draft.effects.push(SIGNING_FORBIDDEN);
  draft.effects.push({ type: 'cancelTimeoutsBefore', height: input.height, round: 0 });
  scheduleHeightTimeouts(draft);
  const peers = state.peers.map(({ peer, status }): Peer => {
    const isCurrent = status !== undefined && status.height >= input.height;
    return { peer, status: isCurrent ? status : undefined, isAnswered: false };
  });
  let next: Step = { state: { ...state, current: draft.state, early: [], peers }, effects: draft.effects };
  for (const message of state.early) {
    const { state: after, effects } = takeLogged(next.state, message);
    next = { state: after, effects: [...next.effects, ...effects] };
  }
  return next;
}

/** Works on an input of the current height, and has it logged when it changed anything. */
function takeLogged(state: ConsensusState, input: LoggedInput): Step {
  const { current } = state;
  if (current === undefined || !isOpen(current)) return { state, effects: [] };
  const draft: Draft = { state: current, effects: [], isOvertaken: state.certifiedHeight >= current.height };
  apply(draft, input);
  if (draft.state === current) return { state, effects: draft.effects };
  runRules(draft);
  return { state: { ...state, current: draft.state }, effects: [{ type: 'recordInLog', input }, ...draft.effects] };
}

/** What an input changes by itself, before the rules are tried. */
function apply(draft: Draft, input: LoggedInput): void {
  const { height } = draft.state;
  switch (input.type) {
    case 'workAvailable':
      wantBlock(draft);
      return;
    case 'proposalReceived':
      if (input.proposal.height === height) keepHeightProposal(draft, input.proposal, input.receivedAtMs);
      return;
    case 'voteReceived':
      if (input.vote.height === height) keepHeightVote(draft, input.vote);
      return;
    case 'blockReceived':
      keepBody(draft, input.block);
      return;
    case 'blockValidated':
      moveBlock(
        draft,
        input.blockHash,
        'validating',
        input.valid ? 'valid' : 'invalid',
        input.valid ? '' : clippedReason(input.reason ?? ''),
      );
      return;
    case 'blockBuilt':
      takeBuilt(draft, input);
      return;
    case 'buildFailed':
      if (input.height === height && input.round === draft.state.buildingRound)
        update(draft, { buildingRound: -1, ...withIncident(draft.state, 'buildFailed', input.round, input.reason) });
      return;
    case 'voteSigned':
      takeSignedVote(draft, input);
      return;
    case 'proposalSigned':
      takeSignedProposal(draft, input);
      return;
    case 'signatureRefused':
      if (answerSignature(draft, input.request))
        update(draft, withIncident(draft.state, 'signatureRefused', input.request.round, input.reason));
      return;
    case 'signingForbidden':
      forbidSigning(draft);
      return;
    case 'timeoutExpired':
      expire(draft, input.timeout);
      return;
    case 'certificateReceived':
      if (input.certificate.height === height && draft.state.certificate === undefined) update(draft, { certificate: input.certificate });
      return;
  }
}

function withIncident(
  state: HeightState,
  kind: 'buildFailed' | 'signatureRefused',
  round: number,
  reason: string,
): Pick<HeightState, 'incidents'> {
  return { incidents: [...state.incidents, { kind, round, reason: clippedReason(reason) }] };
}

/** A timer ran out: what it was set for may be long over. */
function expire(draft: Draft, timeout: Timeout): void {
  const { state } = draft;
  if (timeout.height !== state.height) return;
  switch (timeout.kind) {
    case 'blockInterval':
      endInterval(draft);
      return;
    case 'emptyBlock':
      wantBlock(draft);
      return;
    case 'resend':
      return;
    case 'propose':
    case 'prevote':
    case 'precommit': {
      if (state.phase !== 'running' || timeout.round !== state.round.round) return;
      const change = afterTimeout(timeout.kind, state.round, factsOf(state));
      if (change === undefined) return;
      update(draft, { round: change.state });
      for (const action of change.actions) performAction(draft, action);
    }
  }
}

/** The block that this node built in its turn: it is valid and stored, and is proposed unless the round is over. */
function takeBuilt(draft: Draft, { height, round, block }: Extract<LoggedInput, { readonly type: 'blockBuilt' }>): void {
  if (height !== draft.state.height || round !== draft.state.buildingRound) return;
  update(draft, { buildingRound: -1 });
  keepBuilt(draft, block);
  requestSignature(draft, { kind: 'proposal', height, round, validRound: -1, blockHash: block.blockHash });
}

function takeSignedVote(draft: Draft, { vote }: Extract<LoggedInput, { readonly type: 'voteSigned' }>): void {
  const { kind, height, round, blockHash } = vote;
  if (!answerSigned(draft, { kind, height, round, blockHash })) return;
  keepHeightVote(draft, vote);
  draft.effects.push({ type: 'sendVotes', to: 'all', votes: [vote] });
}

function takeSignedProposal(draft: Draft, input: Extract<LoggedInput, { readonly type: 'proposalSigned' }>): void {
  const { proposal, signedAtMs } = input;
  const { height, round, validRound, blockHash } = proposal;
  if (!answerSigned(draft, { kind: 'proposal', height, round, validRound, blockHash })) return;
  keepHeightProposal(draft, proposal, signedAtMs);
  draft.effects.push({ type: 'sendProposal', to: 'all', proposal });
  const polka = polkaOf(draft.state, validRound, blockHash);
  if (polka.length > 0) draft.effects.push({ type: 'sendVotes', to: 'all', votes: polka });
}

/** A certificate of another height: one above tells that this node is behind, and must not sign here any more. */
function noteCertificate(
  state: ConsensusState,
  input: { readonly type: 'certificateReceived'; readonly certificate: VerifiedCertificate },
): Step {
  const { height } = input.certificate;
  if (height <= state.certifiedHeight || height < (state.current?.height ?? 0)) return { state, effects: [] };
  return { state: { ...state, certifiedHeight: height }, effects: [{ type: 'recordInLog', input }] };
}

function keepForNextHeight(state: ConsensusState, message: EarlyMessage): Step {
  const early = keepEarly(state.early, message);
  return early === state.early ? { state, effects: [] } : { state: { ...state, early }, effects: [] };
}

function connect(state: ConsensusState, peer: string): ConsensusState {
  if (state.peers.length >= CONSENSUS_LIMITS.peersMax || state.peers.some((each) => each.peer === peer)) return state;
  return { ...state, peers: [...state.peers, { peer, status: undefined, isAnswered: false }] };
}

/** Remembers what a connected peer has and sends it what it lacks, once between two runs of the timer: a chatty peer gets no more. */
function answerStatus(state: ConsensusState, answered: Peer): Step {
  const known = state.peers.find(({ peer }) => peer === answered.peer);
  if (known === undefined) return { state, effects: [] };
  const peers = state.peers.map((each) => (each === known ? answered : each));
  return onHeight({ ...state, peers }, (draft) => {
    if (!known.isAnswered) resendTo(draft, answered);
  });
}

function isResendDue({ current }: ConsensusState, timeout: Timeout): boolean {
  return timeout.kind === 'resend' && current !== undefined && timeout.height === current.height && isOpen(current);
}

function resend(state: ConsensusState): Step {
  const { state: after, effects } = onHeight(state, (draft) => resendToAll(draft, state.peers));
  const height = state.current?.height ?? -1;
  const peers = state.peers.map(({ peer, status }): Peer => {
    const isBehind = status !== undefined && status.height < height;
    return { peer, status: isBehind ? undefined : status, isAnswered: false };
  });
  return { state: { ...after, peers }, effects };
}

/** Works on the current height without logging. */
function onHeight(state: ConsensusState, work: (draft: Draft) => void): Step {
  const { current } = state;
  if (current === undefined) return { state, effects: [] };
  const draft: Draft = { state: current, effects: [], isOvertaken: state.certifiedHeight >= current.height };
  work(draft);
  return { state: draft.state === current ? state : { ...state, current: draft.state }, effects: draft.effects };
}
