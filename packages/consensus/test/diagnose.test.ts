import { type Awaited, type Diagnosis, diagnose, trustOwn } from '@mutual-chain/consensus';
import { encodeHex, formatAddress } from '@mutual-chain/protocol';
import { describe, expect, it } from 'vitest';
import { blockOf, NOW_MS, OneNode, voteRequest } from './support/one-node.ts';
import { addressOf, voteOf } from './support/validators.ts';

/*
 * Goal: a person can read from a diagnosis why there is no new block, and a program can carry it as JSON. Method: one node in every kind of
 * wait; one diagnosis whole.
 */

const A = blockOf(0);
const nameA = encodeHex(A.blockHash);
const names = [0, 1, 2, 3].map((place) => formatAddress(addressOf(place)));

function diagnosisOf(node: OneNode): Diagnosis {
  const diagnosis = diagnose(node.state);
  if (diagnosis === undefined) throw new Error('no height has begun');
  return diagnosis;
}

it('is one of the whole height', () => {
  const node = OneNode.inRound0(3);
  node.proposal(0, 0, A);
  node.body(A);
  node.validated(A, false);
  node.signed(voteRequest('prevote', 0, undefined));
  node.vote('prevote', 1, 0, A);
  node.vote('prevote', 1, 0, undefined);
  node.vote('prevote', 2, 0, A);
  node.take({ type: 'signatureRefused', request: voteRequest('prevote', 0, undefined), reason: 'late' });
  node.vote('precommit', 0, 2, undefined);
  const nobody = { power: '0', values: [], missing: names };
  expect(diagnosisOf(node)).toEqual({
    height: 1,
    phase: 'running',
    round: 0,
    step: 'prevote',
    lockedRound: -1,
    lockedBlock: null,
    validRound: -1,
    validBlock: null,
    signing: 'allowed',
    totalPower: '4',
    quorumPower: '3',
    waitsFor: [
      { for: 'prevotes', round: 0, powerMissing: '1' },
      { for: 'timeout', kind: 'prevote', round: 0 },
    ],
    rounds: [
      {
        round: 0,
        proposer: names[0],
        proposals: [{ blockHash: nameA, validRound: -1, receivedAtMs: NOW_MS, block: 'invalid', reason: 'STATE_ROOT_WRONG' }],
        prevotes: {
          power: '3',
          values: [
            { blockHash: null, power: '2', validators: [names[1], names[3]] },
            { blockHash: nameA, power: '2', validators: [names[1], names[2]] },
          ],
          missing: [names[0]],
        },
        precommits: nobody,
        ownNil: [{ kind: 'prevote', reason: 'invalid' }],
      },
      {
        round: 2,
        proposer: null,
        proposals: [],
        prevotes: nobody,
        precommits: { power: '1', values: [{ blockHash: null, power: '1', validators: [names[0]] }], missing: names.slice(1) },
        ownNil: [],
      },
    ],
    incidents: [],
    equivocators: [{ validator: names[1], kind: 'prevote', round: 0 }],
  });
});

it('goes through JSON as it is, and is none before the first height', () => {
  const node = OneNode.inRound0(0);
  node.take({ type: 'buildFailed', height: 1, round: 0, reason: 'disk full' });
  const diagnosis = diagnosisOf(node);
  expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
  expect(diagnosis.incidents).toEqual([{ kind: 'buildFailed', round: 0, reason: 'disk full' }]);
  expect(diagnose({ ...node.state, current: undefined })).toBeUndefined();
});

