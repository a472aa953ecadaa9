import { assertInvariant, type BlockHash, type CommitCertificate, equalBytes } from '@mutual-chain/protocol';
import type { RoundAction } from '../round/round-action.ts';
import { atStartOfRound } from '../round/round-changes.ts';
import { applyRoundRules } from '../round/round-rules.ts';
import { roundTimeoutMs } from '../timing.ts';
import { roundVotes } from '../votes/vote-keeper.ts';
import { votesFor } from '../votes/vote-tally.ts';
import { pursueBodies } from './bodies.ts';
import { type Draft, update } from './draft.ts';
import { factsOf } from './height-facts.ts';
import type { HeightState } from './height-state.ts';
import { knownBlock } from './height-state.ts';
import { pruneHeight } from './keep-messages.ts';
import { extendTurns, isProposerUpTo } from './proposer-turns.ts';
import { isRoundZeroDue } from './round-zero.ts';
import { maySign, requestSignature } from './signing.ts';

/** Lets the rules of the round fire until none does, then asks for the bodies that the next ones wait for. */
export function runRules(draft: Draft): void {
  while (isOpen(draft.state)) {
    if (isRoundZeroDue(draft.state)) startRound(draft, 0);
    const change = applyRoundRules(draft.state.round, factsOf(draft.state));
    if (change === undefined) break;
    update(draft, { round: change.state });
    for (const action of change.actions) performAction(draft, action);
  }
  if (isOpen(draft.state)) pursueBodies(draft);
}

/** Carries out what a rule of the round wants. */
export function performAction(draft: Draft, action: RoundAction): void {
  const { height, round, timing } = draft.state;
  switch (action.type) {
    case 'vote': {
      if (action.blockHash === undefined)
        update(draft, { nilVotes: [...draft.state.nilVotes, { kind: action.kind, round: round.round, reason: action.reason }] });
      requestSignature(draft, { kind: action.kind, height, round: round.round, blockHash: action.blockHash });
      return;
    }
    case 'schedule': {
      const timeout = { kind: action.kind, height, round: round.round };
      draft.effects.push({ type: 'scheduleTimeout', timeout, durationMs: roundTimeoutMs(action.kind, round.round, timing) });
      return;
    }
    case 'startRound':
      startRound(draft, action.round);
      return;
    case 'decide':
      decide(draft, action.round, action.blockHash);
      return;
    case 'contradiction':
      halt(draft, action.round, action.blockHash, knownBlock(draft.state, action.blockHash)?.reason ?? '');
      return;
  }
}

/**
 * Begins a round: its proposer proposes the valid value again, or has a block built; everybody waits for a proposal, the proposer too,
 * because building and signing may fail. Source: paper lines 11–21.
 */
function startRound(draft: Draft, round: number): void {
  const { height, timing } = draft.state;
  update(draft, {
    phase: 'running',
    round: atStartOfRound(draft.state.round, factsOf(draft.state), round),
    buildingRound: -1,
    ...extendTurns(draft.state, round),
  });
  pruneHeight(draft);
  draft.effects.push({ type: 'cancelTimeoutsBefore', height, round });
  if (isOwnTurn(draft.state) && maySign(draft)) propose(draft);
  const timeout = { kind: 'propose', height, round } as const;
  draft.effects.push({ type: 'scheduleTimeout', timeout, durationMs: roundTimeoutMs('propose', round, timing) });
}

function propose(draft: Draft): void {
  const { height } = draft.state;
  const { round, validRound, validValue } = draft.state.round;
  if (validValue !== undefined) {
    requestSignature(draft, { kind: 'proposal', height, round, validRound, blockHash: validValue });
    return;
  }
  update(draft, { buildingRound: round });
  draft.effects.push({ type: 'buildBlock', height, round });
}

function isOwnTurn({ proposers, round, validators, ownPosition }: HeightState): boolean {
  const proposer = proposers[round.round];
  const own = validators.validators[ownPosition];
  return own !== undefined && proposer !== undefined && equalBytes(proposer, own.address);
}

function decide(draft: Draft, round: number, blockHash: BlockHash): void {
  const block = knownBlock(draft.state, blockHash);
  assertInvariant(block !== undefined, 'a decided block is known');
  if (!isProposerUpTo(draft.state, block.facts.proposer, round)) {
    halt(draft, round, blockHash, 'its proposer had no turn up to the round that decided it');
    return;
  }
  const certificate = certificateOf(draft.state, round, blockHash);
  update(draft, { phase: 'decided', decision: { round, blockHash, contradiction: undefined } });
  draft.effects.push({ type: 'commitBlock', height: draft.state.height, blockHash, certificate });
}

function halt(draft: Draft, round: number, blockHash: BlockHash, reason: string): void {
  const { height } = draft.state;
  update(draft, { phase: 'halted', decision: { round, blockHash, contradiction: reason } });
  draft.effects.push({ type: 'halt', height, blockHash, certificate: certificateOf(draft.state, round, blockHash), reason });
}

/** The certificate of a decision: the one received, or the precommits counted here, by position. */
export function certificateOf(state: HeightState, round: number, blockHash: BlockHash): CommitCertificate {
  const { certificate, height } = state;
  if (certificate !== undefined && certificate.round === round && equalBytes(certificate.blockHash, blockHash)) return certificate;
  const votes = votesFor(roundVotes(state.keeper, round).precommit, blockHash)?.votes ?? [];
  return {
    height,
    round,
    blockHash,
    signatures: votes.map(({ position, vote }) => ({ validatorIndex: position, signature: vote.signature })),
  };
}

/** Whether the height is still to be decided. */
export function isOpen({ phase }: HeightState): boolean {
  return phase === 'waiting' || phase === 'running';
}
