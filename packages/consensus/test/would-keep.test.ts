import {
  CONSENSUS_LIMITS,
  type ConsensusState,
  type Input,
  step,
  type VerifiedProposal,
  type VerifiedVote,
  wouldKeepProposal,
  wouldKeepVote,
} from '@mutual-chain/consensus';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOf, OneNode } from './support/one-node.ts';
import { addressOf, hashOf, proposalOf, TIMING, validatorsOf, voteOf } from './support/validators.ts';

/*
 * Goal: no signature is verified for what would change nothing, and whatever would change anything is verified. Method: one row for each reason;
 * then messages of faulty validators at random between everything else that happens, each answer held against the step itself.
 */

type Message = { readonly vote: VerifiedVote } | { readonly proposal: VerifiedProposal };

const A = blockOf(0);
const B = blockOf(1);
const C = blockOf(2);
const STRANGER = 9;

const prevote = (place: number, round: number, block: typeof A | undefined, height = 1): Message => ({
  vote: voteOf('prevote', place, round, block?.blockHash, height),
});
const proposal = (place: number, round: number, block: typeof A, validRound = -1, height = 1): Message => ({
  proposal: proposalOf(place, round, block.blockHash, validRound, height),
});

function inputOf(message: Message): Input {
  return 'vote' in message ? { type: 'voteReceived', ...message } : { type: 'proposalReceived', ...message, receivedAtMs: 7 };
}

function wouldKeep(state: ConsensusState, message: Message): boolean {
  return 'vote' in message ? wouldKeepVote(state, message.vote) : wouldKeepProposal(state, message.proposal);
}

/** The same words, and a signature that is no good. */
function forged(message: Message): Message {
  const signature = new Uint8Array(65).fill(9) as VerifiedVote['signature'];
  return 'vote' in message ? { vote: { ...message.vote, signature } } : { proposal: { ...message.proposal, signature } };
}

function doesAnything(before: ConsensusState, message: Message): boolean {
  const { state, effects } = step(before, inputOf(message));
  return state !== before || effects.length > 0;
}

/** Gives messages to a node in round 0, place 1 of four. */
function after(...messages: readonly Message[]): OneNode {
  const node = OneNode.inRound0(1);
  for (const message of messages) node.take(inputOf(message));
  return node;
}

/** The node after so many rounds that ended with precommits for nil. */
function inRound(round: number): OneNode {
  const node = OneNode.inRound0(1);
  for (let each = 0; each < round; each++) node.votes('precommit', [0, 2, 3], each, undefined);
  return node;
}

const eight = Array.from({ length: CONSENSUS_LIMITS.nextHeightMessagesPerValidatorMax }, (_, round) => prevote(3, round, A, 2));

const ROWS: readonly (readonly [what: string, node: () => OneNode, message: Message, isOfUse: boolean])[] = [
  ['a first vote', () => after(), prevote(3, 0, A), true],
  ['a vote that is counted', () => after(prevote(3, 0, A)), prevote(3, 0, A), false],
  ['a vote for a second value', () => after(prevote(3, 0, A)), prevote(3, 0, B), true],
  ['a vote for a third value', () => after(prevote(3, 0, A), prevote(3, 0, B)), prevote(3, 0, C), false],
  [
    'a vote for a third value behind which the honest threshold stands',
    () => after(prevote(3, 0, A), prevote(3, 0, B), prevote(0, 0, C), prevote(2, 0, C)),
    prevote(3, 0, C),
    true,
  ],
  ['a vote of the lowest round that is kept', () => inRound(20), prevote(3, 12, A), true],
  ['a vote of a round below', () => inRound(20), prevote(3, 11, A), false],
  ['a vote of a third round ahead, above the others', () => after(prevote(3, 5, A), prevote(3, 6, A)), prevote(3, 7, A), true],
  ['a vote of a third round ahead, below the others', () => after(prevote(3, 5, A), prevote(3, 6, A)), prevote(3, 4, A), false],
  ['a vote of nobody', () => after(), prevote(STRANGER, 0, A), true],
  ['a vote of the next height', () => after(), prevote(3, 0, A, 2), true],
  ['a vote of the next height that is kept', () => after(prevote(3, 0, A, 2)), prevote(3, 0, A, 2), false],
  ['a ninth vote of the next height', () => after(...eight), prevote(3, 9, A, 2), false],
  ['a vote of another validator beside them', () => after(...eight), prevote(2, 9, A, 2), true],
  ['a vote of a height after the next', () => after(), prevote(3, 0, A, 3), false],
  ['a vote of a height that is over', () => after(), prevote(3, 0, A, 0), false],
  ['a first proposal', () => after(), proposal(0, 0, A), true],
  ['a proposal that is known', () => after(proposal(0, 0, A)), proposal(0, 0, A), false],
  ['a second proposal', () => after(proposal(0, 0, A)), proposal(0, 0, B), true],
  ['a third proposal', () => after(proposal(0, 0, A), proposal(0, 0, B)), proposal(0, 0, C), false],
  [
    'a third proposal whose block the honest threshold prevoted',
    () => after(proposal(0, 0, A), proposal(0, 0, B), prevote(2, 0, C), prevote(3, 0, C)),
    proposal(0, 0, C),
    true,
  ],
  ['a proposal of a round below those that are kept', () => inRound(20), proposal(3, 11, A), false],
  ['a proposal of the next height', () => after(), proposal(0, 0, A, -1, 2), true],
  ['a proposal of the next height that is kept', () => after(proposal(0, 0, A, -1, 2)), proposal(0, 0, A, -1, 2), false],
  ['a proposal of the next height after eight messages', () => after(...eight), proposal(3, 0, A, -1, 2), false],
];

