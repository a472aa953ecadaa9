import { CONSENSUS_LIMITS, type HeightState, type Input } from '@mutual-chain/consensus';
import type { BlockHash } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOf, NOTHING, OneNode, roundState } from './support/one-node.ts';
import { addressOf, hashOf, proposalOf, TIMING, validatorsOf, voteOf } from './support/validators.ts';

/*
 * Goal: whatever validators sign, memory is bounded; and what is thrown away is never what a lock or a decision hangs on. Method: floods by
 * faulty validators, then the honest majority goes on as if nothing had been; lengths held to the named limits.
 */

const A = blockOf(0);
const B = blockOf(1);
const manyHash = (number: number): BlockHash => {
  const hash = new Uint8Array(32) as BlockHash;
  new DataView(hash.buffer).setUint32(4, number + 1);
  return hash;
};

/** How much a node holds of one height. */
function held({ keeper, proposals, evidence, blocks }: HeightState) {
  let votes = 0;
  for (const { prevote, precommit } of keeper.rounds)
    for (const { votes: kept } of [...prevote.values, ...precommit.values]) votes += kept.length;
  return { rounds: keeper.rounds.length, votes, proposals: proposals.length, evidence: evidence.length, blocks: blocks.length };
}

describe('floods by one validator', () => {
  it('of future rounds: the last ones are kept, and two at a time', () => {
    const node = OneNode.inRound0(1);
    for (let round = 1; round <= 200; round++) {
      node.vote('prevote', 3, round, A);
      node.vote('precommit', 3, round, undefined);
      node.proposal(3, round, A);
    }
    expect(held(node.height)).toEqual({ rounds: 2, votes: 4, proposals: 2, evidence: 0, blocks: 0 });
    expect(node.height.keeper.rounds.map(({ round }) => round)).toEqual([199, 200]);
    // Earlier ones are not taken back.
    expect(node.vote('prevote', 3, 150, A)).toEqual(NOTHING);
    expect(node.height.round).toEqual(roundState(0));
  });

  it('of future rounds do not cost others theirs', () => {
    const node = OneNode.inRound0(1, [1, 1, 1, 1, 1, 1, 1]);
    node.vote('prevote', 2, 1, A);
    for (let round = 1; round <= 50; round++) node.vote('prevote', 3, round, A);
    expect(node.height.keeper.rounds.find(({ round }) => round === 1)?.senders).toEqual([2]);
  });

  it('of values: two are kept, one offence is reported', () => {
    const node = OneNode.inRound0(1);
    const reports = [];
    for (let number = 0; number < 100; number++) {
      const vote = voteOf('prevote', 3, 0, manyHash(number));
      reports.push(...node.take({ type: 'voteReceived', vote }).effects.filter(({ type }) => type === 'reportEquivocation'));
    }
    expect(held(node.height)).toEqual({ rounds: 1, votes: 2, proposals: 0, evidence: 1, blocks: 0 });
    expect(reports).toEqual([
      {
        type: 'reportEquivocation',
        evidence: { kind: 'duplicateVote', first: voteOf('prevote', 3, 0, manyHash(0)), second: voteOf('prevote', 3, 0, manyHash(1)) },
      },
    ]);
  });

  it('of values do not hide the value that the others vote for', () => {
    const node = OneNode.inRound0(1);
    for (let number = 0; number < 10; number++) node.take({ type: 'voteReceived', vote: voteOf('precommit', 3, 0, manyHash(number)) });
    node.body(A);
    node.vote('precommit', 0, 0, A);
    // One of the others is not enough for its third value to be heard, two are.
    expect(node.vote('precommit', 3, 0, A).effects).toEqual([]);
    expect(node.height.keeper.rounds[0]?.precommit.values.at(-1)?.votes.length).toBe(1);
    node.vote('precommit', 2, 0, A);
    node.vote('precommit', 3, 0, A);
    expect(node.validated(A).effects).toEqual([expect.objectContaining({ type: 'commitBlock' })]);
  });

  it('of proposals: two are kept for one round, and one offence is reported', () => {
    const node = OneNode.inRound0(1);
    for (let number = 0; number < 100; number++) node.proposal(0, 0, { ...A, blockHash: manyHash(number) });
    expect(held(node.height)).toEqual({ rounds: 1, votes: 0, proposals: 2, evidence: 1, blocks: 0 });
  });

  it('of proposals do not hide the one that others prevoted', () => {
    const node = OneNode.inRound0(1);
    for (let number = 0; number < 3; number++) node.proposal(0, 0, { ...A, blockHash: manyHash(number) });
    node.votes('prevote', [2], 0, A);
    expect(node.proposal(0, 0, A)).toEqual(NOTHING);
    node.votes('prevote', [3], 0, A);
    expect(node.proposal(0, 0, A).changes.proposals?.length).toBe(3);
  });

  it('of messages of the next height: eight are kept, the first', () => {
    const node = OneNode.inRound0(1);
    for (let round = 0; round < 100; round++) {
      const outcome = node.take({ type: 'voteReceived', vote: voteOf('prevote', 3, round, A.blockHash, 2) });
      expect(outcome.isLogged).toBe(false);
    }
    node.take({ type: 'proposalReceived', proposal: proposalOf(0, 0, A.blockHash, -1, 2), receivedAtMs: 5 });
    expect(node.state.early.length).toBe(CONSENSUS_LIMITS.nextHeightMessagesPerValidatorMax + 1);
    // Each once, whatever its signature.
    const again = { ...proposalOf(0, 0, A.blockHash, -1, 2), signature: new Uint8Array(65).fill(9) as never };
    expect(node.take({ type: 'proposalReceived', proposal: again, receivedAtMs: 9 })).toEqual(NOTHING);
    const { changes } = node.take({
      type: 'heightStarted',
      height: 2,
      validators: validatorsOf(1, 1, 1, 1),
      timing: TIMING,
      signing: 'allowed',
    });
    // Round 0 has not begun, so of eight rounds the last two are kept.
    expect(changes.votes).toEqual({
      0: { prevote: {}, precommit: {}, senders: [0] },
      6: { prevote: { a0: [3] }, precommit: {}, senders: [3] },
      7: { prevote: { a0: [3] }, precommit: {}, senders: [3] },
    });
    expect({ early: node.state.early, received: node.height.proposals.map(({ receivedAtMs }) => receivedAtMs) }).toEqual({
      early: [],
      received: [5],
    });
  });

  it('that is in no set leaves nothing (ASA-2024-011)', () => {
    const node = OneNode.inRound0(1);
    expect([node.vote('prevote', 9, 0, A), node.proposal(9, 0, A)]).toEqual([NOTHING, NOTHING]);
    node.take({ type: 'voteReceived', vote: voteOf('prevote', 9, 0, A.blockHash, 2) });
    const { changes } = node.take({
      type: 'heightStarted',
      height: 2,
      validators: validatorsOf(1, 1, 1, 1),
      timing: TIMING,
      signing: 'allowed',
    });
    expect(changes).toEqual(expect.objectContaining({ early: [], height: 2, phase: 'waiting' }));
    expect(node.height.keeper.rounds).toEqual([]);
  });
});

