import {
  coversLastSign,
  decodeLoggedInput,
  type Effect,
  encodeLoggedInput,
  type SignRequest,
  step,
  trustOwn,
} from '@mutual-chain/consensus';
import { describe, expect, it } from 'vitest';
import {
  blockOf,
  cancel,
  known,
  NOTHING,
  OneNode,
  type Outcome,
  proposalRequest,
  roundState,
  schedule,
  sign,
  voteRequest,
} from './support/one-node.ts';
import { proposalOf, TIMING, validatorsOf, voteOf } from './support/validators.ts';

/*
 * Goal: what a restart must not change: what is signed, what is awaited and what is known. Method: nodes brought to every kind of moment,
 * then `resumed`, answers that come late, not at all or as a refusal, and signatures that the log does not know.
 */

const A = blockOf(0);
const B = blockOf(1);
const prevoteA = voteRequest('prevote', 0, A);
const precommitA = voteRequest('precommit', 0, A);
const resend: Effect = { type: 'scheduleTimeout', timeout: { kind: 'resend', height: 1 }, durationMs: 500 };
const validate: Effect = { type: 'validateBlock', height: 1, blockHash: A.blockHash };

function certificate(round: number, height = 1) {
  const signatures = [0, 1, 2].map((validatorIndex) => ({
    validatorIndex,
    signature: voteOf('precommit', validatorIndex, round, A.blockHash, height).signature,
  }));
  return trustOwn({ height, round, blockHash: A.blockHash, signatures });
}

describe('resumed: everything that is awaited is wanted again', () => {
  const moments: readonly (readonly [name: string, make: () => OneNode, effects: readonly Effect[]])[] = [
    [
      'before round 0',
      () => new OneNode(3),
      [
        { type: 'scheduleTimeout', timeout: { kind: 'blockInterval', height: 1 }, durationMs: 50 },
        { type: 'scheduleTimeout', timeout: { kind: 'emptyBlock', height: 1 }, durationMs: 5_000 },
        resend,
      ],
    ],
    ['in the step propose', () => OneNode.inRound0(3), [resend, schedule('propose', 0)]],
    ['while a block is built', () => OneNode.inRound0(0), [{ type: 'buildBlock', height: 1, round: 0 }, resend, schedule('propose', 0)]],
    [
      'while a proposal is signed',
      () => after(OneNode.inRound0(0), (node) => node.take({ type: 'blockBuilt', height: 1, round: 0, block: A })),
      [sign(proposalRequest(0, A)), resend, schedule('propose', 0)],
    ],
    [
      'while a block is executed',
      () => after(OneNode.inRound0(3), (node) => [node.proposal(0, 0, A), node.body(A)]),
      [validate, resend, schedule('propose', 0)],
    ],
    [
      'while a body is missing',
      () => after(OneNode.inRound0(3), (node) => node.votes('precommit', [0, 1, 2], 0, A)),
      [
        {
          type: 'requestBlock',
          height: 1,
          blockHash: A.blockHash,
          holders: [0, 1, 2].map((place) => validatorsOf(1, 1, 1).validators[place]?.address),
        } as Effect,
        resend,
        schedule('propose', 0),
        schedule('precommit', 0),
      ],
    ],
    ['while a vote is signed', () => after(OneNode.inRound0(3), (node) => node.offer(0, 0, A)), [sign(prevoteA), resend]],
    [
      'while two votes are signed, in their order',
      () => after(OneNode.inRound0(3), (node) => [node.offer(0, 0, A), node.votes('prevote', [0, 1, 2], 0, A)]),
      [sign(prevoteA), sign(precommitA), resend],
    ],
    [
      'with a timer of prevotes',
      () => after(OneNode.inRound0(3), (node) => [node.offer(0, 0, A), node.vote('prevote', 0, 0, B), node.votes('prevote', [1, 2], 0, A)]),
      [sign(prevoteA), resend, schedule('prevote', 0)],
    ],
    [
      'with a timer of precommits',
      () => after(OneNode.inRound0(3), (node) => [node.vote('precommit', 0, 0, A), node.votes('precommit', [1, 2], 0, undefined)]),
      [resend, schedule('propose', 0), schedule('precommit', 0)],
    ],
    [
      'after the decision',
      () => after(OneNode.inRound0(3), (node) => [node.offer(0, 0, A), node.votes('precommit', [0, 1, 2], 0, A)]),
      [{ type: 'commitBlock', height: 1, blockHash: A.blockHash, certificate: certificate(0) }],
    ],
    [
      'after a contradiction, which is one for ever',
      () => after(OneNode.inRound0(3), (node) => [node.votes('precommit', [0, 1, 2], 0, A), node.body(A), node.validated(A, false)]),
      [{ type: 'halt', height: 1, blockHash: A.blockHash, certificate: certificate(0), reason: 'STATE_ROOT_WRONG' }],
    ],
    [
      'after a decision by a certificate from elsewhere',
      () =>
        after(OneNode.inRound0(3), (node) => [
          node.take({ type: 'certificateReceived', certificate: certificate(4) }),
          node.body(A),
          node.validated(A),
        ]),
      [{ type: 'commitBlock', height: 1, blockHash: A.blockHash, certificate: certificate(4) }],
    ],
    [
      'with evidence, which may not have got into a block',
      () => after(OneNode.inRound0(3), (node) => [node.vote('prevote', 0, 0, A), node.vote('prevote', 0, 0, undefined)]),
      [
        {
          type: 'reportEquivocation',
          evidence: { kind: 'duplicateVote', first: voteOf('prevote', 0, 0, undefined), second: voteOf('prevote', 0, 0, A.blockHash) },
        },
        resend,
        schedule('propose', 0),
      ],
    ],
  ];

  it.each(moments)('%s', (_name, make, effects) => {
    const node = make();
    expect(node.take({ type: 'resumed' })).toEqual({ isLogged: false, effects, changes: {} });
    // As often as the node is killed while it starts.
    expect(node.take({ type: 'resumed' })).toEqual({ isLogged: false, effects, changes: {} });
  });

  it('changes nothing before the first height', () => {
    const { state } = new OneNode();
    const before = { ...state, current: undefined };
    expect(step(before, { type: 'resumed' })).toEqual({ state: before, effects: [] });
  });
});

