import type { Effect, Input } from '@mutual-chain/consensus';
import { describe, expect, it } from 'vitest';
import { blockOf, cancel, NOTHING, OneNode, type Outcome, roundState, schedule, sign, voteRequest } from './support/one-node.ts';
import { Script } from './support/script.ts';
import { proposalOf, TIMING, validatorsOf, voteOf } from './support/validators.ts';

/* Goal: mistakes that implementations of these rules have made are not made here. Method: each of them once, as directly as it can be had. */

const A = blockOf(0);
const B = blockOf(0, 1);

describe('two proposals of one proposer', () => {
  it('are kept apart by value: the one with a quorum is locked, whichever came first', () => {
    const node = OneNode.inRound0(3);
    node.proposal(0, 0, A);
    const { effects } = node.proposal(0, 0, B);
    expect(effects).toEqual([
      {
        type: 'reportEquivocation',
        evidence: { kind: 'duplicateProposal', first: proposalOf(0, 0, A.blockHash), second: proposalOf(0, 0, B.blockHash) },
      },
    ]);
    node.body(A);
    node.validated(A);
    node.body(B);
    node.votes('prevote', [0, 1, 2], 0, B);
    expect(node.validated(B).effects).toEqual([sign(voteRequest('precommit', 0, B))]);
    expect(node.height.pendingSignatures).toEqual([voteRequest('prevote', 0, A), voteRequest('precommit', 0, B)]);
  });

  it('are kept apart by valid round: one is fresh, one needs its prevotes', () => {
    const node = OneNode.inRound0(3);
    node.votes('precommit', [0, 1, 2], 0, undefined);
    const C = blockOf(0);
    node.proposal(1, 1, C, 0);
    node.body(C);
    node.validated(C);
    expect(node.height.round).toEqual(roundState(1));
    // Fresh, the same block counts at once; it names place 0 as its proposer, so it is nil that is voted.
    expect(node.proposal(1, 1, C, -1).changes.nilVotes).toEqual([{ kind: 'prevote', round: 1, reason: 'wrongProposer' }]);
    expect(node.height.evidence.map(({ kind }) => kind)).toEqual(['duplicateProposal']);
  });

  it('are kept apart by round: that of another round is no second one', () => {
    const node = OneNode.inRound0(3);
    node.proposal(0, 0, A);
    expect(node.proposal(0, 4, B).effects).toEqual([]);
    expect(node.height.evidence).toEqual([]);
  });
});

describe('a timer', () => {
  it('is set once for a round, and dropped when the round is skipped', () => {
    const script = new Script(4);
    script.start(3);
    script.cluster.input(3, { type: 'timeoutExpired', timeout: { kind: 'blockInterval', height: 1 } });
    const vote = (place: number, round: number, block: typeof A | undefined): void =>
      script.cluster.input(3, { type: 'voteReceived', vote: voteOf('precommit', place, round, block?.blockHash) });
    const ofRounds = () => script.cluster.timers.flatMap(({ timeout }) => ('round' in timeout ? [`${timeout.kind} ${timeout.round}`] : []));
    vote(0, 0, A);
    vote(1, 0, undefined);
    vote(2, 0, A);
    expect(ofRounds()).toEqual(['propose 0', 'precommit 0']);
    vote(0, 3, undefined);
    vote(1, 3, undefined);
    expect(ofRounds()).toEqual(['propose 3']);
  });

  it('that runs after its step, round or height is over changes nothing (Besu 1734)', () => {
    const node = OneNode.inRound0(3);
    node.offer(0, 0, A);
    const late = (): readonly Outcome[] => [node.expireRound('propose', 0, 1), node.expire('blockInterval'), node.expire('emptyBlock')];
    expect(late()).toEqual([NOTHING, NOTHING, NOTHING]);
    node.votes('precommit', [0, 1, 2], 0, undefined);
    const ofRound0 = (): readonly Outcome[] => (['propose', 'prevote', 'precommit'] as const).map((kind) => node.expireRound(kind, 0, 1));
    expect(ofRound0()).toEqual([NOTHING, NOTHING, NOTHING]);
    // A timer event that waits behind a commit must not start anything at the height that is over, nor at the next.
    node.offer(1, 1, blockOf(1));
    node.votes('precommit', [0, 1, 2], 1, blockOf(1));
    expect(ofRound0()).toEqual([NOTHING, NOTHING, NOTHING]);
    node.take({ type: 'heightStarted', height: 2, validators: validatorsOf(1, 1, 1, 1), timing: TIMING, signing: 'allowed' });
    expect([...ofRound0(), node.expireRound('propose', 1, 1), node.expireRound('propose', 0, 2)]).toEqual(
      Array.from({ length: 5 }, () => NOTHING),
    );
    expect(node.height.phase).toBe('waiting');
  });
});

