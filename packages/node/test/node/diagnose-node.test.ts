import type { Diagnosis } from '@mutual-chain/consensus';
import { type DiagnosedNode, diagnoseNode } from '@mutual-chain/node';
import { type Address, encodeHex, equalBytes, formatAddress, type PublicKey, type Validator } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';

/*
 * Goal: whatever keeps a node from making blocks is said in one sentence with its figures, the most likely cause first. Method: a healthy node,
 * each time with one thing changed.
 */

const NOW_MS = 1_800_000_000_000;

const addressOf = (index: number): Address => new Uint8Array(20).fill(index + 1) as Address;
const nameOf = (index: number): string => formatAddress(addressOf(index));

const validators = [0, 1, 2, 3].map((index): Validator => {
  const address = addressOf(index);
  return { publicKey: new Uint8Array(33) as PublicKey, address, power: 10n, priority: 0n, operator: address, peerId: '', addresses: '' };
});

const consensus: Diagnosis = {
  height: 8,
  phase: 'waiting',
  round: -1,
  step: 'propose',
  lockedRound: -1,
  lockedBlock: null,
  validRound: -1,
  validBlock: null,
  signing: 'allowed',
  totalPower: '40',
  quorumPower: '27',
  waitsFor: [{ for: 'work' }],
  rounds: [],
  incidents: [],
  equivocators: [],
};

const nilRound = (reason: Diagnosis['rounds'][number]['ownNil'][number]['reason']): Diagnosis['rounds'][number] => {
  const tally = { power: '0', values: [], missing: [] };
  return { round: 0, proposer: nameOf(1), proposals: [], prevotes: tally, precommits: tally, ownNil: [{ kind: 'prevote', reason }] };
};

const healthy: DiagnosedNode = {
  haltReason: undefined,
  consensus,
  validators: { validators },
  own: addressOf(0),
  linked: [1, 2, 3].map(addressOf),
  lastLinkedMs: () => undefined,
  progress: { height: 7, targetHeight: 7, requests: 0, bufferedBlocks: 0, bufferedBytes: 0, believedPeers: 3, isNextPruned: false },
  nowMs: NOW_MS,
  lastBlockMs: NOW_MS - 2_000,
  emptyBlockIntervalMs: 5_000,
};

test('a node of a network that makes blocks has nothing to complain of', () => {
  expect(diagnoseNode(healthy)).toEqual({
    ok: true,
    summary: 'Blocks are being made: the last one, height 7, is 2 s old, and no transaction waits.',
    findings: [],
  });
});

const ROWS: readonly (readonly [what: string, change: Partial<DiagnosedNode>, isOk: boolean, code: string, message: string])[] = [
  ['a node that has stopped', { haltReason: 'the disk is full' }, false, 'HALTED', 'This node has stopped taking part: the disk is full.'],
  [
    'a node that is behind',
    { progress: { ...healthy.progress, targetHeight: 900 } },
    false,
    'SYNCING',
    'This node is at height 7 and fetches blocks up to 900 from 3 peers.',
  ],
  [
    'one of four missing',
    { linked: [1, 2].map(addressOf), lastLinkedMs: (each) => (equalBytes(each, addressOf(3)) ? NOW_MS - 60_000 : undefined) },
    true,
    'VALIDATORS_MISSING',
    `Validators with 10 of 40 power are not linked; blocks are decided while no more than 3 further power goes missing. Missing: ${nameOf(3)} (not linked for 60 s).`,
  ],
  [
    'two of four missing',
    { linked: [addressOf(1)] },
    false,
    'QUORUM_UNREACHABLE',
    `No block can be decided: validators with 20 of 40 power are linked, 27 are needed; missing: ${nameOf(2)} (not linked since this node started), ${nameOf(3)} (not linked since this node started).`,
  ],
  [
    'a log that lost what was signed',
    { consensus: { ...consensus, signing: 'forbidden' } },
    false,
    'SIGNING_FORBIDDEN',
    'This node signs nothing at height 8: its log does not have what its key signed there.',
  ],
  [
    'a clock that goes wrong',
    { consensus: { ...consensus, rounds: [nilRound('untimely')] } },
    false,
    'CLOCK_SKEW',
    'This node refused blocks of height 8 because their times are too far from its clock.',
  ],
  [
    'a proposal that is invalid here',
    { consensus: { ...consensus, rounds: [nilRound('invalid')] } },
    false,
    'PROPOSALS_INVALID',
    'This node found proposed blocks of height 8 invalid: no reason is known.',
  ],
  [
    'round after round',
    { consensus: { ...consensus, phase: 'running', round: 3, rounds: [nilRound('noProposal')] } },
    false,
    'ROUNDS_FAIL',
    'Height 8 is in round 3: no proposal came in time (1).',
  ],
  [
    'a signer that refuses',
    { consensus: { ...consensus, incidents: [{ kind: 'signatureRefused', round: 0, reason: 'it signed a higher round' }] } },
    false,
    'SIGNER_REFUSES',
    'The signer of this node refused to sign: it signed a higher round.',
  ],
  [
    'a validator that signs twice',
    { consensus: { ...consensus, equivocators: [{ validator: nameOf(2), kind: 'prevote', round: 1 }] } },
    true,
    'EQUIVOCATION',
    `Validator ${nameOf(2)} signed two different messages (prevote, round 1).`,
  ],
  [
    'no block for too long, for no reason that can be seen',
    { lastBlockMs: NOW_MS - 60_000 },
    false,
    'BLOCK_LATE',
    'The last block is 60 s old and should be at most 5 s; this node waits for: work.',
  ],
];

describe('a diagnosis', () => {
  test.each(ROWS)('names %s', (_, change, isOk, code, message) => {
    const { ok, summary, findings } = diagnoseNode({ ...healthy, ...change });
    expect({ ok, findings: findings.map((each) => [each.code, each.message]) }).toEqual({ ok: isOk, findings: [[code, message]] });
    expect(summary).toBe(isOk ? 'Blocks are being made: the last one, height 7, is 2 s old, and no transaction waits.' : message);
    expect(findings.every(({ remedy }) => remedy.endsWith('.'))).toBe(true);
  });

  test('begins with what keeps blocks from being made', () => {
    const { findings } = diagnoseNode({
      ...healthy,
      linked: [addressOf(1)],
      consensus: { ...consensus, equivocators: [{ validator: encodeHex(addressOf(2)), kind: 'proposal', round: 0 }] },
    });
    expect(findings.map(({ code }) => code)).toEqual(['QUORUM_UNREACHABLE', 'EQUIVOCATION']);
  });
});
