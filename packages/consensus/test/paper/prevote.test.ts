import type { BlockFacts, NilVote, RoundState } from '@mutual-chain/consensus';
import { describe, expect, it } from 'vitest';
import {
  blockOf,
  known,
  NOTHING,
  NOW_MS,
  OneNode,
  type Outcome,
  proposalRequest,
  roundState,
  sign,
  voteRequest,
} from '../support/one-node.ts';
import { addressOf } from '../support/validators.ts';

/*
 * Goal: a validator prevotes as in lines 22–33 and 57–60 of the paper, under every combination of lock and proposal. Method: one node (at
 * place 3), brought to a state with a lock by messages alone; one input; the whole outcome.
 */

const A = blockOf(0);
const B = blockOf(1);

/** The outcome of a vote in a round: nil with its reason, or a block. */
function prevoted(
  round: RoundState,
  block: BlockFacts | undefined,
  pending: Outcome['changes']['pendingSignatures'],
  nil: NilVote['reason'] | undefined,
  nilBefore: readonly NilVote[] = [],
): Pick<Outcome, 'effects'> & { readonly changes: Outcome['changes'] } {
  const request = voteRequest('prevote', round.round, block);
  return {
    effects: [sign(request)],
    changes: {
      round: { ...round, step: 'prevote' },
      pendingSignatures: [...(pending ?? []), request],
      ...(nil === undefined ? {} : { nilVotes: [...nilBefore, { kind: 'prevote', round: round.round, reason: nil }] }),
    },
  };
}

/** A node that locked A in round 0 and is in round 1, where the validator at place 1 proposes. */
function lockedOnA(): OneNode {
  const node = OneNode.inRound0(3);
  node.offer(0, 0, A);
  node.votes('prevote', [0, 1, 2], 0, A);
  node.votes('precommit', [0, 1, 2], 0, undefined);
  return node;
}

const LOCKED = { lockedRound: 0, lockedValue: A.blockHash, validRound: 0, validValue: A.blockHash };
const OF_ROUND_0 = [voteRequest('prevote', 0, A), voteRequest('precommit', 0, A)];

describe('lines 22–27: a fresh proposal', () => {
  it('line 24: is prevoted when it is valid and nothing is locked', () => {
    const node = OneNode.inRound0(3);
    expect(node.proposal(0, 0, A)).toEqual({
      isLogged: true,
      effects: [],
      changes: {
        proposals: [
          { proposal: expect.objectContaining({ blockHash: A.blockHash, round: 0, validRound: -1 }), position: 0, receivedAtMs: NOW_MS },
        ],
        votes: { 0: { prevote: {}, precommit: {}, senders: [0] } },
      },
    });
    expect(node.body(A)).toEqual({
      isLogged: true,
      effects: [{ type: 'validateBlock', height: 1, blockHash: A.blockHash }],
      changes: { blocks: [known(A, 'validating')] },
    });
    const vote = prevoted(roundState(0), A, [], undefined);
    expect(node.validated(A)).toEqual({ isLogged: true, effects: vote.effects, changes: { ...vote.changes, blocks: [known(A, 'valid')] } });
    // The same again changes nothing.
    expect([node.proposal(0, 0, A), node.body(A), node.validated(A)]).toEqual([NOTHING, NOTHING, NOTHING]);
  });

  it('line 26: is answered with nil when it is invalid (Mainsail 1314)', () => {
    const node = OneNode.inRound0(3);
    node.proposal(0, 0, A);
    node.body(A);
    const vote = prevoted(roundState(0), undefined, [], 'invalid');
    expect(node.validated(A, false)).toEqual({
      isLogged: true,
      effects: vote.effects,
      changes: { ...vote.changes, blocks: [known(A, 'invalid', 'STATE_ROOT_WRONG')] },
    });
  });

  it('line 23: is answered with nil when another value is locked, before its body is even here', () => {
    const node = lockedOnA();
    const { effects, changes } = prevoted(roundState(1, LOCKED), undefined, OF_ROUND_0, 'lockedOnOther');
    expect(node.proposal(1, 1, B)).toEqual({
      isLogged: true,
      effects,
      changes: { ...changes, proposals: expect.anything(), votes: expect.anything() },
    });
  });

  it('line 23: is prevoted when it is the locked value', () => {
    const node = lockedOnA();
    // The first proposer of A is place 0; only its own fresh proposal of it counts, which it can make in round 4.
    for (const round of [1, 2, 3]) node.votes('precommit', [0, 1, 2], round, undefined);
    const { effects, changes } = prevoted(roundState(4, LOCKED), A, [...OF_ROUND_0, proposalRequest(3, A, 0)], undefined);
    expect(node.proposal(0, 4, A)).toEqual({
      isLogged: true,
      effects,
      changes: { ...changes, proposals: expect.anything(), votes: expect.anything() },
    });
  });

  it('line 22: is none of a round that is not the current one, nor after the step propose', () => {
    const node = OneNode.inRound0(3);
    expect(node.offer(1, 1, B)).toEqual({ isLogged: false, effects: [], changes: {} });
    expect(node.expireRound('propose', 0).effects).toEqual([sign(voteRequest('prevote', 0, undefined))]);
    const { effects } = node.offer(0, 0, A);
    expect({ effects, round: node.height.round }).toEqual({ effects: [], round: roundState(0, { step: 'prevote' }) });
  });

  it('line 22: counts only from the proposer of the round', () => {
    const node = OneNode.inRound0(3);
    const imposed = { blockHash: B.blockHash, proposer: addressOf(0), timestampMs: NOW_MS };
    expect(node.offer(1, 0, imposed).effects).toEqual([]);
    expect(node.height.round).toEqual(roundState(0));
  });

  it('is answered with nil when its block names another proposer', () => {
    const node = OneNode.inRound0(3);
    node.proposal(0, 0, { ...A, blockHash: B.blockHash });
    const { effects, changes } = prevoted(roundState(0), undefined, [], 'wrongProposer');
    expect(node.body(B)).toEqual({
      isLogged: true,
      effects: [...effects, ...validating(B)],
      changes: { ...changes, blocks: [known(B, 'validating')] },
    });
  });

  describe.each([
    ['500 ms before the block', NOW_MS - 500, undefined],
    ['earlier than that', NOW_MS - 501, 'untimely'],
    ['5 500 ms after the block', NOW_MS + 5_500, undefined],
    ['later than that', NOW_MS + 5_501, 'untimely'],
  ] as const)('first received %s', (_when, receivedAtMs, nil) => {
    it(nil === undefined ? 'is prevoted' : 'is answered with nil, though it comes again in time', () => {
      const node = OneNode.inRound0(3);
      node.proposal(0, 0, A, -1, receivedAtMs);
      expect(node.proposal(0, 0, A, -1, NOW_MS)).toEqual(NOTHING);
      node.body(A);
      node.validated(A);
      expect(node.height.pendingSignatures).toEqual([voteRequest('prevote', 0, nil === undefined ? A : undefined)]);
      expect(node.height.nilVotes).toEqual(nil === undefined ? [] : [{ kind: 'prevote', round: 0, reason: nil }]);
    });
  });
});

