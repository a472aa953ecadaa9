import { isDeepStrictEqual } from 'node:util';
import {
  type BlockFacts,
  type ConsensusState,
  createConsensusState,
  type Effect,
  type HeightState,
  type Input,
  type KnownBlock,
  type RoundState,
  type SignRequest,
  step,
  type Timeout,
} from '@mutual-chain/consensus';
import type { BlockHash } from '@mutual-chain/protocol';
import { addressOf, hashOf, proposalOf, signed, TIMING, validatorsOf, voteOf } from './validators.ts';

/*
 * One node and everything a step of it did: the effects, and every part of its state that is another one than before. What an expectation
 * does not name has not changed.
 */

/** This node's clock, and the time of all blocks that do not say otherwise. */
export const NOW_MS = 1_000_000;

/** The votes of a round as names of values with the places of those who voted for them. */
export type VotesShown = {
  readonly prevote: Readonly<Record<string, readonly number[]>>;
  readonly precommit: Readonly<Record<string, readonly number[]>>;
  readonly senders: readonly number[];
};

/** Everything of a state, with votes in a form that a person can read. */
export type StateShown = Omit<HeightState, 'keeper'> & {
  readonly votes: Readonly<Record<number, VotesShown>>;
  readonly early: ConsensusState['early'];
  readonly certifiedHeight: number;
  readonly peers: ConsensusState['peers'];
};

/** What a step did. */
export type Outcome = {
  /** Whether the input was to be logged, before everything else. */
  readonly isLogged: boolean;
  readonly effects: readonly Effect[];
  /** Parts of the state that have changed. */
  readonly changes: Partial<StateShown>;
};

/** Nothing happened. */
export const NOTHING: Outcome = { isLogged: false, effects: [], changes: {} };

/** A block that the validator at a place proposed first; `variant` tells blocks of one proposer apart. */
export function blockOf(place: number, variant = 0, timestampMs = NOW_MS): BlockFacts {
  return { blockHash: hashOf(0xa0 + 0x10 * variant + place), proposer: addressOf(place), timestampMs };
}

/** A block as the state knows it. */
export function known(facts: BlockFacts, stage: KnownBlock['stage'], reason = ''): KnownBlock {
  return { facts, stage, reason };
}

/** What the signer is asked for a vote. */
export function voteRequest(kind: 'prevote' | 'precommit', round: number, block: BlockFacts | undefined): SignRequest {
  return { kind, height: 1, round, blockHash: block?.blockHash };
}

/** What the signer is asked for a proposal. */
export function proposalRequest(round: number, block: BlockFacts, validRound = -1): SignRequest {
  return { kind: 'proposal', height: 1, round, validRound, blockHash: block.blockHash };
}

/** The effect that asks the signer. */
export function sign(request: SignRequest): Effect {
  return { type: 'sign', request };
}

/** The effect that sets a timer of a round, at height 1. */
export function schedule(kind: 'propose' | 'prevote' | 'precommit', round: number): Effect {
  return { type: 'scheduleTimeout', timeout: { kind, height: 1, round }, durationMs: 1_000 + 100 * round };
}

/** The effect that drops the timers of earlier rounds. */
export function cancel(round: number): Effect {
  return { type: 'cancelTimeoutsBefore', height: 1, round };
}

/** The variables of the paper at the start of a round, with some of them set. */
export function roundState(round: number, change: Partial<RoundState> = {}): RoundState {
  return {
    round,
    step: 'propose',
    lockedRound: -1,
    lockedValue: undefined,
    validRound: -1,
    validValue: undefined,
    done: { prevoteTimeout: false, precommitTimeout: false },
    ...change,
  };
}

/** What has happened for the first time in a round. */
export function done(...what: readonly (keyof RoundState['done'])[]): RoundState['done'] {
  return {
    prevoteTimeout: what.includes('prevoteTimeout'),
    precommitTimeout: what.includes('precommitTimeout'),
  };
}

/** A node at height 1 whose every input a test gives by hand. */
export class OneNode {
  state: ConsensusState;
  readonly place: number;

  /** A node at the place of a set with these powers; place −1 is no validator. */
  constructor(place = 1, powers: readonly number[] = [1, 1, 1, 1], signing: 'allowed' | 'forbidden' = 'allowed') {
    this.place = place;
    this.state = createConsensusState(place < 0 ? undefined : addressOf(place));
    this.take({ type: 'heightStarted', height: 1, validators: validatorsOf(...powers), timing: TIMING, signing });
  }