describe('answers of the signer', () => {
  it('are sent after they are logged, and counted', () => {
    const node = OneNode.inRound0(3);
    node.offer(0, 0, A);
    const vote = voteOf('prevote', 3, 0, A.blockHash);
    expect(node.signed(prevoteA)).toEqual({
      isLogged: true,
      effects: [{ type: 'sendVotes', to: 'all', votes: [vote] }],
      changes: { votes: { 0: { prevote: { a0: [3] }, precommit: {}, senders: [0, 3] } }, pendingSignatures: [], lastSigned: prevoteA },
    });
    expect(node.signed(prevoteA)).toEqual(NOTHING);
  });

  it('to what was never asked are ignored', () => {
    const node = OneNode.inRound0(3);
    node.offer(0, 0, A);
    expect([
      node.signed(voteRequest('prevote', 0, undefined)),
      node.signed(voteRequest('prevote', 1, A)),
      node.signed(precommitA),
      node.signed(proposalRequest(0, A)),
      node.take({ type: 'signatureRefused', request: precommitA, reason: '' }),
    ]).toEqual(Array.from({ length: 5 }, () => NOTHING));
  });

  it('that come when the round is over are sent all the same', () => {
    const node = OneNode.inRound0(3);
    node.offer(0, 0, A);
    node.votes('precommit', [0, 1, 2], 0, undefined);
    expect(node.signed(prevoteA).effects).toEqual([{ type: 'sendVotes', to: 'all', votes: [voteOf('prevote', 3, 0, A.blockHash)] }]);
    expect(node.height.round).toEqual(roundState(1));
    const proposer = OneNode.inRound0(0);
    proposer.take({ type: 'blockBuilt', height: 1, round: 0, block: A });
    proposer.votes('precommit', [1, 2, 3], 0, undefined);
    expect(proposer.signed(proposalRequest(0, A)).effects).toEqual([
      { type: 'sendProposal', to: 'all', proposal: proposalOf(0, 0, A.blockHash) },
    ]);
  });

  it('that refuse leave a trace, and the step has advanced all the same', () => {
    const node = OneNode.inRound0(3);
    node.offer(0, 0, A);
    expect(node.take({ type: 'signatureRefused', request: prevoteA, reason: 'below the last signature' })).toEqual({
      isLogged: true,
      effects: [],
      changes: { pendingSignatures: [], incidents: [{ kind: 'signatureRefused', round: 0, reason: 'below the last signature' }] },
    });
    expect(node.height.round.step).toBe('prevote');
    expect(node.votes('prevote', [0, 1, 2], 0, A).effects).toEqual([sign(precommitA)]);
  });

  it('that come in another order than they were asked for are both counted', () => {
    const node = OneNode.inRound0(3);
    node.offer(0, 0, A);
    node.votes('prevote', [0, 1, 2], 0, A);
    node.signed(precommitA);
    node.signed(prevoteA);
    expect(node.height.lastSigned).toEqual(precommitA);
    expect(node.height.pendingSignatures).toEqual([]);
  });

  it('may come back over the network first: they count once, and are sent', () => {
    const node = OneNode.inRound0(3);
    node.offer(0, 0, A);
    const own = node.vote('prevote', 3, 0, A);
    expect(own.changes).toEqual({ votes: { 0: { prevote: { a0: [3] }, precommit: {}, senders: [0, 3] } } });
    expect(node.signed(prevoteA)).toEqual({
      isLogged: true,
      effects: [{ type: 'sendVotes', to: 'all', votes: [voteOf('prevote', 3, 0, A.blockHash)] }],
      changes: { pendingSignatures: [], lastSigned: prevoteA },
    });
  });
});