describe('whether it is of use', () => {
  it.each(ROWS)('%s', (_what, nodeOf, message, isOfUse) => {
    const { state } = nodeOf();
    expect([wouldKeep(state, message), wouldKeep(state, forged(message))]).toEqual([isOfUse, isOfUse]);
  });

  it('nothing of a height that is decided', () => {
    const node = OneNode.inRound0(1);
    node.offer(0, 0, A);
    node.votes('precommit', [0, 2, 3], 0, A);
    expect(node.height.phase).toBe('decided');
    const messages = [prevote(3, 0, A), prevote(STRANGER, 0, A), proposal(2, 1, B), prevote(3, 0, A, 2), proposal(2, 1, B, -1, 2)];
    expect(messages.map((message) => wouldKeep(node.state, message))).toEqual([false, false, false, true, true]);
  });

  it('nothing before the first height but what belongs to it', () => {
    const state = { ...OneNode.inRound0(1).state, current: undefined };
    const messages = [prevote(3, 0, A, 1), prevote(3, 0, A, 0)];
    expect(messages.map((message) => wouldKeep(state, message))).toEqual([false, true]);
  });
});

describe('asked before the message is verified', () => {
  const places = [0, 2, 3, 4, 5, 6, STRANGER];
  const fill = fc.nat(4).map((number) => (number === 0 ? undefined : hashOf(number)));
  const round = fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(40) });
  const height = fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, { weight: 3, arbitrary: fc.constant(2) }, fc.nat(3));
  const place = fc.constantFrom(...places);
  const message: fc.Arbitrary<Message> = fc.oneof(
    fc
      .record({ kind: fc.constantFrom('prevote' as const, 'precommit' as const), place, round, fill, height })
      .map((each) => ({ vote: voteOf(each.kind, each.place, each.round, each.fill, each.height) })),
    fc.record({ place, round, fill, polka: fc.nat(), height }).map((each) => ({
      proposal: proposalOf(each.place, each.round, each.fill ?? hashOf(5), (each.polka % (each.round + 1)) - 1, each.height),
    })),
  );
  const other: fc.Arbitrary<readonly Input[]> = fc.oneof(
    // The round ends: 2f+1 precommit nil.
    round.map((each) =>
      [0, 2, 3, 4, 5].map((voter): Input => ({ type: 'voteReceived', vote: voteOf('precommit', voter, each, undefined) })),
    ),
    // All prevote one value, and later precommit it.
    fc
      .record({ kind: fc.constantFrom('prevote' as const, 'precommit' as const), round: fc.nat(3) })
      .map(({ kind, round: each }) =>
        [0, 2, 3, 4, 5].map((voter): Input => ({ type: 'voteReceived', vote: voteOf(kind, voter, each, hashOf(1)) })),
      ),
    fc.nat(4).map((number): readonly Input[] => [
      { type: 'blockReceived', block: { blockHash: hashOf(number), proposer: addressOf(number % 7), timestampMs: 0 } },
      { type: 'blockValidated', blockHash: hashOf(number), valid: true },
    ]),
    fc
      .record({ kind: fc.constantFrom('propose' as const, 'prevote' as const, 'precommit' as const), round: fc.nat(3) })
      .map((each): readonly Input[] => [{ type: 'timeoutExpired', timeout: { ...each, height: 1 } }]),
    fc.constant<readonly Input[]>([
      { type: 'heightStarted', height: 2, validators: validatorsOf(1, 1, 1, 1, 1, 1, 1), timing: TIMING, signing: 'allowed' },
    ]),
  );
  const schedule = fc.array(fc.oneof({ weight: 30, arbitrary: message }, { weight: 2, arbitrary: other }), {
    minLength: 50,
    maxLength: 300,
  });

  it('it is what the step then does, whatever came before', () => {
    const seen = { kept: 0, refused: 0, strangers: 0 };
    fc.assert(
      fc.property(schedule, (happenings) => {
        const node = OneNode.inRound0(1, [1, 1, 1, 1, 1, 1, 1]);
        for (const happening of happenings) {
          if (!('vote' in happening) && !('proposal' in happening)) {
            for (const input of happening) node.take(input);
            continue;
          }
          const said = wouldKeep(node.state, forged(happening));
          const isStranger = ('vote' in happening ? happening.vote.validator : happening.proposal.proposer)[0] === STRANGER + 1;
          const done = doesAnything(node.state, happening);
          // A stranger's message may be asked for, to be refused; never the other way round.
          expect(isStranger ? said || !done : said === done).toBe(true);
          seen[isStranger ? 'strangers' : said ? 'kept' : 'refused']++;
          node.take(inputOf(happening));
        }
      }),
      { numRuns: 100 },
    );
    expect(Math.min(seen.kept, seen.refused, seen.strangers)).toBeGreaterThan(100);
  });
});
