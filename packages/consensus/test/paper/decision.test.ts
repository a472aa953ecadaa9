import { trustOwn } from '@mutual-chain/consensus';
import type { CommitCertificate } from '@mutual-chain/protocol';
import { describe, expect, it } from 'vitest';
import { blockOf, cancel, done, known, NOTHING, OneNode, roundState, schedule, sign, voteRequest } from '../support/one-node.ts';
import { addressOf, voteOf } from '../support/validators.ts';

/*
 * Goal: a node decides as in lines 49–54, follows others as in lines 55–56 and goes on as in lines 65–67 of the paper. Method: one node (at
 * place 3), one input, the whole outcome.
 */

const A = blockOf(0);
const B = blockOf(1);

function certificateOf(round: number, block = A): CommitCertificate {
  const signatures = [0, 1, 2].map((validatorIndex) => ({
    validatorIndex,
    signature: voteOf('precommit', validatorIndex, round, block.blockHash).signature,
  }));
  return { height: 1, round, blockHash: block.blockHash, signatures };
}

const commit = (round: number, block = A) => ({
  type: 'commitBlock' as const,
  height: 1,
  blockHash: block.blockHash,
  certificate: certificateOf(round, block),
});
const decided = (round: number, block = A) => ({ round, blockHash: block.blockHash, contradiction: undefined });

describe('lines 49–54: 2f+1 precommits for a valid block', () => {
  it('decide in the current round, in any step, and everything after that is ignored', () => {
    const node = OneNode.inRound0(3);
    node.offer(0, 0, A);
    node.votes('precommit', [0, 1], 0, A);
    expect(node.vote('precommit', 2, 0, A)).toEqual({
      isLogged: true,
      effects: [commit(0)],
      changes: {
        votes: { 0: { prevote: {}, precommit: { a0: [0, 1, 2] }, senders: [0, 1, 2] } },
        phase: 'decided',
        decision: decided(0),
      },
    });
    expect([
      node.signed(voteRequest('prevote', 0, A)),
      node.vote('prevote', 0, 0, B),
      node.proposal(1, 1, B),
      node.body(B),
      node.expireRound('propose', 0),
      node.expire('resend'),
      node.take({ type: 'workAvailable' }),
      node.take({ type: 'certificateReceived', certificate: trustOwn(certificateOf(0)) }),
    ]).toEqual(Array.from({ length: 8 }, () => NOTHING));
  });

  it('decide in a past round', () => {
    const node = OneNode.inRound0(3);
    node.offer(0, 0, A);
    node.votes('precommit', [0, 1], 0, A);
    node.votes('precommit', [0, 1], 3, undefined);
    expect(node.height.round.round).toBe(3);
    expect(node.vote('precommit', 2, 0, A)).toEqual({
      isLogged: true,
      effects: [commit(0)],
      changes: { votes: expect.anything(), phase: 'decided', decision: decided(0) },
    });
  });

  it('decide in a future round', () => {
    const node = OneNode.inRound0(3);
    node.body(A);
    node.votes('precommit', [0], 5, A);
    node.votes('precommit', [1, 2], 5, A);
    expect(node.validated(A)).toEqual({
      isLogged: true,
      effects: [commit(5)],
      changes: { blocks: [known(A, 'valid')], phase: 'decided', decision: decided(5) },
    });
    expect(node.height.round.round).toBe(5);
  });

  it('decide before round 0 has begun here', () => {
    const node = new OneNode(3);
    node.votes('precommit', [0, 1, 2], 0, A);
    node.body(A);
    expect(node.validated(A).effects).toEqual([commit(0)]);
    expect(node.height.round.round).toBe(-1);
  });

  it('need no proposal: with the body they stand for it, and the body is asked for', () => {
    const node = OneNode.inRound0(3);
    node.votes('precommit', [0, 1], 0, A);
    expect(node.vote('precommit', 2, 0, A)).toEqual({
      isLogged: true,
      effects: [schedule('precommit', 0), { type: 'requestBlock', height: 1, blockHash: A.blockHash, holders: [0, 1, 2].map(addressOf) }],
      changes: {
        votes: { 0: { prevote: {}, precommit: { a0: [0, 1, 2] }, senders: [0, 1, 2] } },
        round: roundState(0, { done: done('precommitTimeout') }),
        wantedBodies: [A.blockHash],
      },
    });
    expect(node.body(A)).toEqual({
      isLogged: true,
      effects: [{ type: 'validateBlock', height: 1, blockHash: A.blockHash }],
      changes: { blocks: [known(A, 'validating')], wantedBodies: [] },
    });
    expect(node.validated(A).effects).toEqual([commit(0)]);
  });

  it('are no quorum with exactly two thirds of the power', () => {
    const node = OneNode.inRound0(2, [1, 1, 1]);
    node.offer(0, 0, A);
    node.votes('precommit', [0, 1], 0, A);
    expect(node.height.phase).toBe('running');
  });

  it('count power, not heads', () => {
    const node = OneNode.inRound0(0, [1, 7, 1, 1]);
    node.body(B);
    node.vote('precommit', 1, 0, B);
    node.validated(B);
    expect({ phase: node.height.phase, decision: node.height.decision }).toEqual({ phase: 'decided', decision: decided(0, B) });
  });

  it.each([
    [
      'was invalid before',
      (node: OneNode) => {
        node.proposal(0, 0, A);
        node.body(A);
        node.validated(A, false);
        return node.votes('precommit', [0, 1, 2], 0, A);
      },
    ],
    [
      'turns out invalid',
      (node: OneNode) => {
        node.votes('precommit', [0, 1, 2], 0, A);
        node.body(A);
        return node.validated(A, false);
      },
    ],
  ])('line 50: stop the node when the block %s: it is never committed and never skipped', (_when, prepare) => {
    const node = OneNode.inRound0(3);
    const { effects } = prepare(node);
    const contradiction = 'STATE_ROOT_WRONG';
    expect(effects).toEqual([{ type: 'halt', height: 1, blockHash: A.blockHash, certificate: certificateOf(0), reason: contradiction }]);
    expect({ phase: node.height.phase, decision: node.height.decision }).toEqual({
      phase: 'halted',
      decision: { round: 0, blockHash: A.blockHash, contradiction },
    });
    expect(node.votes('precommit', [0, 1, 2], 1, B)).toEqual(NOTHING);
  });

  it('stop the node when the block names a proposer whose turn had not come', () => {
    const node = OneNode.inRound0(3);
    node.body(B);
    node.votes('precommit', [0, 1, 2], 0, B);
    const reason = 'its proposer had no turn up to the round that decided it';
    expect(node.validated(B).effects).toEqual([
      { type: 'halt', height: 1, blockHash: B.blockHash, certificate: certificateOf(0, B), reason },
    ]);
    // In round 1 it may.
    const later = OneNode.inRound0(3);
    later.body(B);
    later.votes('precommit', [0, 1, 2], 1, B);
    expect(later.validated(B).effects).toEqual([commit(1, B)]);
  });
});