  /** The node after it began round 0. */
  static inRound0(place = 1, powers: readonly number[] = [1, 1, 1, 1], signing: 'allowed' | 'forbidden' = 'allowed'): OneNode {
    const node = new OneNode(place, powers, signing);
    node.take({ type: 'workAvailable' });
    node.expire('blockInterval');
    return node;
  }

  /** What is known of the height. */
  get height(): HeightState {
    const { current } = this.state;
    if (current === undefined) throw new Error('no height has begun');
    return current;
  }

  take(input: Input): Outcome {
    const before = this.state;
    const { state, effects } = step(before, input);
    this.state = state;
    const isLogged = isDeepStrictEqual(effects[0], { type: 'recordInLog', input });
    return { isLogged, effects: isLogged ? effects.slice(1) : effects, changes: changesOf(before, state) };
  }

  expire(kind: 'blockInterval' | 'emptyBlock' | 'resend'): Outcome {
    return this.take({ type: 'timeoutExpired', timeout: { kind, height: this.height.height } });
  }

  expireRound(kind: 'propose' | 'prevote' | 'precommit', round: number, height: number = this.height.height): Outcome {
    return this.take({ type: 'timeoutExpired', timeout: { kind, height, round } satisfies Timeout });
  }

  /** A proposal by the validator at a place. */
  proposal(place: number, round: number, block: BlockFacts, validRound = -1, receivedAtMs = NOW_MS): Outcome {
    return this.take({
      type: 'proposalReceived',
      proposal: proposalOf(place, round, block.blockHash, validRound, this.height.height),
      receivedAtMs,
    });
  }

  body(block: BlockFacts): Outcome {
    return this.take({ type: 'blockReceived', block });
  }

  validated(block: BlockFacts, valid = true): Outcome {
    const verdict = valid ? { valid } : { valid, reason: 'STATE_ROOT_WRONG' };
    return this.take({ type: 'blockValidated', blockHash: block.blockHash, ...verdict });
  }

  vote(kind: 'prevote' | 'precommit', place: number, round: number, block: BlockFacts | undefined): Outcome {
    return this.take({ type: 'voteReceived', vote: voteOf(kind, place, round, block?.blockHash, this.height.height) });
  }

  /** Votes of several; the outcome is that of the last. */
  votes(kind: 'prevote' | 'precommit', places: readonly number[], round: number, block: BlockFacts | undefined): Outcome {
    let outcome: Outcome = NOTHING;
    for (const place of places) outcome = this.vote(kind, place, round, block);
    return outcome;
  }

  /** A block that is proposed, here and valid. */
  offer(place: number, round: number, block: BlockFacts, validRound = -1): Outcome {
    this.proposal(place, round, block, validRound);
    this.body(block);
    return this.validated(block);
  }

  /** The signer's answer. */
  signed(request: SignRequest): Outcome {
    const message = signed(request, this.place);
    return 'proposer' in message
      ? this.take({ type: 'proposalSigned', proposal: message, signedAtMs: NOW_MS })
      : this.take({ type: 'voteSigned', vote: message });
  }
}

/** The parts of a state that differ from those of another. */
function changesOf(before: ConsensusState, after: ConsensusState): Partial<StateShown> {
  const old: Partial<StateShown> = shown(before);
  const changed = Object.entries(shown(after)).filter(([name, value]) => !isDeepStrictEqual(old[name as keyof StateShown], value));
  return Object.fromEntries(changed) as Partial<StateShown>;
}

function shown({ current, early, certifiedHeight, peers }: ConsensusState): Partial<StateShown> {
  if (current === undefined) return { early, certifiedHeight, peers };
  const { keeper, ...rest } = current;
  const votes = keeper.rounds.map(({ round, prevote, precommit, senders }) => [
    round,
    { prevote: tallyShown(prevote), precommit: tallyShown(precommit), senders },
  ]);
  return { ...rest, votes: Object.fromEntries(votes) as StateShown['votes'], early, certifiedHeight, peers };
}

type Tally = HeightState['keeper']['rounds'][number]['prevote'];

function tallyShown({ values }: Tally): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(values.map(({ blockHash, votes }) => [nameOf(blockHash), votes.map(({ position }) => position)]));
}

/** Name of a value: the first byte of its hash, or nil. */
function nameOf(blockHash: BlockHash | undefined): string {
  return blockHash === undefined ? 'nil' : (blockHash[0] ?? 0).toString(16);
}
