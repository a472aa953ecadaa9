import { isProposedNext, wantsAnyBody, wantsBody } from '@mutual-chain/consensus';
import { describe, expect, it } from 'vitest';
import { blockOf, OneNode } from './support/one-node.ts';
import { addressOf, proposalOf } from './support/validators.ts';

/* Goal: whoever receives messages knows which bodies to take. Method: one node, questions before and after. */

const A = blockOf(0);
const B = blockOf(1);

describe('a body is wanted', () => {
  it('when it is proposed in this round or has a quorum, and is not here', () => {
    const node = OneNode.inRound0(1);
    const wanted = () => {
      const each = [A, B].map(({ blockHash }) => wantsBody(node.state, blockHash));
      expect(wantsAnyBody(node.state)).toBe(each.includes(true));
      return each;
    };
    expect(wanted()).toEqual([false, false]);
    node.proposal(0, 0, A);
    node.proposal(1, 0, B);
    expect(wanted()).toEqual([true, false]);
    node.votes('precommit', [0, 2, 3], 1, B);
    expect(wanted()).toEqual([false, true]);
    node.body(B);
    expect(wanted()).toEqual([false, false]);
    const before = { ...node.state, current: undefined };
    expect([wantsBody(before, A.blockHash), wantsAnyBody(before)]).toEqual([false, false]);
  });

  it('when it is proposed for the next round by its proposer: it is sent once', () => {
    const node = OneNode.inRound0(3);
    node.proposal(2, 1, A);
    node.proposal(2, 2, A);
    expect([wantsBody(node.state, A.blockHash), wantsAnyBody(node.state)]).toEqual([false, false]);
    const other = OneNode.inRound0(3);
    other.proposal(1, 1, B);
    expect([A, B].map(({ blockHash }) => wantsBody(other.state, blockHash))).toEqual([false, true]);
    other.body(B);
    expect(wantsAnyBody(other.state)).toBe(false);
    expect(other.votes('precommit', [0, 1, 2], 0, undefined).effects).toContainEqual({
      type: 'validateBlock',
      height: 1,
      blockHash: B.blockHash,
    });
  });

  it('no longer, when another block has a later quorum', () => {
    const node = OneNode.inRound0(3);
    node.votes('prevote', [0, 1, 2], 0, A);
    node.votes('precommit', [0, 1, 2], 0, undefined);
    node.offer(1, 1, B);
    expect(node.height.wantedBodies).toEqual([A.blockHash]);
    node.votes('prevote', [0, 1, 2], 1, B);
    expect([node.height.wantedBodies, wantsAnyBody(node.state)]).toEqual([[], false]);
  });

  it('when it was asked for, though its round is over', () => {
    const node = OneNode.inRound0(1);
    node.votes('prevote', [0, 2, 3], 0, A);
    node.votes('precommit', [0, 2, 3], 0, undefined);
    expect(node.height.round.round).toBe(1);
    expect([A, B].map(({ blockHash }) => wantsBody(node.state, blockHash))).toEqual([true, false]);
    node.body(A);
    expect([wantsBody(node.state, A.blockHash), wantsAnyBody(node.state)]).toEqual([false, false]);
  });
});

describe('a block is proposed next', () => {
  it('when its proposer proposed it for round 0 of the next height', () => {
    const node = OneNode.inRound0(1);
    const take = (place: number, round: number, block: typeof A): void => {
      node.take({ type: 'proposalReceived', proposal: proposalOf(place, round, block.blockHash, -1, 2), receivedAtMs: 0 });
    };
    const proposed = () => [A, B].map(({ blockHash }) => [0, 2].map((place) => isProposedNext(node.state, addressOf(place), blockHash)));
    const none = [
      [false, false],
      [false, false],
    ];
    expect(proposed()).toEqual(none);
    node.proposal(0, 0, A);
    take(0, 1, A);
    expect(proposed()).toEqual(none);
    take(2, 0, A);
    expect(proposed()).toEqual([
      [false, true],
      [false, false],
    ]);
  });
});
