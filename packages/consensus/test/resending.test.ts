import { CONSENSUS_LIMITS, type Effect, type PeerStatus, peerStatusCodec, statusOf, type VoteSummary } from '@mutual-chain/consensus';
import { describe, expect, it } from 'vitest';
import { blockOf, NOTHING, OneNode, proposalRequest, sign, voteRequest } from './support/one-node.ts';
import { hashOf, proposalOf, TIMING, validatorsOf, voteOf } from './support/validators.ts';

/*
 * Goal: every peer is sent exactly what it lacks, whoever signed it, in bounded messages, and no peer can ask for more than that. Method: one
 * node with votes of two rounds, peers that say various things, the whole of what they get.
 */

const A = blockOf(0);
const B = blockOf(1);
const prevote = (place: number, round: number, block: typeof A | undefined) => voteOf('prevote', place, round, block?.blockHash);
const precommit = (place: number, round: number, block: typeof A | undefined) => voteOf('precommit', place, round, block?.blockHash);
const summary = (kind: VoteSummary['kind'], round: number, block: typeof A | undefined, ...positions: readonly number[]): VoteSummary => ({
  kind,
  round,
  blockHash: block?.blockHash,
  positions,
});
const timer: Effect = { type: 'scheduleTimeout', timeout: { kind: 'resend', height: 1 }, durationMs: 500 };

/** A node in round 3 that has A as its valid value since round 0, and a proposal and votes of rounds 2 and 3; round 1 is long over. */
function inRound3(...peers: readonly string[]): OneNode {
  const node = OneNode.inRound0(1);
  node.offer(0, 0, A);
  node.votes('prevote', [0, 2, 3], 0, A);
  for (const round of [0, 1, 2]) node.votes('precommit', [0, 2, 3], round, undefined);
  node.vote('prevote', 0, 2, B);
  node.proposal(3, 3, A, 0);
  node.vote('prevote', 2, 3, A);
  node.vote('precommit', 2, 3, undefined);
  for (const peer of peers) node.take({ type: 'peerConnected', peer });
  return node;
}

const STATUS: PeerStatus = {
  height: 1,
  round: 3,
  proposal: A.blockHash,
  votes: [
    summary('prevote', 0, A, 0, 2, 3),
    summary('prevote', 2, B, 0),
    summary('precommit', 2, undefined, 0, 2, 3),
    summary('prevote', 3, A, 2),
    summary('precommit', 3, undefined, 2),
  ],
};
const ALL_VOTES = [
  ...[0, 2, 3].map((place) => prevote(place, 0, A)),
  prevote(0, 2, B),
  ...[0, 2, 3].map((place) => precommit(place, 2, undefined)),
  prevote(2, 3, A),
  precommit(2, 3, undefined),
];

describe('the status of a node', () => {
  it('tells the proposal of its round, the votes of this round and the one before, and the prevotes behind its valid value', () => {
    const node = inRound3();
    expect(statusOf(node.height)).toEqual(STATUS);
    expect(peerStatusCodec.decode(peerStatusCodec.encode(statusOf(node.height)))).toEqual(STATUS);
  });

  it('tells what has come of round 0 before that begins', () => {
    const node = new OneNode(1);
    node.proposal(0, 0, A);
    node.vote('prevote', 3, 0, A);
    expect(statusOf(node.height)).toEqual({ height: 1, round: -1, proposal: A.blockHash, votes: [summary('prevote', 0, A, 3)] });
  });

  it('prefers of two proposals the one that 2f+1 prevoted', () => {
    const node = OneNode.inRound0(1);
    const other = blockOf(0, 1);
    node.proposal(0, 0, A);
    node.proposal(0, 0, other);
    expect(statusOf(node.height).proposal).toEqual(A.blockHash);
    node.votes('prevote', [0, 2, 3], 0, other);
    expect(statusOf(node.height).proposal).toEqual(other.blockHash);
  });

  it('holds a bounded number of lists, those with the most votes', () => {
    const node = OneNode.inRound0(
      1,
      Array.from({ length: 40 }, () => 1),
    );
    for (let place = 2; place < 36; place++) node.vote('prevote', place, 0, { ...A, blockHash: hashOf(place) });
    node.votes('prevote', [36, 37], 0, A);
    const { votes } = statusOf(node.height);
    expect(votes.length).toBe(CONSENSUS_LIMITS.voteSummariesPerStatusMax);
    expect(votes.at(-1)).toEqual(summary('prevote', 0, A, 36, 37));
    expect(peerStatusCodec.decode(peerStatusCodec.encode(statusOf(node.height))).votes).toEqual(votes);
  });
});

