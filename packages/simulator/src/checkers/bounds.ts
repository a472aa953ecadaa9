import { CONSENSUS_LIMITS, type HeightState } from '@mutual-chain/consensus';
import { SYNC_LIMITS } from '@mutual-chain/node';
import type { SimulatedNode } from '../cluster/simulated-node.ts';

/** Rounds of which votes may be kept beside the window, because a decision may hang on them. */
const OLD_ROUNDS_MAX = 128;

/** The first length in a node's memory that is above its limit, in words; undefined when all are within. */
export function findOverflow(node: SimulatedNode): string | undefined {
  const state = node.runtime?.state;
  const current = state?.current;
  if (state === undefined || current === undefined) return undefined;
  const validators = current.validators.validators.length;
  const window = CONSENSUS_LIMITS.pastRoundsMax + 1 + CONSENSUS_LIMITS.futureRoundsPerValidatorMax;
  const blocksMax = CONSENSUS_LIMITS.blocksPerHeightMax + window * validators * 4;
  const lengths: readonly (readonly [string, number, number])[] = [
    ['messages of the next height', state.early.length, (validators + 2) * CONSENSUS_LIMITS.nextHeightMessagesPerValidatorMax],
    ['peers', state.peers.length, CONSENSUS_LIMITS.peersMax],
    ['proposals', current.proposals.length, window * validators * (CONSENSUS_LIMITS.proposalsPerRoundMax + 1)],
    ['rounds with votes', current.keeper.rounds.length, window * validators + OLD_ROUNDS_MAX],
    ['votes of a round', votesOfRound(current), validators * 2 * (CONSENSUS_LIMITS.valuesPerValidatorMax + 1)],
    ['blocks', current.blocks.length, blocksMax],
    ['pieces of evidence', current.evidence.length, CONSENSUS_LIMITS.evidencePerHeightMax],
    ['wanted bodies', current.wantedBodies.length, blocksMax],
    ['requests for signatures', current.pendingSignatures.length, 3],
    ['bodies', node.runtime?.bodiesHeld ?? 0, blocksMax + 2],
    ['decided blocks', node.sync?.buffered.length ?? 0, SYNC_LIMITS.windowBlocksMax],
    ['requests for blocks', node.sync?.ranges.length ?? 0, SYNC_LIMITS.requestsMax],
    ['bodies looked for', node.sync?.bodies.length ?? 0, SYNC_LIMITS.bodiesMax],
    ['peers of sync', node.sync?.peers.length ?? 0, SYNC_LIMITS.peersMax],
    ['waiting evidence', node.chain?.waitingEvidence() ?? 0, 256],
  ];
  const over = lengths.find(([, length, max]) => length > max);
  const pooled = node.chain?.overflow();
  if (over === undefined) return pooled === undefined ? undefined : `${node.name} holds ${pooled}`;
  return `${node.name} holds ${over[1]} ${over[0]}, at most ${over[2]} are allowed`;
}

function votesOfRound({ keeper }: HeightState): number {
  let most = 0;
  for (const { prevote, precommit } of keeper.rounds) {
    let count = 0;
    for (const { votes } of prevote.values) count += votes.length;
    for (const { votes } of precommit.values) count += votes.length;
    if (count > most) most = count;
  }
  return most;
}