describe('what was signed last', () => {
  const votedA = (): OneNode => after(OneNode.inRound0(3), (node) => [node.offer(0, 0, A), node.votes('prevote', [0, 1, 2], 0, A)]);
  const cases: readonly (readonly [name: string, node: OneNode, lastSign: SignRequest, covered: boolean])[] = [
    ['is asked for again with the same bytes', votedA(), precommitA, true],
    ['is asked for again before a later one', votedA(), prevoteA, true],
    ['is asked for again with another block', votedA(), voteRequest('precommit', 0, B), false],
    ['is asked for again as nil', votedA(), voteRequest('precommit', 0, undefined), false],
    ['is of a later round', votedA(), voteRequest('precommit', 1, A), false],
    ['is of another height', votedA(), { ...precommitA, height: 2 }, false],
    ['is answered in the log', after(votedA(), (node) => [node.signed(prevoteA), node.signed(precommitA)]), precommitA, true],
    [
      'is followed in the log by a later answer',
      after(votedA(), (node) => [node.signed(prevoteA), node.signed(precommitA)]),
      prevoteA,
      false,
    ],
    ['was seen on the network only', after(OneNode.inRound0(3), (node) => node.vote('precommit', 3, 0, A)), precommitA, false],
    ['was never heard of', OneNode.inRound0(3), prevoteA, false],
    [
      'is a proposal with another valid round',
      after(OneNode.inRound0(0), (node) => node.take({ type: 'blockBuilt', height: 1, round: 0, block: A })),
      { ...proposalRequest(0, A), validRound: 0 } as SignRequest,
      false,
    ],
    [
      'is the proposal that is asked for again',
      after(OneNode.inRound0(0), (node) => node.take({ type: 'blockBuilt', height: 1, round: 0, block: A })),
      proposalRequest(0, A),
      true,
    ],
    [
      'is asked for by a log of a node that may not sign',
      after(votedA(), (node) => node.take({ type: 'signingForbidden' })),
      precommitA,
      false,
    ],
  ];

  it.each(cases)('%s', (_name, node, lastSign, covered) => {
    expect(coversLastSign(node.state, lastSign)).toBe(covered);
  });

  it('is not covered before the first height', () => {
    expect(coversLastSign({ ...new OneNode().state, current: undefined }, prevoteA)).toBe(false);
  });
});

