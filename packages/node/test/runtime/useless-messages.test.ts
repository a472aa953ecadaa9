import type { ConsensusProposal, Vote } from '@mutual-chain/protocol';
import { describe, expect, it } from 'vitest';
import { USELESS_MESSAGES, UselessMessages } from '../../src/runtime/useless-messages.ts';
import { addressOf, bodyOf, OneRuntime, proposalOf, proposerOf, voteOf } from './one-runtime.ts';

/*
 * Goal: what a peer repeats, or sends in vain, costs neither a signature nor the hash of a body, and has an end. Method: one runtime that counts
 * both; genuine messages, again and again.
 */

const TIMES = 512;
const VOTER = addressOf(1);
const again = <Item>(item: Item, times = TIMES): readonly Item[] => Array.from({ length: times }, () => item);
const forged = <Message extends Vote | ConsensusProposal>(message: Message): Message => ({
  ...message,
  signature: voteOf(VOTER, 9, 9, 9).signature,
});

describe('what is of no use', () => {
  const eightEarly = Array.from({ length: 8 }, (_, round) => voteOf(VOTER, 2, round, 1));

  it.each([
    ['a vote that is counted', [voteOf(VOTER, 1, 0, 1)], voteOf(VOTER, 1, 0, 1)],
    ['a third value of an equivocator', [voteOf(VOTER, 1, 0, 1), voteOf(VOTER, 1, 0, 2)], voteOf(VOTER, 1, 0, 3)],
    ['a vote of the next height that is kept', [voteOf(VOTER, 2, 0, 1)], voteOf(VOTER, 2, 0, 1)],
    ['a ninth message of the next height', eightEarly, voteOf(VOTER, 2, 8, 1)],
    ['a vote below two rounds ahead', [voteOf(VOTER, 1, 5, 1), voteOf(VOTER, 1, 6, 1)], voteOf(VOTER, 1, 4, 1)],
    ['a vote of a height that is over', [], voteOf(VOTER, 0, 0, 1)],
    ['a vote of a far height', [], voteOf(VOTER, 3, 0, 1)],
  ])('is not verified, nor minded for a while: %s', (_what, before, vote) => {
    const one = OneRuntime.started();
    one.votes(before);
    expect(one.verified).toBe(before.length);
    const { state } = one.runtime;
    one.votes(again(vote));
    one.votes(again(forged(vote)));
    expect([one.verified, one.cuts]).toEqual([before.length, []]);
    expect(one.runtime.state).toBe(state);
  });

  it.each([
    ['of this height', proposalOf(proposerOf(1), 1, 0, 1), bodyOf(1)],
    ['of a later round', proposalOf(VOTER, 1, 1, 1), new Uint8Array(1)],
    ['of the next height', proposalOf(proposerOf(2), 2, 0, 1), bodyOf(1, 2)],
  ])('is verified once: a proposal %s, and its body is hashed once at most', (_what, proposal, body) => {
    const one = OneRuntime.started();
    for (const each of again(proposal)) one.proposal(each, body);
    expect([one.verified, one.cuts]).toEqual([1, []]);
    expect(one.inspected).toBe(body.length === 1 ? 0 : 1);
    expect(one.runtime.bodiesHeld).toBe(one.inspected);
  });

  it('is not hashed: a body when none is missing', () => {
    const one = OneRuntime.started();
    for (const body of again(bodyOf(1))) one.receive({ type: 'body', height: 1, body });
    expect([one.inspected, one.cuts]).toEqual([0, []]);
  });
});

describe('a message that asks for a body', () => {
  it.each([
    ['is answered where messages are all there is', undefined, TIMES],
    ['is not where bodies are asked for by requests, whose number is limited', { wanted: () => undefined, received: () => undefined }, 0],
  ])('%s', (_what, bodies, answers) => {
    const one = new OneRuntime(undefined, bodies);
    one.runtime.start();
    const proposal = proposalOf(proposerOf(1), 1, 0, 1);
    one.proposal(proposal, bodyOf(1));
    const before = one.sent;
    for (const { height, blockHash } of again(proposal)) one.receive({ type: 'bodyRequest', height, blockHash });
    expect([one.runtime.bodiesHeld, one.sent - before, one.cuts]).toEqual([1, answers, []]);
  });
});