describe('after a decision', () => {
  it('every input of that height is ignored', () => {
    const node = OneNode.inRound0(0);
    node.votes('precommit', [1, 2, 3], 0, A);
    node.body(A);
    node.validated(A);
    expect(node.height.phase).toBe('decided');
    const signatures = [1, 2, 3].map((validatorIndex) => ({
      validatorIndex,
      signature: voteOf('precommit', validatorIndex, 2, B.blockHash).signature,
    }));
    const inputs: readonly Input[] = [
      { type: 'workAvailable' },
      { type: 'proposalReceived', proposal: proposalOf(0, 0, B.blockHash), receivedAtMs: 0 },
      { type: 'voteReceived', vote: voteOf('precommit', 1, 0, B.blockHash) },
      { type: 'blockReceived', block: B },
      { type: 'blockValidated', blockHash: A.blockHash, valid: false },
      { type: 'blockBuilt', height: 1, round: 0, block: B },
      { type: 'buildFailed', height: 1, round: 0, reason: '' },
      { type: 'voteSigned', vote: voteOf('prevote', 0, 0, A.blockHash) },
      { type: 'proposalSigned', proposal: proposalOf(0, 0, A.blockHash), signedAtMs: 0 },
      { type: 'signatureRefused', request: voteRequest('prevote', 0, A), reason: '' },
      { type: 'signingForbidden' },
      { type: 'certificateReceived', certificate: { height: 1, round: 2, blockHash: B.blockHash, signatures } as never },
      ...(['propose', 'prevote', 'precommit'] as const).map(
        (kind): Input => ({ type: 'timeoutExpired', timeout: { kind, height: 1, round: 0 } }),
      ),
      ...(['blockInterval', 'emptyBlock', 'resend'] as const).map(
        (kind): Input => ({ type: 'timeoutExpired', timeout: { kind, height: 1 } }),
      ),
    ];
    expect(inputs.map((input) => node.take(input))).toEqual(inputs.map(() => NOTHING));
  });
});

describe('a proposal that is made again', () => {
  it('keeps the hash, whatever the round: votes of two rounds are for the same block (Besu 6613, Besu 3785)', () => {
    const node = OneNode.inRound0(1);
    node.offer(0, 0, A);
    node.votes('prevote', [0, 2, 3], 0, A);
    node.votes('precommit', [0, 2, 3], 0, undefined);
    const proposals = node.height.pendingSignatures.filter(({ kind }) => kind === 'proposal');
    expect(proposals).toEqual([{ kind: 'proposal', height: 1, round: 1, validRound: 0, blockHash: A.blockHash }]);
    // No body is asked for and nothing is executed again.
    const kinds = (effects: readonly Effect[]): readonly string[] => effects.map(({ type }) => type);
    expect(kinds(node.signed(proposals[0] as never).effects)).toEqual(['sendProposal', 'sendVotes', 'sign']);
    expect(node.votes('precommit', [0, 2, 3], 1, undefined).effects).toEqual([cancel(2), schedule('propose', 2)]);
  });
});
