import { CONSENSUS_LIMITS } from '@mutual-chain/consensus';
import { describe, expect, it } from 'vitest';
import {
  blockOf,
  cancel,
  done,
  known,
  NOTHING,
  OneNode,
  proposalRequest,
  roundState,
  schedule,
  sign,
  voteRequest,
} from '../support/one-node.ts';
import { addressOf } from '../support/validators.ts';

/*
 * Goal: a validator locks and precommits as in lines 34–48 and 61–64 of the paper, each thing once. Method: one node (at place 3), one
 * input, the whole outcome.
 */

const A = blockOf(0);
const prevoteA = voteRequest('prevote', 0, A);
const precommitA = voteRequest('precommit', 0, A);
const nilPrevote = voteRequest('prevote', 0, undefined);
const nilPrecommit = voteRequest('precommit', 0, undefined);
const VALID_A = { validRound: 0, validValue: A.blockHash };
const LOCKED_A = { lockedRound: 0, lockedValue: A.blockHash, ...VALID_A };

/** A node that has prevoted A in round 0. */
function prevotedA(): OneNode {
  const node = OneNode.inRound0(3);
  node.offer(0, 0, A);
  return node;
}

/** A node that has prevoted nil in round 0. */
function prevotedNil(): OneNode {
  const node = OneNode.inRound0(3);
  node.expireRound('propose', 0);
  return node;
}

describe('lines 34–35: 2f+1 prevotes of anything', () => {
  it('set the timer for the rest, once', () => {
    const node = prevotedNil();
    node.vote('prevote', 0, 0, A);
    node.vote('prevote', 1, 0, undefined);
    expect(node.vote('prevote', 2, 0, A)).toEqual({
      isLogged: true,
      effects: [schedule('prevote', 0)],
      changes: {
        votes: { 0: { prevote: { a0: [0, 2], nil: [1] }, precommit: {}, senders: [0, 1, 2] } },
        round: roundState(0, { step: 'prevote', done: done('prevoteTimeout') }),
      },
    });
    expect(node.signed(nilPrevote)).toEqual({
      isLogged: true,
      effects: [{ type: 'sendVotes', to: 'all', votes: [expect.objectContaining({ kind: 'prevote', round: 0, blockHash: undefined })] }],
      changes: {
        votes: { 0: { prevote: { a0: [0, 2], nil: [1, 3] }, precommit: {}, senders: [0, 1, 2, 3] } },
        pendingSignatures: [],
        lastSigned: nilPrevote,
      },
    });
  });

  it('wait for the step prevote: then the timer is set as soon as it is reached', () => {
    const node = OneNode.inRound0(3);
    node.vote('prevote', 0, 0, A);
    node.vote('prevote', 1, 0, undefined);
    expect(node.vote('prevote', 2, 0, A).effects).toEqual([]);
    expect(node.expireRound('propose', 0).effects).toEqual([sign(nilPrevote), schedule('prevote', 0)]);
  });

  it('count every validator once, whatever it votes', () => {
    const node = prevotedNil();
    node.vote('prevote', 0, 0, A);
    node.vote('prevote', 0, 0, undefined);
    node.vote('prevote', 1, 0, A);
    node.vote('prevote', 1, 0, undefined);
    expect(node.height.round.done).toEqual(done());
  });
});