describe('a node that may not sign at a height', () => {
  it('has that logged at once, and again when it resumes', () => {
    const record: Effect = { type: 'recordInLog', input: { type: 'signingForbidden' } };
    const node = new OneNode(3);
    const started = node.take({
      type: 'heightStarted',
      height: 1,
      validators: validatorsOf(1, 1, 1, 1),
      timing: TIMING,
      signing: 'forbidden',
    });
    expect(started.effects.slice(0, 2)).toEqual([record, cancel(0)]);
    expect(started.changes).toEqual({ signing: 'forbidden' });
    expect(node.take({ type: 'resumed' }).effects[0]).toEqual(record);
    expect(node.take({ type: 'signingForbidden' })).toEqual(NOTHING);
  });

  it('asks for no signature and no block, follows the rounds and decides', () => {
    const node = OneNode.inRound0(0, [1, 1, 1, 1], 'forbidden');
    expect({ phase: node.height.phase, buildingRound: node.height.buildingRound }).toEqual({ phase: 'running', buildingRound: -1 });
    const outcomes: Outcome[] = [
      node.offer(0, 0, A),
      node.votes('prevote', [1, 2, 3], 0, A),
      node.votes('precommit', [1, 2, 3], 0, undefined),
      node.expireRound('propose', 1),
    ];
    expect(outcomes.flatMap(({ effects }) => effects.filter(({ type }) => type === 'sign' || type === 'buildBlock'))).toEqual([]);
    expect(node.height.round).toEqual(
      roundState(1, { step: 'prevote', lockedRound: 0, lockedValue: A.blockHash, validRound: 0, validValue: A.blockHash }),
    );
    expect(node.votes('precommit', [1, 2, 3], 1, A).effects).toEqual([
      { type: 'commitBlock', height: 1, blockHash: A.blockHash, certificate: expect.objectContaining({ round: 1 }) },
    ]);
  });

  it('drops what it was about to sign', () => {
    const node = OneNode.inRound0(3);
    node.offer(0, 0, A);
    expect(node.take({ type: 'signingForbidden' })).toEqual({
      isLogged: true,
      effects: [],
      changes: { signing: 'forbidden', pendingSignatures: [] },
    });
    expect(node.signed(prevoteA)).toEqual(NOTHING);
    const builder = OneNode.inRound0(0);
    expect(builder.take({ type: 'signingForbidden' }).changes).toEqual({ signing: 'forbidden', buildingRound: -1 });
  });

  it('is one that is no validator', () => {
    const node = OneNode.inRound0(-1);
    node.offer(0, 0, A);
    node.votes('prevote', [0, 1, 2], 0, A);
    expect({ position: node.height.ownPosition, pending: node.height.pendingSignatures }).toEqual({ position: -1, pending: [] });
    expect(node.votes('precommit', [0, 1, 2], 0, A).effects).toEqual([
      { type: 'commitBlock', height: 1, blockHash: A.blockHash, certificate: certificate(0) },
    ]);
  });
});

describe('a certificate from elsewhere', () => {
  it('of this height stops signing, asks for the block and decides', () => {
    const node = OneNode.inRound0(3);
    const received = certificate(2);
    expect(node.take({ type: 'certificateReceived', certificate: received })).toEqual({
      isLogged: true,
      effects: [{ type: 'requestBlock', height: 1, blockHash: A.blockHash, holders: expect.objectContaining({ length: 3 }) }],
      changes: { certificate: received, wantedBodies: [A.blockHash] },
    });
    expect(node.expireRound('propose', 0).effects).toEqual([]);
    node.body(A);
    expect(node.validated(A)).toEqual({
      isLogged: true,
      effects: [{ type: 'commitBlock', height: 1, blockHash: A.blockHash, certificate: received }],
      changes: { blocks: [known(A, 'valid')], phase: 'decided', decision: { round: 2, blockHash: A.blockHash, contradiction: undefined } },
    });
  });

  it('of this height counts once', () => {
    const node = OneNode.inRound0(3);
    node.take({ type: 'certificateReceived', certificate: certificate(2) });
    expect(node.take({ type: 'certificateReceived', certificate: certificate(3) })).toEqual(NOTHING);
  });

  it('of a later height stops signing here, and the rounds go on', () => {
    const node = OneNode.inRound0(3);
    expect(node.take({ type: 'certificateReceived', certificate: certificate(0, 7) })).toEqual({
      isLogged: true,
      effects: [],
      changes: { certifiedHeight: 7 },
    });
    expect(node.take({ type: 'certificateReceived', certificate: certificate(0, 6) })).toEqual(NOTHING);
    const vote = node.expireRound('propose', 0);
    expect(vote).toEqual({
      isLogged: true,
      effects: [],
      changes: { round: roundState(0, { step: 'prevote' }), nilVotes: [{ kind: 'prevote', round: 0, reason: 'noProposal' }] },
    });
    // Up to that height, and not above.
    const startAt = (height: number) =>
      node.take({ type: 'heightStarted', height, validators: validatorsOf(1, 1, 1, 1), timing: TIMING, signing: 'allowed' });
    const signsAt = (height: number): boolean => {
      startAt(height);
      node.take({ type: 'workAvailable' });
      node.expire('blockInterval');
      return node.expireRound('propose', 0).effects.some(({ type }) => type === 'sign');
    };
    expect([7, 8].map(signsAt)).toEqual([false, true]);
  });

  it('of a height below changes nothing', () => {
    const node = new OneNode(3);
    node.take({ type: 'heightStarted', height: 5, validators: validatorsOf(1, 1, 1, 1), timing: TIMING, signing: 'allowed' });
    expect(node.take({ type: 'certificateReceived', certificate: certificate(0, 4) })).toEqual(NOTHING);
  });
});