describe('blocks', () => {
  it('that nothing names are kept up to a limit; others always', () => {
    const node = OneNode.inRound0(0);
    for (let number = 0; number < 200; number++) node.body({ ...A, blockHash: manyHash(number) });
    expect(node.height.blocks.length).toBe(CONSENSUS_LIMITS.blocksPerHeightMax);
    node.vote('prevote', 2, 0, B);
    node.body(B);
    expect(node.height.blocks.at(-1)?.facts).toEqual(B);
    // And the block that this node builds itself.
    expect(node.take({ type: 'blockBuilt', height: 1, round: 0, block: A }).changes.blocks?.at(-1)).toEqual({
      facts: A,
      stage: 'valid',
      reason: '',
    });
  });
});

describe('many rounds', () => {
  /** Goes through rounds in which nothing happens but 2f+1 precommits for nil. */
  function skipRounds(node: OneNode, from: number, to: number): void {
    for (let round = from; round < to; round++) node.votes('precommit', [0, 2, 3], round, undefined);
  }

  it('leave a bounded window', () => {
    const node = OneNode.inRound0(1);
    for (let round = 0; round < 100; round++) {
      node.proposal(round % 4, round, { ...A, blockHash: manyHash(round) });
      node.expireRound('propose', round);
      node.votes('prevote', [0, 2, 3], round, undefined);
      node.votes('precommit', [0, 2, 3], round, undefined);
    }
    const { nilVotes, proposers } = node.height;
    // The node proposes itself in rounds 1, 5, …, so that it votes nil there too.
    expect(held(node.height)).toEqual({ rounds: 8, votes: 48, proposals: 8, evidence: 0, blocks: 0 });
    expect({ nilVotes: nilVotes.length, proposers: proposers.length }).toEqual({ nilVotes: 16, proposers: 101 });
    expect(node.vote('prevote', 0, 50, A)).toEqual(NOTHING);
  });

  it('never forget the prevotes behind a lock, nor those that a proposal names', () => {
    const node = OneNode.inRound0(1);
    node.offer(0, 0, A);
    node.votes('prevote', [0, 2, 3], 0, A);
    skipRounds(node, 0, 30);
    expect(node.height.round).toEqual(roundState(30, { lockedRound: 0, lockedValue: A.blockHash, validRound: 0, validValue: A.blockHash }));
    node.proposal(2, 30, A, 0);
    expect(node.height.pendingSignatures.at(-1)).toEqual({ kind: 'prevote', height: 1, round: 30, blockHash: A.blockHash });
  });

  it('take the prevotes of any round that the proposal of this round names', () => {
    const node = OneNode.inRound0(1);
    skipRounds(node, 0, 30);
    node.body(A);
    expect(node.vote('prevote', 0, 3, A)).toEqual(NOTHING);
    node.proposal(2, 30, A, 3);
    node.validated(A);
    expect(node.votes('prevote', [0, 2, 3], 3, A).effects).toEqual([expect.objectContaining({ type: 'sign' })]);
  });

  it('never forget the precommits of a block that may have been decided', () => {
    const node = OneNode.inRound0(1);
    node.offer(0, 0, A);
    node.votes('precommit', [0, 2], 0, A);
    for (let round = 1; round < 30; round++) node.votes('precommit', [2, 3], round, undefined);
    expect(node.height.round.round).toBe(29);
    expect(node.vote('precommit', 3, 0, A).effects).toEqual([expect.objectContaining({ type: 'commitBlock', blockHash: A.blockHash })]);
  });
});

