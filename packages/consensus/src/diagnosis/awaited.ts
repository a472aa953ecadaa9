import { encodeHex, formatAddress, leastQuorum } from '@mutual-chain/protocol';
import { type HeightState, knownBlock } from '../height/height-state.ts';
import { proposerOf } from '../height/proposer-turns.ts';
import { turnProposals } from '../height/turn-proposals.ts';
import type { RoundTimeoutKind } from '../timing.ts';
import { hasQuorumFor, roundVotes } from '../votes/vote-keeper.ts';
import type { Awaited } from './diagnosis.ts';

/** What has to come before the node goes on at the height; any one of it may be enough. */
export function awaited(state: HeightState): readonly Awaited[] {
  switch (state.phase) {
    case 'waiting':
      return [
        ...(state.isIntervalOver ? [] : [{ for: 'blockInterval' as const }]),
        ...(state.isBlockWanted ? [] : [{ for: 'work' as const }]),
      ];
    case 'running':
      return [...ofOwn(state), ...ofOthers(state), ...ofClock(state)];
    case 'decided':
    case 'halted':
      return ofDecision(state);
  }
}

/** What this node's own machine has not answered. */
function ofOwn({ pendingSignatures, buildingRound, wantedBodies, blocks }: HeightState): readonly Awaited[] {
  return [
    ...pendingSignatures.map(({ kind, round }): Awaited => ({ for: 'signature', kind, round })),
    ...(buildingRound >= 0 ? [{ for: 'ownBlock' as const }] : []),
    ...wantedBodies.map((blockHash): Awaited => ({ for: 'body', blockHash: encodeHex(blockHash) })),
    ...blocks
      .filter(({ stage }) => stage === 'validating')
      .map(({ facts }): Awaited => ({ for: 'validation', blockHash: encodeHex(facts.blockHash) })),
  ];
}

function ofOthers(state: HeightState): readonly Awaited[] {
  const { round, step } = state.round;
  if (step !== 'propose') return [votesMissing(state, step, round)];
  const proposals = turnProposals(state, round);
  if (proposals.length === 0) return [{ for: 'proposal', from: formatAddress(proposerOf(state, round)) }];
  return proposals.flatMap(({ proposal: { blockHash, validRound } }): readonly Awaited[] => [
    ...(validRound < 0 || hasQuorumFor(state.keeper, 'prevote', validRound, blockHash) ? [] : [votesMissing(state, 'prevote', validRound)]),
    ...(isNewlyMissing(state, blockHash) ? [{ for: 'body' as const, blockHash: encodeHex(blockHash) }] : []),
  ]);
}

/** Timers of the round that run now. */
function ofClock({ round: { round, step, done } }: HeightState): readonly Awaited[] {
  const kinds: readonly RoundTimeoutKind[] = [
    ...(step === 'propose' ? (['propose'] as const) : []),
    ...(step === 'prevote' && done.prevoteTimeout ? (['prevote'] as const) : []),
    ...(done.precommitTimeout ? (['precommit'] as const) : []),
  ];
  return kinds.map((kind): Awaited => ({ for: 'timeout', kind, round }));
}

function ofDecision({ decision }: HeightState): readonly Awaited[] {
  if (decision === undefined) return [];
  const blockHash = encodeHex(decision.blockHash);
  const { contradiction } = decision;
  return contradiction === undefined ? [{ for: 'commit', blockHash }] : [{ for: 'operator', blockHash, reason: contradiction }];
}

function isNewlyMissing(state: HeightState, blockHash: Parameters<typeof knownBlock>[1]): boolean {
  const asked = state.wantedBodies.some((each) => encodeHex(each) === encodeHex(blockHash));
  return !asked && knownBlock(state, blockHash) === undefined;
}

function votesMissing({ keeper }: HeightState, kind: 'prevote' | 'precommit', round: number): Awaited {
  let most = 0n;
  for (const { power } of roundVotes(keeper, round)[kind].values) if (power > most) most = power;
  const missing = leastQuorum(keeper.total) - most;
  return { for: kind === 'prevote' ? 'prevotes' : 'precommits', round, powerMissing: String(missing > 0n ? missing : 0n) };
}