describe('lines 36–43: a valid proposal with 2f+1 prevotes', () => {
  it('lines 37–41: is locked and precommitted in the step prevote', () => {
    const node = prevotedA();
    node.vote('prevote', 0, 0, A);
    node.vote('prevote', 1, 0, A);
    expect(node.vote('prevote', 2, 0, A)).toEqual({
      isLogged: true,
      effects: [sign(precommitA)],
      changes: {
        votes: { 0: { prevote: { a0: [0, 1, 2] }, precommit: {}, senders: [0, 1, 2] } },
        round: roundState(0, { step: 'precommit', ...LOCKED_A }),
        pendingSignatures: [prevoteA, precommitA],
      },
    });
    // Not again with one vote more.
    expect(node.signed(prevoteA).effects).toEqual([expect.objectContaining({ type: 'sendVotes' })]);
  });

  it('lines 42–43: becomes the valid value, without a lock, in the step precommit', () => {
    const node = prevotedNil();
    node.votes('prevote', [0, 1, 2], 0, A);
    expect(node.expireRound('prevote', 0).effects).toEqual([sign(nilPrecommit)]);
    node.proposal(0, 0, A);
    node.body(A);
    expect(node.validated(A)).toEqual({
      isLogged: true,
      effects: [],
      changes: {
        blocks: [known(A, 'valid')],
        round: roundState(0, { step: 'precommit', ...VALID_A, done: done('prevoteTimeout') }),
      },
    });
  });

  it('line 36: has to be proposed, by the proposer of the round, in that round', () => {
    const node = prevotedNil();
    node.body(A);
    node.votes('prevote', [0, 1, 2], 0, A);
    node.proposal(1, 0, A);
    node.proposal(1, 1, A);
    node.validated(A);
    expect(node.height.round).toEqual(roundState(0, { step: 'prevote', ...VALID_A, done: done('prevoteTimeout') }));
    expect(node.proposal(0, 0, A).effects).toEqual([sign(precommitA)]);
  });

  it('line 36: has to be valid', () => {
    const node = OneNode.inRound0(3);
    node.proposal(0, 0, A);
    node.body(A);
    node.validated(A, false);
    node.votes('prevote', [0, 1, 2], 0, A);
    expect(node.height.round).toEqual(roundState(0, { step: 'prevote', done: done('prevoteTimeout') }));
  });

  it('line 36: waits for the step prevote, and then fires', () => {
    const node = OneNode.inRound0(3);
    node.votes('prevote', [0, 1, 2], 0, A);
    node.proposal(0, 0, A);
    node.body(A);
    expect(node.validated(A).effects).toEqual([sign(prevoteA), sign(precommitA)]);
  });

  it('line 36: asks at once for the body of what 2f+1 prevoted', () => {
    const node = OneNode.inRound0(3);
    node.votes('prevote', [0, 1], 0, A);
    const { effects, changes } = node.vote('prevote', 2, 0, A);
    const holders = [0, 1, 2].map((place) => new Uint8Array(20).fill(place + 1));
    expect(effects).toEqual([{ type: 'requestBlock', height: 1, blockHash: A.blockHash, holders }]);
    expect(changes.wantedBodies).toEqual([A.blockHash]);
    expect(node.body(A).changes).toEqual({ blocks: [known(A, 'validating')], wantedBodies: [] });
  });

  it('two quorums in later rounds move the lock', () => {
    const node = prevotedA();
    node.votes('prevote', [0, 1, 2], 0, A);
    node.votes('precommit', [0, 1, 2], 0, undefined);
    const B = blockOf(1);
    node.offer(1, 1, B);
    node.votes('prevote', [0, 1, 2], 1, B);
    const locked = { lockedRound: 1, lockedValue: B.blockHash, validRound: 1, validValue: B.blockHash };
    expect(node.height.round).toEqual(roundState(1, { step: 'precommit', ...locked }));
  });
});