describe('peers', () => {
  it('are remembered once, and up to a limit', () => {
    const node = OneNode.inRound0(1);
    node.take({ type: 'peerConnected', peer: '0' });
    expect(node.take({ type: 'peerConnected', peer: '0' })).toEqual(NOTHING);
    for (let peer = 0; peer < 500; peer++) node.take({ type: 'peerConnected', peer: String(peer) });
    expect(node.state.peers.length).toBe(CONSENSUS_LIMITS.peersMax);
  });
});

it('random floods keep every length within its limit', () => {
  const places = [0, 2, 3, 4, 5, 6];
  const message: fc.Arbitrary<Input> = fc.oneof(
    fc
      .record({
        kind: fc.constantFrom('prevote' as const, 'precommit' as const),
        place: fc.constantFrom(...places),
        round: fc.nat(40),
        fill: fc.nat(20),
      })
      .map(({ kind, place, round, fill }) => ({
        type: 'voteReceived' as const,
        vote: voteOf(kind, place, round, fill === 0 ? undefined : hashOf(fill)),
      })),
    fc
      .record({ place: fc.constantFrom(...places), round: fc.nat(40), fill: fc.nat(20), polka: fc.nat() })
      .map(({ place, round, fill, polka }) => ({
        type: 'proposalReceived' as const,
        proposal: proposalOf(place, round, hashOf(fill), (polka % (round + 1)) - 1),
        receivedAtMs: 0,
      })),
    fc.record({ fill: fc.nat(20) }).map(({ fill }) => ({
      type: 'blockReceived' as const,
      block: { blockHash: hashOf(fill), proposer: addressOf(fill % 7), timestampMs: 0 },
    })),
  );
  fc.assert(
    fc.property(fc.array(message, { minLength: 100, maxLength: 600 }), (messages) => {
      const node = OneNode.inRound0(1, [1, 1, 1, 1, 1, 1, 1]);
      for (const input of messages) node.take(input);
      const { keeper, proposals, evidence, round } = node.height;
      const perPlace = (place: number) => keeper.rounds.filter((each) => each.round > round.round && each.senders.includes(place)).length;
      expect(places.every((place) => perPlace(place) <= CONSENSUS_LIMITS.futureRoundsPerValidatorMax)).toBe(true);
      expect(evidence.length).toBeLessThanOrEqual(CONSENSUS_LIMITS.evidencePerHeightMax);
      // Of every validator and round two proposals, and one more for each value with f+1 prevotes, of which there are few.
      expect(proposals.length).toBeLessThanOrEqual(places.length * (CONSENSUS_LIMITS.pastRoundsMax + 3) * 4);
      for (const { senders, senderPower, prevote, precommit } of keeper.rounds) {
        expect(senderPower).toBe(BigInt(senders.length));
        for (const { values, power } of [prevote, precommit]) {
          const voters = new Set(values.flatMap(({ votes }) => votes.map(({ position }) => position)));
          expect(power).toBe(BigInt(voters.size));
          for (const value of values) expect(value.power).toBe(BigInt(value.votes.length));
        }
      }
    }),
    { numRuns: 60 },
  );
});
