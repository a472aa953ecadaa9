import { type Address, accusedOf, type BlockHash, type Evidence, encodeHex, formatAddress, leastQuorum } from '@mutual-chain/protocol';
import type { ConsensusState } from '../consensus-state.ts';
import { type HeightState, knownBlock } from '../height/height-state.ts';
import { turnProposals } from '../height/turn-proposals.ts';
import { type RoundVotes, roundVotes } from '../votes/vote-keeper.ts';
import type { VoteTally } from '../votes/vote-tally.ts';
import { awaited } from './awaited.ts';
import type { Diagnosis, ProposalDiagnosis, RoundDiagnosis, TallyDiagnosis } from './diagnosis.ts';

/** Why there is no new block, as far as this node knows; undefined before its first height. */
export function diagnose({ current, certifiedHeight }: ConsensusState): Diagnosis | undefined {
  if (current === undefined) return undefined;
  const { height, phase, round, keeper, incidents, evidence } = current;
  return {
    height,
    phase,
    round: round.round,
    step: round.step,
    lockedRound: round.lockedRound,
    lockedBlock: hashText(round.lockedValue),
    validRound: round.validRound,
    validBlock: hashText(round.validValue),
    signing: signingOf(current, certifiedHeight),
    totalPower: String(keeper.total),
    quorumPower: String(leastQuorum(keeper.total)),
    waitsFor: awaited(current),
    rounds: roundsOf(current).map((each) => roundDiagnosis(current, each)),
    incidents: incidents.map(({ kind, round: failedRound, reason }) => ({ kind, round: failedRound, reason })),
    equivocators: evidence.map((each) => ({ validator: formatAddress(accusedOf(each)), kind: kindOf(each), round: each.first.round })),
  };
}

function signingOf({ ownPosition, signing, certificate, height }: HeightState, certifiedHeight: number): Diagnosis['signing'] {
  if (ownPosition < 0) return 'notValidator';
  if (signing === 'forbidden') return 'forbidden';
  return certificate !== undefined || certifiedHeight >= height ? 'overtaken' : 'allowed';
}

/** Rounds with messages, the current one, and those of which a nil vote tells. */
function roundsOf({ keeper, proposals, round, nilVotes }: HeightState): readonly number[] {
  const rounds = new Set<number>(keeper.rounds.map((each) => each.round));
  for (const { proposal } of proposals) rounds.add(proposal.round);
  for (const vote of nilVotes) rounds.add(vote.round);
  if (round.round >= 0) rounds.add(round.round);
  return [...rounds].sort((left, right) => left - right);
}

function roundDiagnosis(state: HeightState, round: number): RoundDiagnosis {
  const votes: RoundVotes = roundVotes(state.keeper, round);
  const proposer = state.proposers[round];
  return {
    round,
    proposer: proposer === undefined ? null : formatAddress(proposer),
    proposals:
      proposer === undefined
        ? []
        : turnProposals(state, round).map(({ proposal, receivedAtMs }) => proposalDiagnosis(state, proposal, receivedAtMs)),
    prevotes: tallyDiagnosis(state, votes.prevote),
    precommits: tallyDiagnosis(state, votes.precommit),
    ownNil: state.nilVotes.filter((each) => each.round === round).map(({ kind, reason }) => ({ kind, reason })),
  };
}

function proposalDiagnosis(
  state: HeightState,
  { blockHash, validRound }: { readonly blockHash: BlockHash; readonly validRound: number },
  receivedAtMs: number,
): ProposalDiagnosis {
  const block = knownBlock(state, blockHash);
  return { blockHash: encodeHex(blockHash), validRound, receivedAtMs, block: block?.stage ?? 'missing', reason: block?.reason ?? '' };
}

function tallyDiagnosis({ validators: { validators } }: HeightState, tally: VoteTally): TallyDiagnosis {
  const present = new Set<number>();
  const values = tally.values.map(({ blockHash, power, votes }) => {
    for (const { position } of votes) present.add(position);
    return { blockHash: hashText(blockHash), power: String(power), validators: votes.map(({ vote }) => formatAddress(vote.validator)) };
  });
  const missing = validators
    .filter((_, position) => !present.has(position))
    .map(({ address }: { readonly address: Address }) => formatAddress(address));
  return { power: String(tally.power), values, missing };
}

function kindOf(evidence: Evidence): 'prevote' | 'precommit' | 'proposal' {
  return evidence.kind === 'duplicateProposal' ? 'proposal' : evidence.first.kind;
}

function hashText(hash: BlockHash | undefined): string | null {
  return hash === undefined ? null : encodeHex(hash);
}