describe('the log', () => {
  it('holds what leads to the same state, in bytes', () => {
    const node = OneNode.inRound0(3);
    const replayed = OneNode.inRound0(3);
    const inputs = [
      { type: 'proposalReceived', proposal: proposalOf(0, 0, A.blockHash), receivedAtMs: 1_000_000 },
      { type: 'blockReceived', block: A },
      { type: 'blockValidated', blockHash: A.blockHash, valid: true },
      { type: 'voteSigned', vote: voteOf('prevote', 3, 0, A.blockHash) },
      { type: 'voteReceived', vote: voteOf('prevote', 0, 0, A.blockHash) },
      { type: 'voteReceived', vote: voteOf('prevote', 1, 0, undefined) },
      { type: 'timeoutExpired', timeout: { kind: 'prevote', height: 1, round: 0 } },
      { type: 'signatureRefused', request: voteRequest('precommit', 0, undefined), reason: `${'x'.repeat(600)}\ud800` },
      { type: 'certificateReceived', certificate: certificate(3) },
    ] as const;
    for (const input of inputs) {
      expect(node.take(input).isLogged).toBe(true);
      replayed.take(decodeLoggedInput(encodeLoggedInput(input)));
      expect(replayed.state).toEqual(node.state);
    }
  });

  it('has no more of a height that is over, nor of one that has not begun', () => {
    const node = OneNode.inRound0(3);
    node.take({ type: 'heightStarted', height: 2, validators: validatorsOf(1, 1, 1, 1), timing: TIMING, signing: 'allowed' });
    const stale = [
      node.expireRound('propose', 0, 1),
      node.take({ type: 'timeoutExpired', timeout: { kind: 'blockInterval', height: 1 } }),
      node.take({ type: 'timeoutExpired', timeout: { kind: 'resend', height: 1 } }),
      node.take({ type: 'voteReceived', vote: voteOf('prevote', 0, 0, A.blockHash, 1) }),
      node.take({ type: 'proposalReceived', proposal: proposalOf(0, 0, A.blockHash, -1, 1), receivedAtMs: 0 }),
      node.take({ type: 'voteSigned', vote: voteOf('prevote', 3, 0, A.blockHash, 1) }),
      node.take({ type: 'blockBuilt', height: 1, round: 0, block: A }),
      node.take({ type: 'buildFailed', height: 1, round: 0, reason: '' }),
      node.take({ type: 'blockValidated', blockHash: A.blockHash, valid: true }),
      node.take({ type: 'voteReceived', vote: voteOf('prevote', 0, 0, A.blockHash, 4) }),
    ];
    expect(stale).toEqual(stale.map(() => NOTHING));
  });
});

/** The node after some inputs. */
function after(node: OneNode, prepare: (node: OneNode) => unknown): OneNode {
  prepare(node);
  return node;
}