describe('what is waited for', () => {
  const cases: readonly (readonly [name: string, node: () => OneNode, waitsFor: readonly Awaited[]])[] = [
    ['time and work', () => new OneNode(3), [{ for: 'blockInterval' }, { for: 'work' }]],
    ['work', () => made(new OneNode(3), (node) => node.expire('blockInterval')), [{ for: 'work' }]],
    ['time', () => made(new OneNode(3), (node) => node.take({ type: 'workAvailable' })), [{ for: 'blockInterval' }]],
    [
      'a proposal',
      () => OneNode.inRound0(3),
      [
        { for: 'proposal', from: names[0] as string },
        { for: 'timeout', kind: 'propose', round: 0 },
      ],
    ],
    [
      'the own block',
      () => OneNode.inRound0(0),
      [{ for: 'ownBlock' }, { for: 'proposal', from: names[0] as string }, { for: 'timeout', kind: 'propose', round: 0 }],
    ],
    [
      'the own signature of a proposal',
      () => made(OneNode.inRound0(0), (node) => node.take({ type: 'blockBuilt', height: 1, round: 0, block: A })),
      [
        { for: 'signature', kind: 'proposal', round: 0 },
        { for: 'proposal', from: names[0] as string },
        { for: 'timeout', kind: 'propose', round: 0 },
      ],
    ],
    [
      'a body that nobody was asked for yet',
      () => made(OneNode.inRound0(3), (node) => node.proposal(0, 0, A)),
      [
        { for: 'body', blockHash: nameA },
        { for: 'timeout', kind: 'propose', round: 0 },
      ],
    ],
    [
      'a body that was asked for',
      () => made(OneNode.inRound0(3), (node) => [node.proposal(0, 0, A), node.votes('prevote', [0, 1, 2], 0, A)]),
      [
        { for: 'body', blockHash: nameA },
        { for: 'timeout', kind: 'propose', round: 0 },
      ],
    ],
    [
      'a verdict',
      () => made(OneNode.inRound0(3), (node) => [node.proposal(0, 0, A), node.body(A)]),
      [
        { for: 'validation', blockHash: nameA },
        { for: 'timeout', kind: 'propose', round: 0 },
      ],
    ],
    [
      'the prevotes behind a proposal that is made again',
      () =>
        made(OneNode.inRound0(3), (node) => [
          node.votes('precommit', [0, 1, 2], 0, undefined),
          node.vote('prevote', 0, 0, A),
          node.offer(1, 1, A, 0),
        ]),
      [
        { for: 'prevotes', round: 0, powerMissing: '2' },
        { for: 'timeout', kind: 'propose', round: 1 },
      ],
    ],
    [
      'precommits, and the own signatures',
      () =>
        made(OneNode.inRound0(3), (node) => [node.offer(0, 0, A), node.votes('prevote', [0, 1, 2], 0, A), node.vote('precommit', 0, 0, A)]),
      [
        { for: 'signature', kind: 'prevote', round: 0 },
        { for: 'signature', kind: 'precommit', round: 0 },
        { for: 'precommits', round: 0, powerMissing: '2' },
      ],
    ],
    [
      'the commit',
      () => made(OneNode.inRound0(3), (node) => [node.offer(0, 0, A), node.votes('precommit', [0, 1, 2], 0, A)]),
      [{ for: 'commit', blockHash: nameA }],
    ],
    [
      'a person',
      () => made(OneNode.inRound0(3), (node) => [node.body(A), node.votes('precommit', [0, 1, 2], 0, A), node.validated(A, false)]),
      [{ for: 'operator', blockHash: nameA, reason: 'STATE_ROOT_WRONG' }],
    ],
  ];

  it.each(cases)('%s', (_name, make, waitsFor) => {
    expect(diagnosisOf(make()).waitsFor).toEqual(waitsFor);
  });
});

describe('whether this node signs', () => {
  const signatures = [0, 1, 2].map((validatorIndex) => ({
    validatorIndex,
    signature: voteOf('precommit', validatorIndex, 0, A.blockHash).signature,
  }));
  const final = (height: number) => trustOwn({ height, round: 0, blockHash: A.blockHash, signatures });

  it.each<readonly [Diagnosis['signing'], () => OneNode]>([
    ['allowed', () => OneNode.inRound0(3)],
    ['notValidator', () => OneNode.inRound0(-1)],
    ['forbidden', () => OneNode.inRound0(3, [1, 1, 1, 1], 'forbidden')],
    ['overtaken', () => made(OneNode.inRound0(3), (node) => node.take({ type: 'certificateReceived', certificate: final(1) }))],
    ['overtaken', () => made(OneNode.inRound0(3), (node) => node.take({ type: 'certificateReceived', certificate: final(4) }))],
  ])('%s', (signing, make) => {
    expect(diagnosisOf(make()).signing).toBe(signing);
  });
});

describe('who signed twice', () => {
  it('is named with the kind of message', () => {
    const node = OneNode.inRound0(3);
    node.proposal(0, 0, A);
    node.proposal(0, 0, A, -1);
    node.proposal(0, 0, blockOf(0, 1));
    node.vote('precommit', 2, 0, A);
    node.vote('precommit', 2, 0, undefined);
    expect(diagnosisOf(node).equivocators).toEqual([
      { validator: names[0], kind: 'proposal', round: 0 },
      { validator: names[2], kind: 'precommit', round: 0 },
    ]);
  });
});

it('tells why own votes were nil, round by round', () => {
  const node = OneNode.inRound0(3);
  node.expireRound('propose', 0);
  node.vote('prevote', 0, 0, A);
  node.votes('prevote', [1, 2], 0, undefined);
  node.expireRound('prevote', 0);
  node.votes('precommit', [0, 1, 2], 0, undefined);
  node.expireRound('propose', 1);
  node.votes('prevote', [0, 1, 2], 1, undefined);
  expect(diagnosisOf(node).rounds.map(({ round, ownNil }) => [round, ownNil])).toEqual([
    [
      0,
      [
        { kind: 'prevote', reason: 'noProposal' },
        { kind: 'precommit', reason: 'noQuorum' },
      ],
    ],
    [
      1,
      [
        { kind: 'prevote', reason: 'noProposal' },
        { kind: 'precommit', reason: 'nilQuorum' },
      ],
    ],
  ]);
});

/** The node after some inputs. */
function made(node: OneNode, prepare: (node: OneNode) => unknown): OneNode {
  prepare(node);
  return node;
}