describe('lines 55–56: f+1 messages of a later round', () => {
  it('start that round', () => {
    const node = OneNode.inRound0(3);
    expect(node.vote('precommit', 0, 2, undefined).effects).toEqual([]);
    expect(node.vote('prevote', 1, 2, A)).toEqual({
      isLogged: true,
      effects: [cancel(2), schedule('propose', 2)],
      changes: {
        votes: { 2: { prevote: { a0: [1] }, precommit: { nil: [0] }, senders: [0, 1] } },
        round: roundState(2),
        proposers: [0, 1, 2].map(addressOf),
        nextPriorities: expect.anything(),
      },
    });
  });

  it('count a proposal, whoever made it, and every sender once', () => {
    const node = OneNode.inRound0(3);
    node.proposal(1, 1, B);
    node.vote('prevote', 1, 1, B);
    node.vote('precommit', 1, 1, B);
    expect(node.height.round.round).toBe(0);
    expect(node.proposal(2, 1, A).effects).toEqual([cancel(1), schedule('propose', 1)]);
  });

  it('start the highest such round', () => {
    const node = OneNode.inRound0(3, [1, 1, 1, 1, 1, 1, 1]);
    node.votes('prevote', [0, 1], 1, undefined);
    node.votes('prevote', [0, 1], 4, undefined);
    expect(node.vote('prevote', 2, 4, undefined).effects).toEqual([cancel(4), schedule('propose', 4)]);
    expect(node.vote('prevote', 2, 1, undefined).effects).toEqual([]);
    expect(node.height.round).toEqual(roundState(4));
  });

  it('are judged at once in the new round', () => {
    const node = OneNode.inRound0(3);
    node.body(B);
    node.proposal(1, 1, B);
    expect(node.vote('prevote', 0, 1, B).effects).toEqual([
      cancel(1),
      schedule('propose', 1),
      { type: 'validateBlock', height: 1, blockHash: B.blockHash },
    ]);
  });
});

describe('lines 65–67: the time for precommits is over', () => {
  it('starts the next round', () => {
    const node = OneNode.inRound0(3);
    node.vote('precommit', 0, 0, A);
    node.votes('precommit', [1, 2], 0, undefined);
    expect(node.expireRound('precommit', 0)).toEqual({
      isLogged: true,
      effects: [cancel(1), schedule('propose', 1)],
      changes: { round: roundState(1), proposers: [0, 1].map(addressOf), nextPriorities: expect.anything() },
    });
    expect(node.expireRound('precommit', 0)).toEqual(NOTHING);
  });

  it('changes nothing in another height or round', () => {
    const node = OneNode.inRound0(3);
    expect([node.expireRound('precommit', 1), node.expireRound('precommit', 0, 2), node.expireRound('precommit', 0, 0)]).toEqual([
      NOTHING,
      NOTHING,
      NOTHING,
    ]);
  });

  it('is not waited for when 2f+1 precommitted nil: that round can no longer decide', () => {
    const node = OneNode.inRound0(3);
    node.votes('precommit', [0, 1], 0, undefined);
    expect(node.vote('precommit', 2, 0, undefined).effects).toEqual([cancel(1), schedule('propose', 1)]);
    expect(node.vote('precommit', 3, 0, undefined).effects).toEqual([]);
  });

  it('is waited for when the precommits of a quorum differ', () => {
    const node = OneNode.inRound0(3);
    node.vote('precommit', 0, 0, A);
    node.votes('precommit', [1, 2], 0, undefined);
    expect(node.height.round).toEqual(roundState(0, { done: done('precommitTimeout') }));
    expect(node.offer(0, 0, A).effects).toEqual([sign(voteRequest('prevote', 0, A))]);
  });
});