describe('a status of a peer', () => {
  const answers: readonly (readonly [name: string, status: PeerStatus, effects: readonly Effect[]])[] = [
    ['that has everything is not answered', STATUS, []],
    [
      'that has nothing is answered with everything',
      { height: 1, round: 0, proposal: undefined, votes: [] },
      [
        { type: 'sendProposal', to: { peer: 'x' }, proposal: proposalOf(3, 3, A.blockHash, 0) },
        { type: 'sendVotes', to: { peer: 'x' }, votes: ALL_VOTES },
      ],
    ],
    [
      'is answered with the votes whose bits are missing, by kind, round and value',
      {
        ...STATUS,
        votes: [
          summary('prevote', 0, A, 0, 2),
          summary('prevote', 2, B, 0),
          summary('precommit', 2, undefined, 2, 3),
          summary('precommit', 2, B, 0, 2, 3),
          summary('prevote', 3, undefined, 2),
        ],
      },
      [
        {
          type: 'sendVotes',
          to: { peer: 'x' },
          votes: [prevote(3, 0, A), precommit(0, 2, undefined), prevote(2, 3, A), precommit(2, 3, undefined)],
        },
      ],
    ],
    [
      'of a lower round is sent the proposal',
      { ...STATUS, round: 2 },
      [{ type: 'sendProposal', to: { peer: 'x' }, proposal: proposalOf(3, 3, A.blockHash, 0) }],
    ],
    [
      'of the same round with another proposal is sent this one',
      { ...STATUS, proposal: B.blockHash },
      [{ type: 'sendProposal', to: { peer: 'x' }, proposal: proposalOf(3, 3, A.blockHash, 0) }],
    ],
    [
      'that tells of places beyond the set is answered as if it did not (ASA-2025-003)',
      { ...STATUS, votes: [summary('prevote', 0, A, 4, 7, 99), ...STATUS.votes.slice(1)] },
      [{ type: 'sendVotes', to: { peer: 'x' }, votes: [0, 2, 3].map((place) => prevote(place, 0, A)) }],
    ],
    ['of a higher round is not sent the proposal', { ...STATUS, round: 4, proposal: undefined }, []],
    ['of a lower height is left to sync', { ...STATUS, height: 0, votes: [] }, []],
    ['of a higher height is left to sync', { ...STATUS, height: 2, votes: [] }, []],
  ];

  it.each(answers)('%s', (_name, status, effects) => {
    const node = inRound3('x', 'y');
    expect(node.take({ type: 'peerStatusReceived', peer: 'x', status })).toEqual({
      isLogged: false,
      effects,
      changes: {
        peers: [
          { peer: 'x', status, isAnswered: true },
          { peer: 'y', status: undefined, isAnswered: false },
        ],
      },
    });
  });

  it('is answered once until the timer runs, so that a peer gets no more by asking more', () => {
    const node = inRound3('x');
    const status: PeerStatus = { height: 1, round: 0, proposal: undefined, votes: [] };
    expect(node.take({ type: 'peerStatusReceived', peer: 'x', status }).effects.length).toBe(2);
    expect(node.take({ type: 'peerStatusReceived', peer: 'x', status })).toEqual(NOTHING);
    node.expire('resend');
    expect(node.take({ type: 'peerStatusReceived', peer: 'x', status }).effects.length).toBe(2);
  });

  it('of somebody who is not connected is ignored', () => {
    const node = inRound3('x');
    expect(node.take({ type: 'peerStatusReceived', peer: 'z', status: STATUS })).toEqual(NOTHING);
    node.take({ type: 'peerDisconnected', peer: 'x' });
    expect(node.take({ type: 'peerStatusReceived', peer: 'x', status: STATUS })).toEqual(NOTHING);
  });
});

