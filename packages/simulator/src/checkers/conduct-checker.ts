import type { HeightState, SignRequest } from '@mutual-chain/consensus';
import { EARLY_BODIES_MAX } from '@mutual-chain/node';
import { accusedOf, type Evidence } from '@mutual-chain/protocol';
import type { SimulatedNode } from '../cluster/simulated-node.ts';
import type { Report } from './chain-history.ts';
import { hexOf } from './powers.ts';

/** Most pieces of evidence that a node looks for at a height; beyond that nothing is expected of it. */
const EVIDENCE_EXPECTED_MAX = 200;
/** Bodies that may come when the height is decided already, and are of no use to it. */
const SPARE_BODIES_MAX = 4;

/**
 * Looks at how honest nodes go about a height.
 *
 * - Whoever votes for a block holds its body.
 * - Nobody asks its signer for a vote that the guard has to refuse.
 * - A round begins only after the one before: the first honest node in it comes from there.
 * - Whoever holds two messages of one validator that contradict each other has reported them.
 * - Bodies are held of blocks that are known, and of few others.
 */
export class ConductChecker {
  readonly #report: Report;
  /** Highest round of each height in which an honest node was. */
  readonly #rounds = new Map<number, number>();
  /** Evidence that each node has reported: `node height accused kind round`. */
  readonly #reported = new Set<string>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** An honest node asks for a signature. */
  signRequested(node: SimulatedNode, request: SignRequest): void {
    const { kind, height, round, blockHash } = request;
    this.#reach(height, round);
    if (blockHash !== undefined && node.runtime?.bodyOf(blockHash) === undefined)
      this.#report(
        'durability',
        `${node.name} signs a ${kind} in round ${round} of height ${height} for a block whose body it does not hold`,
      );
  }

  /** The guard of an honest node refused. A block that is built when its round is over is rightly refused. */
  refused(node: SimulatedNode, { kind, height, round }: SignRequest, reason: string): void {
    if (kind === 'proposal') return;
    this.#report('doubleSign', `${node.name} asks for a ${kind} in round ${round} of height ${height}, which its guard refuses: ${reason}`);
  }

  /** An honest node has started and is where its log says. */
  booted(state: HeightState): void {
    this.#reach(state.height, state.round.round);
  }

  /** An honest node has told of an equivocation. */
  evidenceReported(node: SimulatedNode, evidence: Evidence): void {
    const { height, round } = evidence.first;
    const kind = evidence.kind === 'duplicateProposal' ? 'proposal' : evidence.first.kind;
    this.#reported.add(`${node.index} ${height} ${hexOf(accusedOf(evidence))} ${kind} ${round}`);
  }

  /** An honest node has done some work and is in this state now. */
  worked(node: SimulatedNode, state: HeightState): void {
    const { height } = state;
    const { round } = state.round;
    const highest = this.#rounds.get(height) ?? -1;
    if (round > highest + 1 && !isRuledByOne(state))
      this.#report('round', `${node.name} is in round ${round} of height ${height}, while no honest node was in a round above ${highest}`);
    this.#reach(height, round);
  }

  /** As `worked`, for what takes longer to look at. */
  inspected(node: SimulatedNode, state: HeightState): void {
    const bodies = node.runtime?.bodiesHeld ?? 0;
    const most = state.blocks.length + EARLY_BODIES_MAX + SPARE_BODIES_MAX;
    if (bodies > most)
      this.#report('bounds', `${node.name} holds ${bodies} bodies at height ${state.height}, where ${state.blocks.length} are known`);
    if (state.evidence.length < EVIDENCE_EXPECTED_MAX) for (const caught of caughtIn(state)) this.#expectReport(node, state, caught);
  }

  #expectReport(node: SimulatedNode, { height }: HeightState, caught: Caught): void {
    if (this.#reported.has(`${node.index} ${height} ${caught.validator} ${caught.kind} ${caught.round}`)) return;
    this.#report(
      'evidence',
      `${node.name} holds two ${caught.kind}s of ${caught.validator.slice(0, 8)} in round ${caught.round} of height ${height} and tells nobody`,
    );
  }

  #reach(height: number, round: number): void {
    if (round > (this.#rounds.get(height) ?? -1)) this.#rounds.set(height, round);
  }
}

type Caught = { readonly validator: string; readonly kind: string; readonly round: number };

/** Validators of whom a node holds two messages that no honest one signs. */
function caughtIn({ keeper, proposals, validators }: HeightState): readonly Caught[] {
  const caught: Caught[] = [];
  const nameOf = (position: number): string => hexOf(validators.validators[position]?.address ?? new Uint8Array(0));
  for (const { round, ...tallies } of keeper.rounds)
    for (const kind of ['prevote', 'precommit'] as const) {
      const seen = new Set<number>();
      for (const { votes } of tallies[kind].values)
        for (const { position } of votes) {
          if (seen.has(position)) caught.push({ validator: nameOf(position), kind, round });
          seen.add(position);
        }
    }
  const proposed = new Set<string>();
  for (const { position, proposal } of proposals) {
    const place = `${position} ${proposal.round}`;
    if (proposed.has(place)) caught.push({ validator: nameOf(position), kind: 'proposal', round: proposal.round });
    proposed.add(place);
  }
  return caught;
}

/** Whether one validator is a quorum by itself, and so may go through several rounds at once. */
function isRuledByOne({ validators: { validators } }: HeightState): boolean {
  let total = 0n;
  for (const { power } of validators) total += power;
  return validators.some(({ power }) => power + power + power > total + total);
}
