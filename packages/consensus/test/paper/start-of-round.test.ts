import { describe, expect, it } from 'vitest';
import { blockOf, cancel, NOTHING, OneNode, proposalRequest, roundState, schedule, sign, voteRequest } from '../support/one-node.ts';
import { TIMING } from '../support/validators.ts';

/*
 * Goal: a round begins as in lines 10–21 of the paper, and round 0 when this chain wants a block. Method: one node, one input, the whole
 * outcome.
 */

const [A] = [blockOf(0)];
const timer = (kind: 'blockInterval' | 'emptyBlock' | 'resend', durationMs: number) => ({
  type: 'scheduleTimeout' as const,
  timeout: { kind, height: 1 },
  durationMs,
});
const validators = new OneNode().height.validators;

describe('line 10: round 0 of a height', () => {
  it('waits for the block interval and for something to decide', () => {
    const node = new OneNode();
    expect(node.height.phase).toBe('waiting');
    expect(node.take({ type: 'heightStarted', height: 1, validators, timing: TIMING, signing: 'allowed' })).toEqual({
      isLogged: false,
      effects: [cancel(0), timer('blockInterval', 50), timer('emptyBlock', 5_000), timer('resend', 500)],
      changes: {},
    });
    expect(node.expire('blockInterval')).toEqual({ isLogged: true, effects: [], changes: { isIntervalOver: true } });
    expect(node.expire('blockInterval')).toEqual(NOTHING);
  });

  const START = { isLogged: true, effects: [cancel(0), schedule('propose', 0)] };
  const BEGUN = {
    phase: 'running',
    round: roundState(0),
    proposers: [new Uint8Array(20).fill(1)],
    nextPriorities: expect.anything(),
  };

  it('begins when there is work', () => {
    const node = new OneNode();
    node.expire('blockInterval');
    expect(node.take({ type: 'workAvailable' })).toEqual({ ...START, changes: { ...BEGUN, isBlockWanted: true } });
    expect(node.take({ type: 'workAvailable' })).toEqual(NOTHING);
  });

  it('begins when the interval is over after there was work', () => {
    const node = new OneNode();
    expect(node.take({ type: 'workAvailable' })).toEqual({ isLogged: true, effects: [], changes: { isBlockWanted: true } });
    expect(node.expire('blockInterval')).toEqual({ ...START, changes: { ...BEGUN, isIntervalOver: true } });
  });

  it('begins when it is time for an empty block', () => {
    const node = new OneNode();
    node.expire('blockInterval');
    expect(node.expire('emptyBlock')).toEqual({ ...START, changes: { ...BEGUN, isBlockWanted: true } });
    expect(node.expire('emptyBlock')).toEqual(NOTHING);
  });

  it('begins with a proposal of its proposer, not of another', () => {
    const node = new OneNode();
    node.expire('blockInterval');
    node.proposal(3, 0, blockOf(3));
    expect(node.height.phase).toBe('waiting');
    const { effects } = node.proposal(0, 0, A);
    expect({ phase: node.height.phase, effects }).toEqual({ phase: 'running', effects: START.effects });
  });

  it('begins with messages of f+1', () => {
    const node = new OneNode();
    node.expire('blockInterval');
    node.vote('prevote', 2, 0, undefined);
    expect(node.height.phase).toBe('waiting');
    const { effects } = node.vote('precommit', 3, 0, A);
    expect({ phase: node.height.phase, effects }).toEqual({ phase: 'running', effects: START.effects });
  });

  it('begins no earlier than the interval, whatever others do', () => {
    const node = new OneNode();
    node.proposal(0, 0, A);
    node.votes('prevote', [0, 2, 3], 0, A);
    expect(node.height.phase).toBe('waiting');
  });
});

describe('lines 11–21: the start of a round', () => {
  it('lines 14, 17–19: the proposer without a valid value has a block built, and waits for it like everybody', () => {
    const node = new OneNode(0);
    node.expire('blockInterval');
    expect(node.take({ type: 'workAvailable' })).toEqual({
      isLogged: true,
      effects: [cancel(0), { type: 'buildBlock', height: 1, round: 0 }, schedule('propose', 0)],
      changes: {
        isBlockWanted: true,
        phase: 'running',
        round: roundState(0),
        buildingRound: 0,
        proposers: [new Uint8Array(20).fill(1)],
        nextPriorities: expect.anything(),
      },
    });
    expect(node.take({ type: 'blockBuilt', height: 1, round: 0, block: A })).toEqual({
      isLogged: true,
      effects: [sign(proposalRequest(0, A))],
      changes: { buildingRound: -1, blocks: [{ facts: A, stage: 'valid', reason: '' }], pendingSignatures: [proposalRequest(0, A)] },
    });
  });

  it('lines 15–16, 19: the proposer with a valid value proposes it again, with the round of its quorum and the same hash', () => {
    const node = OneNode.inRound0(1);
    node.offer(0, 0, A);
    node.votes('prevote', [0, 2, 3], 0, A);
    node.votes('precommit', [0, 2, 3], 0, undefined);
    const locked = { lockedRound: 0, lockedValue: A.blockHash, validRound: 0, validValue: A.blockHash };
    expect(node.height.round).toEqual(roundState(1, locked));
    expect(node.height.pendingSignatures).toEqual([voteRequest('prevote', 0, A), voteRequest('precommit', 0, A), proposalRequest(1, A, 0)]);
  });

  it('lines 20–21: everybody else waits for a proposal, and starts with a clean slate but for locks and valid values', () => {
    const node = OneNode.inRound0(3);
    node.offer(0, 0, A);
    node.votes('prevote', [0, 1, 2], 0, A);
    node.votes('precommit', [0, 1], 0, undefined);
    const locked = { lockedRound: 0, lockedValue: A.blockHash, validRound: 0, validValue: A.blockHash };
    expect(node.vote('precommit', 2, 0, undefined)).toEqual({
      isLogged: true,
      effects: [cancel(1), schedule('propose', 1)],
      changes: {
        votes: { 0: { prevote: { a0: [0, 1, 2] }, precommit: { nil: [0, 1, 2] }, senders: [0, 1, 2] } },
        round: roundState(1, locked),
        proposers: [new Uint8Array(20).fill(1), new Uint8Array(20).fill(2)],
        nextPriorities: expect.anything(),
      },
    });
  });

  it('a block that is built when its round is over is not proposed', () => {
    const node = OneNode.inRound0(0);
    node.votes('precommit', [1, 2, 3], 0, undefined);
    expect(node.take({ type: 'blockBuilt', height: 1, round: 0, block: A })).toEqual(NOTHING);
  });

  it('a proposer that cannot build says so and goes on to the timeout', () => {
    const node = OneNode.inRound0(0);
    expect(node.take({ type: 'buildFailed', height: 1, round: 0, reason: 'disk full' })).toEqual({
      isLogged: true,
      effects: [],
      changes: { buildingRound: -1, incidents: [{ kind: 'buildFailed', round: 0, reason: 'disk full' }] },
    });
    expect(node.take({ type: 'buildFailed', height: 1, round: 0, reason: 'disk full' })).toEqual(NOTHING);
    expect(node.take({ type: 'blockBuilt', height: 1, round: 0, block: A })).toEqual(NOTHING);
    expect(node.expireRound('propose', 0).effects).toEqual([sign(voteRequest('prevote', 0, undefined))]);
  });
});