describe('the timer', () => {
  it('tells all what this node has, sends the silent what they lack, and is set anew', () => {
    const node = inRound3('silent', 'answered');
    node.take({ type: 'peerStatusReceived', peer: 'answered', status: STATUS });
    expect(node.expire('resend')).toEqual({
      isLogged: false,
      effects: [
        { type: 'sendStatus', to: 'all', status: STATUS },
        { type: 'sendProposal', to: { peer: 'silent' }, proposal: proposalOf(3, 3, A.blockHash, 0) },
        { type: 'sendVotes', to: { peer: 'silent' }, votes: ALL_VOTES },
        timer,
      ],
      changes: {
        peers: [
          { peer: 'silent', status: undefined, isAnswered: false },
          { peer: 'answered', status: STATUS, isAnswered: false },
        ],
      },
    });
    // Who said nothing since is sent what it lacked then: here nothing.
    expect(node.expire('resend').effects.filter(({ type }) => type === 'sendVotes')).toEqual([
      { type: 'sendVotes', to: { peer: 'silent' }, votes: ALL_VOTES },
    ]);
  });

  it('sends nothing to who was answered since it ran last, and what is still missing to who has been silent since then', () => {
    const node = inRound3('x');
    const status: PeerStatus = { ...STATUS, votes: STATUS.votes.slice(1) };
    node.take({ type: 'peerStatusReceived', peer: 'x', status });
    const sends = (): readonly Effect[] => node.expire('resend').effects.filter(({ type }) => type === 'sendVotes');
    expect(sends()).toEqual([]);
    expect(sends()).toEqual([{ type: 'sendVotes', to: { peer: 'x' }, votes: [0, 2, 3].map((place) => prevote(place, 0, A)) }]);
  });

  it('begins a height with what peers said of it or of later ones', () => {
    const node = inRound3('behind', 'same', 'ahead', 'silent');
    const say = (peer: string, height: number): void => {
      node.take({ type: 'peerStatusReceived', peer, status: { ...STATUS, height } });
    };
    say('behind', 1);
    say('same', 2);
    say('ahead', 3);
    const { changes } = node.take({
      type: 'heightStarted',
      height: 2,
      validators: validatorsOf(1, 1, 1, 1),
      timing: TIMING,
      signing: 'allowed',
    });
    expect(changes.peers).toEqual([
      { peer: 'behind', status: undefined, isAnswered: false },
      { peer: 'same', status: { ...STATUS, height: 2 }, isAnswered: false },
      { peer: 'ahead', status: { ...STATUS, height: 3 }, isAnswered: false },
      { peer: 'silent', status: undefined, isAnswered: false },
    ]);
  });

  it('asks again for bodies that are missing, of the proposal and of quorums, and changes nothing that no log knows of', () => {
    const node = OneNode.inRound0(1);
    node.proposal(0, 0, A);
    const holders = [expect.objectContaining({ length: 20 })];
    const request = { type: 'requestBlock', height: 1, blockHash: A.blockHash, holders };
    expect(node.expire('resend')).toEqual({
      isLogged: false,
      effects: [expect.objectContaining({ type: 'sendStatus' }), request, timer],
      changes: {},
    });
    expect(node.expire('resend').effects).toEqual([expect.objectContaining({ type: 'sendStatus' }), request, timer]);
    node.body(A);
    expect(node.expire('resend').effects).toEqual([expect.objectContaining({ type: 'sendStatus' }), timer]);
  });

  it('forgets what a peer said of a height that is over', () => {
    const node = inRound3('x');
    node.take({ type: 'peerStatusReceived', peer: 'x', status: { ...STATUS, height: 0 } });
    expect(node.expire('resend').changes).toEqual({ peers: [{ peer: 'x', status: undefined, isAnswered: false }] });
    expect(node.expire('resend').effects.some(({ type }) => type === 'sendVotes')).toBe(true);
  });
});

describe('a proposal that is made again', () => {
  it('is sent with the prevotes behind it (Malachite 850)', () => {
    const node = OneNode.inRound0(1);
    node.offer(0, 0, A);
    node.votes('prevote', [0, 2, 3], 0, A);
    node.votes('precommit', [0, 2, 3], 0, undefined);
    expect(node.signed(proposalRequest(1, A, 0)).effects).toEqual([
      { type: 'sendProposal', to: 'all', proposal: proposalOf(1, 1, A.blockHash, 0) },
      { type: 'sendVotes', to: 'all', votes: [0, 2, 3].map((place) => prevote(place, 0, A)) },
      sign(voteRequest('prevote', 1, A)),
    ]);
  });
});

describe('votes', () => {
  it('are sent in messages of a bounded number', () => {
    const places = Array.from({ length: 100 }, (_, place) => place);
    const node = OneNode.inRound0(
      0,
      places.map(() => 1),
    );
    node.take({ type: 'peerConnected', peer: 'x' });
    const others = places.slice(1);
    // Every validator votes for two values of each kind: as many votes as are kept of a round.
    for (const kind of ['prevote', 'precommit'] as const) for (const block of [A, B]) node.votes(kind, others, 1, block);
    const sent = node.expire('resend').effects.flatMap((effect) => (effect.type === 'sendVotes' ? [effect.votes.length] : []));
    const kept = statusOf(node.height).votes.reduce((sum, { positions }) => sum + positions.length, 0);
    expect(kept).toBeGreaterThan(CONSENSUS_LIMITS.votesPerMessageMax - 200);
    expect(sent.every((count) => count <= CONSENSUS_LIMITS.votesPerMessageMax)).toBe(true);
    expect(sent.reduce((sum, count) => sum + count, 0)).toBe(kept);
  });
});