describe('lines 42–43: 2f+1 prevotes of a round that is over', () => {
  const B = blockOf(1);
  const VALID_B = { validRound: 1, validValue: B.blockHash };

  /** A node in round 2 that holds no block and has voted nil; the validator at this place proposes in its round. */
  function inRound2(place = 3): OneNode {
    const node = OneNode.inRound0(place);
    for (const round of [0, 1]) {
      node.expireRound('propose', round);
      node.votes(
        'precommit',
        [0, 1, 2, 3].filter((each) => each !== place),
        round,
        undefined,
      );
    }
    return node;
  }

  it('ask for the body, and make the block the valid value as soon as it is found valid, without a vote', () => {
    const node = inRound2();
    node.votes('prevote', [0, 1], 1, B);
    const { effects } = node.vote('prevote', 2, 1, B);
    expect(effects).toEqual([
      { type: 'requestBlock', height: 1, blockHash: B.blockHash, holders: [addressOf(0), addressOf(1), addressOf(2)] },
    ]);
    expect(node.body(B).effects).toEqual([{ type: 'validateBlock', height: 1, blockHash: B.blockHash }]);
    expect(node.validated(B)).toEqual({
      isLogged: true,
      effects: [],
      changes: { blocks: [known(B, 'valid')], round: roundState(2, VALID_B) },
    });
  });

  it('let the next proposer propose the block again, with the round of the quorum', () => {
    const node = inRound2();
    node.body(B);
    node.votes('prevote', [0, 1, 2], 1, B);
    node.validated(B);
    expect(node.votes('precommit', [0, 1, 2], 2, undefined).effects).toEqual([
      cancel(3),
      sign(proposalRequest(3, B, 1)),
      schedule('propose', 3),
    ]);
  });

  it('count when they are complete before the node leaves the step propose of that round', () => {
    const node = inRound2(3);
    node.body(B);
    node.votes('prevote', [0, 1, 2], 2, B);
    node.validated(B);
    expect(node.height.round).toEqual(roundState(2, { validRound: 2, validValue: B.blockHash }));
    expect(node.votes('prevote', [0, 1], 3, undefined).effects).toContainEqual(sign(proposalRequest(3, B, 2)));
  });

  it('count before a round that begins while the node still waits for round 0', () => {
    const node = new OneNode(1);
    node.offer(0, 0, A);
    node.votes('prevote', [0, 2, 3], 0, A);
    expect(node.height.phase).toBe('waiting');
    expect(node.votes('prevote', [0, 2], 1, undefined)).toMatchObject({
      effects: [cancel(1), sign(proposalRequest(1, A, 0)), schedule('propose', 1)],
      changes: { phase: 'running', round: roundState(1, VALID_A) },
    });
  });

  it('do not move the lock, and count only when no later round has a valid value', () => {
    const node = prevotedNil();
    node.votes('precommit', [0, 1, 2], 0, undefined);
    node.offer(1, 1, B);
    node.votes('prevote', [0, 1, 2], 1, B);
    node.body(A);
    const locked = roundState(1, { step: 'precommit', lockedRound: 1, lockedValue: B.blockHash, ...VALID_B });
    expect(node.votes('prevote', [0, 1, 2], 0, A).effects).toEqual([]);
    expect(node.height.round).toEqual(locked);

    const holder = prevotedA();
    holder.votes('prevote', [0, 1, 2], 0, A);
    for (const round of [0, 1]) holder.votes('precommit', [0, 1, 2], round, undefined);
    holder.votes('prevote', [0, 1, 2], 1, B);
    holder.body(B);
    holder.validated(B);
    expect(holder.height.round).toEqual(roundState(2, { ...LOCKED_A, ...VALID_B }));
  });

  it.each([
    ['for nil', undefined, true],
    ['for an invalid block', B, false],
  ] as const)('do not count %s', (_what, block, isValid) => {
    const node = inRound2();
    node.body(B);
    node.votes('prevote', [0, 1, 2], 1, block);
    node.validated(B, isValid);
    expect(node.height.round).toEqual(roundState(2));
  });

  it('are kept for the latest of several blocks whose bodies are missing, and that body alone is waited for', () => {
    const node = inRound2();
    const C = blockOf(2);
    node.votes('prevote', [0, 1, 2], 1, B);
    expect(node.votes('prevote', [0, 1, 2], 2, C).changes.wantedBodies).toEqual([B.blockHash, C.blockHash]);
    const late = 4 + CONSENSUS_LIMITS.pastRoundsMax;
    for (let round = 2; round < late; round++) node.votes('precommit', [0, 1, 2], round, undefined);
    const rounds = node.height.keeper.rounds.map(({ round }) => round);
    expect(rounds.filter((round) => round < late - CONSENSUS_LIMITS.pastRoundsMax)).toEqual([2]);
    expect(node.height.wantedBodies).toEqual([C.blockHash]);
  });

  it('are kept for as long as the body is missing', () => {
    const node = inRound2();
    node.votes('prevote', [0, 1, 2], 1, B);
    const late = 2 + CONSENSUS_LIMITS.pastRoundsMax;
    for (let round = 2; round < late; round++) node.votes('precommit', [0, 1, 2], round, undefined);
    expect(node.height.keeper.rounds.map(({ round }) => round)).toEqual([1, ...Array.from({ length: late - 2 }, (_, at) => at + 2)]);
    node.body(B);
    node.validated(B);
    expect(node.height.round).toEqual(roundState(late, VALID_B));
  });
});