describe('what is of use', () => {
  it('is taken from a later message although the first came with a wrong body', () => {
    const one = OneRuntime.started();
    const proposal = proposalOf(proposerOf(2), 2, 0, 1);
    one.proposal(proposal, bodyOf(2, 2), 'liar');
    one.proposal(proposal, bodyOf(1, 2));
    expect([one.verified, one.inspected, one.runtime.bodiesHeld]).toEqual([1, 2, 1]);
    expect(one.cuts).toEqual(['liar: a proposal with the body of another block']);
  });

  it('is not a body of the next height that its proposer did not sign', () => {
    const one = OneRuntime.started();
    const proposal = proposalOf(proposerOf(2), 2, 0, 1);
    one.proposal(forged(proposal), bodyOf(1, 2), 'liar');
    expect([one.inspected, one.cuts]).toEqual([0, ['liar: a proposal that no validator of its height signed']]);
  });

  it('is not such a body either when so much of its proposer is kept that nobody looks at the signature', () => {
    const one = OneRuntime.started();
    one.votes(Array.from({ length: 8 }, (_, round) => voteOf(proposerOf(2), 2, round, 1)));
    one.proposal(forged(proposalOf(proposerOf(2), 2, 0, 1)), bodyOf(1, 2), 'liar');
    expect([one.verified, one.inspected, one.runtime.bodiesHeld, one.cuts]).toEqual([8, 0, 0, []]);
  });

  it("is a vote with this node's own key that it did not sign, even of a round that is forgotten", () => {
    const one = new OneRuntime(addressOf(3));
    one.runtime.start();
    const rounds = Array.from({ length: 10 }, (_, round) => round);
    one.votes(rounds.flatMap((round) => [0, 1, 2].map((index) => voteOf(addressOf(index), 1, round, undefined, 'precommit'))));
    expect([one.runtime.state.current?.round.round, one.halted]).toEqual([10, []]);
    one.votes([voteOf(addressOf(3), 1, 0, 1)]);
    expect(one.halted).toEqual(['the key of this validator is in use elsewhere: a prevote at height 1, round 0 was not signed here']);
  });

  it('keeps two bodies of the next height, each once', () => {
    const one = OneRuntime.started();
    for (const fill of [1, 1, 2, 1, 2]) one.proposal(proposalOf(proposerOf(2), 2, 0, fill), bodyOf(fill, 2));
    expect([one.inspected, one.runtime.bodiesHeld]).toEqual([2, 2]);
  });
});

describe('a peer is cut', () => {
  it('at the first vote that nobody signed, and the rest of its list is not verified', () => {
    const one = OneRuntime.started();
    one.votes([voteOf(VOTER, 1, 0, 1), ...again(forged(voteOf(VOTER, 1, 0, 2)))]);
    expect([one.verified, one.cuts]).toEqual([2, ['peer: a vote that no validator of its height signed']]);
  });

  it('when it sent too much in vain within the window, and no other is', () => {
    const one = OneRuntime.started();
    const vote = voteOf(VOTER, 1, 0, 1);
    const far = voteOf(VOTER, 3, 0, 1);
    one.votes([vote]);
    one.votes(again(far, USELESS_MESSAGES.perPeerMax - 1 - TIMES));
    one.votes(again(vote));
    one.proposal(proposalOf(VOTER, 9, 0, 1), bodyOf(1));
    one.votes(again(vote), 'another');
    expect([one.verified, one.cuts]).toEqual([1, []]);
    one.votes([vote]);
    expect([one.verified, one.cuts]).toEqual([1, ['peer: too many messages that bring nothing']]);
  });

  it('no sooner for what it sent before the window began, whatever the clock does', () => {
    const useless = new UselessMessages();
    const { windowMs, perPeerMax } = USELESS_MESSAGES;
    const counted = (peer: string, nowMs: number, times: number): readonly boolean[] => [
      ...new Set(Array.from({ length: times }, () => useless.count(peer, nowMs))),
    ];
    expect(counted('peer', 1_000, perPeerMax)).toEqual([false]);
    expect(counted('peer', 1_000 + windowMs, perPeerMax)).toEqual([false]);
    // The clock is set back.
    expect(counted('peer', 5, perPeerMax)).toEqual([false]);
    expect(counted('another', 5, 1)).toEqual([false]);
    expect(counted('peer', 4 + windowMs, 1)).toEqual([true]);
  });
});
