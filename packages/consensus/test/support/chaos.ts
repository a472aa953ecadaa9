import { isDeepStrictEqual } from 'node:util';
import {
  type BlockFacts,
  type ConsensusState,
  type Effect,
  type Input,
  step,
  wouldKeepProposal,
  wouldKeepVote,
} from '@mutual-chain/consensus';
import { type Signed, signedIn, violations } from './checks.ts';
import { Cluster, type Message } from './cluster.ts';
import { Random } from './random.ts';
import { equalValidators, proposalOf, voteOf } from './validators.ts';

/** What came of a run. */
export type ChaosReport = {
  readonly violations: readonly string[];
  /** How often things happened that a run is meant to reach. */
  readonly marks: Readonly<Record<string, number>>;
};

/** How wild a run is. */
export type ChaosOptions = {
  readonly seed: number;
  readonly validators: number;
  /** Places from the end that are in the hands of an adversary. */
  readonly faulty: number;
  readonly actions: number;
  /** Heights that all honest nodes have to commit once the network is whole again. */
  readonly heightsAfter: number;
};

/**
 * Runs a cluster under a random schedule: messages late, lost, doubled and out of order, timers early and late, nodes killed between any two
 * effects and started again with the end of their log lost, an adversary that signs anything. Then the network is whole and the adversary
 * silent, and the honest nodes have to go on.
 */
export function runChaos({ seed, validators, faulty, actions, heightsAfter }: ChaosOptions): ChaosReport {
  const random = new Random(seed);
  const honest = Array.from({ length: validators - faulty }, (_, place) => place);
  const found: string[] = [];
  const marks: Record<string, number> = {};
  const mark = (name: string): void => {
    marks[name] = (marks[name] ?? 0) + 1;
  };
  const signedByFaulty: Signed[] = [];
  const killRate = random.chance(0.5) ? 0.01 : 0;
  const lossRate = random.pick([0, 0.05, 0.3]);
  let isCalm = false;
  const cluster = new Cluster({
    validators: equalValidators(validators),
    isKilledBefore: () => {
      const isKilled = !isCalm && random.chance(killRate);
      if (isKilled) mark('killed between effects');
      return isKilled;
    },
    recordsSaved: (count) => random.below(count + 1),
    onStep: (place, before, input, effects) => {
      if (!isLoggedFirst(input, effects)) found.push(`node ${place} acts on ${input.type} before that is logged`);
      if (wouldKeep(before, input) !== doesAnything(before, input)) found.push(`node ${place} misjudges whether ${input.type} is of use`);
      for (const effect of effects) {
        if (effect.type !== 'commitBlock') continue;
        const { round } = effect.certificate;
        const current = before.current?.round.round ?? 0;
        if (round > 0) mark('decided after round 0');
        if (round < current) mark('decided in a past round');
        if (round > current) mark('decided in a later round');
      }
      const locked = before.current?.round.lockedRound ?? -1;
      if (input.type === 'proposalReceived' && input.proposal.validRound >= 0) mark('proposed again');
      if (input.type === 'timeoutExpired' && locked >= 0) mark('timeout while locked');
    },
  });
  cluster.start(...honest);

  const adversary = (): void => {
    const place = honest.length + random.below(faulty);
    const { current } = cluster.node(random.pick(honest)).state;
    if (current === undefined) return;
    const round = Math.max(0, current.round.round + random.below(4) - 1);
    const known = [...cluster.blocks.values()].slice(-6);
    const block =
      random.chance(0.3) || known.length === 0 ? cluster.makeBlock(place, cluster.nowMs, random.chance(0.7)) : random.pick(known);
    const hash = random.chance(0.25) ? undefined : block.blockHash;
    const kind = random.pick(['prevote', 'precommit'] as const);
    const message: Message =
      random.chance(0.3) && hash !== undefined
        ? proposalMessage(place, round, block, random.below(round + 1) - 1, current.height)
        : { type: 'vote', vote: voteOf(kind, place, round, hash, current.height) };
    signedByFaulty.push(...signedIn(place, message));
    for (const to of honest) if (random.chance(0.6)) cluster.send(place, to, message);
  };

  /** Starts a node; one node may have lost its log, if all others are honest. Its signer still knows what it signed last. */
  const startAgain = (place: number): void => {
    const node = cluster.node(place);
    if (!node.isUp && place === 0 && faulty === 0 && validators >= 4 && random.chance(0.3)) cluster.loseLog(place);
    cluster.startNode(place);
    if (node.state.current?.signing === 'forbidden') mark('signing forbidden');
  };

  const act = (): void => {
    const dice = random.fraction();
    if (dice < 0.75 && cluster.inFlight.length > 0) {
      const at = random.below(cluster.inFlight.length);
      if (random.chance(0.05)) cluster.inFlight.push(cluster.inFlight[at] as (typeof cluster.inFlight)[number]);
      if (random.chance(lossRate)) cluster.inFlight.splice(at, 1);
      else cluster.deliverAt(at);
    } else if (dice < 0.9) {
      cluster.advance();
    } else if (dice < 0.97) {
      if (faulty > 0) adversary();
    } else {
      const place = random.pick(honest);
      checkReplay(cluster, place, found);
      if (cluster.node(place).isUp && random.chance(0.5)) cluster.kill(place);
      else startAgain(place);
    }
  };

  for (let action = 0; action < actions && found.length === 0; action++) act();
  found.push(...violations(cluster, honest, signedByFaulty));
  isCalm = true;
  const heights = honest.map((place) => cluster.node(place).chain.length);
  mark(`heights ${Math.min(...heights) === Math.max(...heights) ? 'equal' : 'different'} before healing`);
  cluster.start(...honest);
  try {
    if (found.length === 0) cluster.runUntil(Math.max(...heights) + heightsAfter, 30_000);
  } catch (error) {
    found.push(`no progress: ${String(error)}`);
  }
  for (const place of honest) checkReplay(cluster, place, found);
  found.push(...violations(cluster, honest, signedByFaulty));
  return { violations: [...new Set(found)], marks };
}

/** Whatever is signed or said because of an input comes after its record, and a step has no other record. */
function isLoggedFirst(input: Input, effects: readonly Effect[]): boolean {
  if (input.type === 'heightStarted' || input.type === 'resumed') return true;
  const [first, ...rest] = effects;
  if (rest.some(({ type }) => type === 'recordInLog')) return false;
  return first?.type === 'recordInLog' ? isDeepStrictEqual(first.input, input) : effects.every(({ type }) => type !== 'sign');
}

/** What is said of a message before it is verified; of everything else what comes of it. */
function wouldKeep(state: ConsensusState, input: Input): boolean {
  if (input.type === 'voteReceived') return wouldKeepVote(state, input.vote);
  return input.type === 'proposalReceived' ? wouldKeepProposal(state, input.proposal) : doesAnything(state, input);
}

function doesAnything(before: ConsensusState, input: Input): boolean {
  const { state, effects } = step(before, input);
  return state !== before || effects.length > 0;
}

function proposalMessage(place: number, round: number, block: BlockFacts, validRound: number, height: number): Message {
  return { type: 'proposal', proposal: proposalOf(place, round, block.blockHash, validRound, height), block };
}

/** The log of a node has to lead to exactly what the node knows of the height. */
function checkReplay(cluster: Cluster, place: number, found: string[]): void {
  const node = cluster.node(place);
  if (!node.isUp) return;
  if (!isDeepStrictEqual(cluster.replayed(place).current, node.state.current)) found.push(`node ${place}: its log leads elsewhere`);
}