describe('lines 44–46: 2f+1 prevotes for nil', () => {
  it('are answered with nil in the step prevote, and the reason is kept', () => {
    const node = prevotedA();
    node.votes('prevote', [0, 1], 0, undefined);
    expect(node.vote('prevote', 2, 0, undefined)).toEqual({
      isLogged: true,
      effects: [sign(nilPrecommit)],
      changes: {
        votes: { 0: { prevote: { nil: [0, 1, 2] }, precommit: {}, senders: [0, 1, 2] } },
        round: roundState(0, { step: 'precommit' }),
        pendingSignatures: [prevoteA, nilPrecommit],
        nilVotes: [{ kind: 'precommit', round: 0, reason: 'nilQuorum' }],
      },
    });
  });

  it('never unlock', () => {
    const node = prevotedA();
    node.votes('prevote', [0, 1, 2], 0, A);
    node.votes('precommit', [0, 1, 2], 0, undefined);
    node.expireRound('propose', 1);
    node.votes('prevote', [0, 1, 2], 1, undefined);
    expect(node.height.round).toEqual(roundState(1, { step: 'precommit', ...LOCKED_A }));
  });

  it('wait for the step prevote', () => {
    const node = OneNode.inRound0(3);
    expect(node.votes('prevote', [0, 1, 2], 0, undefined).effects).toEqual([]);
    expect(node.expireRound('propose', 0).effects).toEqual([sign(nilPrevote), sign(nilPrecommit)]);
  });
});

describe('lines 47–48: 2f+1 precommits of anything', () => {
  it('set the timer for the rest, once, in any step', () => {
    const node = OneNode.inRound0(3);
    node.vote('precommit', 0, 0, A);
    node.vote('precommit', 1, 0, undefined);
    expect(node.vote('precommit', 2, 0, A)).toEqual({
      isLogged: true,
      effects: [schedule('precommit', 0)],
      changes: {
        votes: { 0: { prevote: {}, precommit: { a0: [0, 2], nil: [1] }, senders: [0, 1, 2] } },
        round: roundState(0, { done: done('precommitTimeout') }),
      },
    });
    node.expireRound('propose', 0);
    node.expireRound('prevote', 0);
    expect(node.signed(nilPrecommit).effects).toEqual([expect.objectContaining({ type: 'sendVotes' })]);
  });
});

describe('lines 61–64: the time for prevotes is over', () => {
  it('precommits nil in the step prevote, and never unlocks', () => {
    const node = prevotedA();
    node.vote('prevote', 0, 0, undefined);
    expect(node.expireRound('prevote', 0)).toEqual({
      isLogged: true,
      effects: [sign(nilPrecommit)],
      changes: {
        round: roundState(0, { step: 'precommit' }),
        pendingSignatures: [prevoteA, nilPrecommit],
        nilVotes: [{ kind: 'precommit', round: 0, reason: 'noQuorum' }],
      },
    });
    expect(node.expireRound('prevote', 0)).toEqual(NOTHING);
  });

  it('changes nothing in another round, height or step', () => {
    const node = prevotedA();
    expect([node.expireRound('prevote', 1), node.expireRound('prevote', 0, 2)]).toEqual([NOTHING, NOTHING]);
    const early = OneNode.inRound0(3);
    expect(early.expireRound('prevote', 0)).toEqual(NOTHING);
  });
});