describe('lines 28–33: a proposal made again', () => {
  /** A node in round 2 of which nothing else is known; the validator at place 2 proposes. */
  function inRound2(): OneNode {
    const node = OneNode.inRound0(3);
    for (const round of [0, 1]) node.votes('precommit', [0, 1, 2], round, undefined);
    return node;
  }

  const arrivals = {
    proposal: (node: OneNode) => node.proposal(2, 2, B, 1),
    body: (node: OneNode) => node.body(B),
    verdict: (node: OneNode) => node.validated(B),
    quorum: (node: OneNode) => node.votes('prevote', [0, 1, 2], 1, B),
  };
  const orders = [
    ['proposal', 'quorum', 'body', 'verdict'],
    ['proposal', 'body', 'verdict', 'quorum'],
    ['proposal', 'body', 'quorum', 'verdict'],
    ['quorum', 'proposal', 'body', 'verdict'],
    ['body', 'quorum', 'proposal', 'verdict'],
    ['body', 'proposal', 'verdict', 'quorum'],
  ] as const;

  it.each(orders)('line 30: is prevoted by whoever is not locked, whichever comes last: %s, %s, %s, %s', (...order) => {
    const node = inRound2();
    const outcomes = order.map((each) => arrivals[each](node));
    const signs = outcomes.map(({ effects }) => effects.filter(({ type }) => type === 'sign'));
    expect(signs).toEqual([[], [], [], [sign(voteRequest('prevote', 2, B))]]);
    expect(node.height.round).toEqual(roundState(2, { step: 'prevote', validRound: 1, validValue: B.blockHash }));
  });

  it('line 28: is not voted for without 2f+1 prevotes of exactly that round and value', () => {
    const node = inRound2();
    node.offer(2, 2, B, 1);
    node.votes('prevote', [0, 1, 2], 0, B);
    node.votes('prevote', [0, 1], 1, B);
    node.vote('prevote', 2, 1, A);
    expect(node.height.round).toEqual(roundState(2, { validRound: 0, validValue: B.blockHash }));
    expect(node.vote('precommit', 3, 1, B).effects).toEqual([]);
    expect(node.expireRound('propose', 2).changes.nilVotes).toEqual([{ kind: 'prevote', round: 2, reason: 'noPrevoteQuorum' }]);
  });

  it('line 29: is prevoted by whoever is locked on another value since no later than that quorum, and the lock stays', () => {
    const node = lockedOnA();
    node.votes('prevote', [0, 1, 2], 1, B);
    node.votes('precommit', [0, 1, 2], 1, undefined);
    node.proposal(2, 2, B, 1);
    node.body(B);
    const valid = { ...LOCKED, validRound: 1, validValue: B.blockHash };
    const { effects, changes } = prevoted(roundState(2, valid), B, OF_ROUND_0, undefined);
    expect(node.validated(B)).toEqual({ isLogged: true, effects, changes: { ...changes, blocks: [known(A, 'valid'), known(B, 'valid')] } });
  });

  it('line 29: is prevoted when the lock is of the very round of the quorum', () => {
    // Two quorums of one round for two values need more than f faulty validators; the line says ≤ all the same.
    const node = lockedOnA();
    node.votes('prevote', [0, 1, 2], 0, B);
    node.proposal(1, 1, B, 0);
    node.body({ ...B, proposer: addressOf(0) });
    expect(node.validated(B).effects).toEqual([sign(voteRequest('prevote', 1, B))]);
  });

  it('line 29: is prevoted when it is the locked value, even with a quorum that is older than the lock', () => {
    const node = lockedOnA();
    node.proposal(1, 1, A, 0);
    node.votes('prevote', [0, 1, 2], 1, A);
    node.votes('precommit', [0, 1, 2], 1, undefined);
    const locked = { lockedRound: 1, lockedValue: A.blockHash, validRound: 1, validValue: A.blockHash };
    const pending = [...OF_ROUND_0, voteRequest('prevote', 1, A), voteRequest('precommit', 1, A)];
    const { effects, changes } = prevoted(roundState(2, locked), A, pending, undefined);
    expect(node.proposal(2, 2, A, 0)).toEqual({
      isLogged: true,
      effects,
      changes: { ...changes, proposals: expect.anything(), votes: expect.anything() },
    });
  });

  it('line 28: is not voted for when its valid round is its own', () => {
    const node = inRound2();
    node.votes('prevote', [0, 1, 2], 2, B);
    node.offer(2, 2, B, 2);
    expect(node.height.round).toEqual(roundState(2, { validRound: 2, validValue: B.blockHash }));
    expect(node.height.pendingSignatures).toEqual([]);
  });

  it('line 32: is answered with nil by whoever is locked on another value since a later round', () => {
    const node = OneNode.inRound0(3);
    node.votes('prevote', [0, 1, 2], 0, A);
    node.votes('precommit', [0, 1, 2], 0, undefined);
    node.offer(1, 1, B);
    node.votes('prevote', [0, 1, 2], 1, B);
    node.votes('precommit', [0, 1, 2], 1, undefined);
    expect(node.height.round).toEqual(roundState(2, { lockedRound: 1, lockedValue: B.blockHash, validRound: 1, validValue: B.blockHash }));
    const { effects, changes } = node.proposal(2, 2, A, 0);
    expect(effects).toEqual([sign(voteRequest('prevote', 2, undefined))]);
    expect(changes.nilVotes).toEqual([{ kind: 'prevote', round: 2, reason: 'lockedOnOther' }]);
  });

  it('line 32: is answered with nil when it is invalid', () => {
    const node = inRound2();
    node.votes('prevote', [0, 1, 2], 1, B);
    node.proposal(2, 2, B, 1);
    node.body(B);
    expect(node.validated(B, false).changes.nilVotes).toEqual([{ kind: 'prevote', round: 2, reason: 'invalid' }]);
  });

  it('is not judged by its time: an honest validator found it timely', () => {
    const node = inRound2();
    const old = { ...B, timestampMs: 1 };
    node.votes('prevote', [0, 1, 2], 1, old);
    node.offer(2, 2, old, 1);
    expect(node.height.pendingSignatures).toEqual([voteRequest('prevote', 2, B)]);
  });

  it('is answered with nil when its block names a proposer whose turn did not come up to the round of the quorum', () => {
    const node = inRound2();
    const ahead = { ...B, proposer: addressOf(2) };
    node.votes('prevote', [0, 1, 2], 1, ahead);
    node.offer(2, 2, ahead, 1);
    expect(node.height.nilVotes).toEqual([{ kind: 'prevote', round: 2, reason: 'wrongProposer' }]);
  });
});

describe('lines 57–60: the time for a proposal is over', () => {
  it.each<readonly [string, NilVote['reason'], (node: OneNode) => void]>([
    ['nothing came', 'noProposal', () => undefined],
    ['the body did not come', 'notValidated', (node) => node.proposal(0, 0, A)],
    ['the verdict did not come', 'notValidated', (node) => [node.proposal(0, 0, A), node.body(A)]],
  ])('prevotes nil: %s', (_what, reason, prepare) => {
    const node = OneNode.inRound0(3);
    prepare(node);
    expect(node.expireRound('propose', 0)).toEqual({ isLogged: true, ...prevoted(roundState(0), undefined, [], reason) });
    expect(node.expireRound('propose', 0)).toEqual(NOTHING);
  });

  it('changes nothing in another round, height or step', () => {
    const node = OneNode.inRound0(3);
    expect([node.expireRound('propose', 1), node.expireRound('propose', 0, 2)]).toEqual([NOTHING, NOTHING]);
    node.offer(0, 0, A);
    expect(node.expireRound('propose', 0)).toEqual(NOTHING);
  });
});

function validating(block: BlockFacts): Outcome['effects'] {
  return [{ type: 'validateBlock', height: 1, blockHash: block.blockHash }];
}
