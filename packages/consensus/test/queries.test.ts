import { isKnownVote, wantsBody } from '@mutual-chain/consensus';
import { describe, expect, it } from 'vitest';
import { blockOf, OneNode } from './support/one-node.ts';
import { voteOf } from './support/validators.ts';

/* Goal: whoever receives messages knows which signatures to verify and which bodies to take. Method: one node, questions before and after. */

const A = blockOf(0);
const B = blockOf(1);

describe('a vote is known', () => {
  it('when the same validator is counted for the same value, kind, round and height', () => {
    const node = OneNode.inRound0(1);
    node.vote('prevote', 3, 0, A);
    const questions = [
      voteOf('prevote', 3, 0, A.blockHash),
      voteOf('prevote', 2, 0, A.blockHash),
      voteOf('precommit', 3, 0, A.blockHash),
      voteOf('prevote', 3, 1, A.blockHash),
      voteOf('prevote', 3, 0, B.blockHash),
      voteOf('prevote', 3, 0, undefined),
      voteOf('prevote', 3, 0, A.blockHash, 2),
      voteOf('prevote', 9, 0, A.blockHash),
    ];
    expect(questions.map((vote) => isKnownVote(node.state, vote))).toEqual([true, ...questions.slice(1).map(() => false)]);
    expect(isKnownVote({ ...node.state, current: undefined }, voteOf('prevote', 3, 0, A.blockHash))).toBe(false);
  });
});

describe('a body is wanted', () => {
  it('when it is proposed in this round or has a quorum, and is not here', () => {
    const node = OneNode.inRound0(1);
    const wanted = () => [A, B].map(({ blockHash }) => wantsBody(node.state, blockHash));
    expect(wanted()).toEqual([false, false]);
    node.proposal(0, 0, A);
    node.proposal(1, 0, B);
    expect(wanted()).toEqual([true, false]);
    node.votes('precommit', [0, 2, 3], 1, B);
    expect(wanted()).toEqual([false, true]);
    node.body(B);
    expect(wanted()).toEqual([false, false]);
    expect(wantsBody({ ...node.state, current: undefined }, A.blockHash)).toBe(false);
  });
});
