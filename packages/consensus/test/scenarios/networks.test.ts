import { advanceHeight, applyValidatorChanges, type ValidatorSet } from '@mutual-chain/protocol';
import { describe, expect, it } from 'vitest';
import { type Signed, violations } from '../support/checks.ts';
import type { Message } from '../support/cluster.ts';
import { Script } from '../support/script.ts';
import { equalValidators, proposalOf, TIMING, validatorsOf, voteOf } from '../support/validators.ts';

/*
 * Goal: the chain goes on with delays up to the cap of the timeouts, after partitions, and when validators come and go; and the checks of
 * these tests do see a fork when more than a third of the power makes one. Method: clusters under a clock.
 */

describe('delays', () => {
  it.each([0, 100, 1_000, 4_000, 8_000])('of %i ms let timeouts grow until blocks are decided', (latencyMs) => {
    const script = new Script(4);
    script.start();
    script.cluster.runTimed(latencyMs > 1_000 ? 1 : 3, latencyMs);
    expect(violations(script.cluster, [0, 1, 2, 3], [])).toEqual([]);
  });

  it('that nobody notices cost a round trip or two: proposal, prevotes, precommits', () => {
    const script = new Script(4);
    script.start();
    const tookMs = script.cluster.runTimed(10, 100);
    // Node 0 of the next height proposes as soon as it has committed; the others begin a latency later at most.
    expect(tookMs).toBeLessThanOrEqual(10 * (TIMING.blockIntervalMs + 4 * 100));
  });
});

describe('a partition', () => {
  it.each([
    ['two and two', [0, 1]],
    ['one and three', [0]],
  ] as const)('into %s decides on no side without a quorum, and heals', (_name, side) => {
    let isWhole = false;
    const places: readonly number[] = side;
    const script = new Script(4, { isLinked: (from, to) => isWhole || places.includes(from) === places.includes(to) });
    script.start();
    for (let count = 0; count < 400; count++) {
      script.deliver();
      script.cluster.advance();
    }
    const heights = script.cluster.nodes.map(({ chain }) => chain.length);
    expect(heights.slice(0, places.length)).toEqual(places.map(() => 0));
    expect(heights.some((height) => height > 0)).toBe(places.length === 1);
    isWhole = true;
    const roundsBefore = Math.max(...script.cluster.nodes.map(({ state }) => state.current?.round.round ?? 0));
    script.cluster.runTimed(Math.max(...heights) + 2, 50);
    const certificateRounds = script.cluster.nodes.map(({ chain }) => chain[Math.max(...heights)]?.certificate.round ?? 0);
    // The first height after healing is decided a few rounds after the one in which the partition ended.
    expect(Math.max(...certificateRounds)).toBeLessThanOrEqual(Math.max(roundsBefore, 0) + 4);
    expect(violations(script.cluster, [0, 1, 2, 3], [])).toEqual([]);
  });
});

describe('validators that change between heights', () => {
  const [, , , , joiner] = equalValidators(5).validators;
  const change = (height: number, before: ValidatorSet): ValidatorSet => {
    if (height === 3) return applyValidatorChanges(before, [{ ...(joiner as NonNullable<typeof joiner>), power: 1n }]) ?? before;
    if (height === 5)
      return applyValidatorChanges(before, [{ ...(before.validators[0] as (typeof before.validators)[0]), power: 0n }]) ?? before;
    return before;
  };

  it('sign at their own heights only, and all nodes follow', () => {
    const script = new Script(4, { nodes: 5, validatorsAt: change });
    script.start();
    script.cluster.runTimed(8, 20);
    const signedHeights = script.cluster.nodes.map(({ signatures }) =>
      [...new Set(signatures.map(({ height }) => height))].filter((height) => height <= 8),
    );
    expect(signedHeights).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5, 6, 7, 8],
      [1, 2, 3, 4, 5, 6, 7, 8],
      [1, 2, 3, 4, 5, 6, 7, 8],
      [3, 4, 5, 6, 7, 8],
    ]);
    expect(script.cluster.nodes.map(({ chain }) => chain.slice(0, 8).map(({ block }) => block))).toEqual(
      script.cluster.nodes.map(() =>
        script.cluster
          .node(0)
          .chain.slice(0, 8)
          .map(({ block }) => block),
      ),
    );
    expect(violations(script.cluster, [0, 1, 2, 3, 4], [])).toEqual([]);
  });

  it('go down to one and up again', () => {
    const alone = validatorsOf(1);
    const script = new Script(4, { validatorsAt: (height, before) => (height === 3 ? alone : height === 5 ? equalValidators(4) : before) });
    script.start();
    script.cluster.runTimed(7, 20);
    const signedHeights = (place: number): readonly number[] =>
      [...new Set(script.cluster.node(place).signatures.map(({ height }) => height))].filter((height) => height <= 7);
    expect([0, 1].map(signedHeights)).toEqual([
      [1, 2, 3, 4, 5, 6, 7],
      [1, 2, 5, 6, 7],
    ]);
  });
});

describe('a message of the next height', () => {
  it('is kept by a node that is a height behind, and counts when it gets there', () => {
    const script = new Script(4);
    script.start();
    // Everybody but node 3 decides height 1 and votes at height 2; node 3 hears of height 2 first.
    script.cluster.deliver(({ to }) => to !== 3);
    script.expire('blockInterval', 0, 1, 2);
    script.cluster.deliver(({ to }) => to !== 3);
    script.expire('blockInterval', 0, 1, 2);
    script.cluster.deliver(({ to }) => to !== 3);
    const ofNext = ({ message }: { readonly message: Message }): boolean =>
      (message.type === 'vote' && message.vote.height === 2) || (message.type === 'proposal' && message.proposal.height === 2);
    script.cluster.deliver(ofNext);
    expect(script.cluster.node(3).chain.length).toBe(0);
    expect(script.cluster.node(3).state.early.length).toBeGreaterThan(0);
    script.expire('blockInterval', 3);
    script.cluster.deliver();
    expect(script.cluster.node(3).chain.length).toBe(2);
    expect(script.cluster.node(3).state.early).toEqual([]);
  });
});

describe('two faulty validators of four', () => {
  it('can make two honest nodes decide differently: the checks say so, and evidence names both', () => {
    const script = new Script(4);
    const { cluster } = script;
    cluster.start(0, 1);
    // The honest are kept apart; the faulty validators 2 and 3 vote for the block of whoever listens. Round 1 and 2 so that both can propose.
    script.expire('blockInterval', 0, 1);
    const signed: Signed[] = [];
    const say = (to: number, message: Message): void => {
      cluster.send(message.type === 'proposal' ? 2 : 3, to, message);
      if (message.type === 'vote') signed.push({ place: (message.vote.validator[0] ?? 0) - 1, request: message.vote });
    };
    cluster.drop();
    for (const place of [0, 1]) {
      for (const faulty of [2, 3]) say(place, { type: 'vote', vote: voteOf('precommit', faulty, 2, undefined) });
    }
    cluster.deliver();
    expect([0, 1].map((place) => cluster.node(place).state.current?.round.round)).toEqual([2, 2]);
    for (const place of [0, 1]) {
      const block = cluster.makeBlock(2);
      say(place, { type: 'proposal', proposal: proposalOf(2, 2, block.blockHash), block });
      cluster.deliver(({ from }) => from >= 2);
      for (const kind of ['prevote', 'precommit'] as const) {
        for (const faulty of [2, 3]) say(place, { type: 'vote', vote: voteOf(kind, faulty, 2, block.blockHash) });
        cluster.deliver(({ from }) => from >= 2);
      }
    }
    expect(violations(cluster, [0, 1], signed)).toEqual(['height 1: node 1 decided another block']);
    // A third node that hears everything learns who did it.
    const watcher = new Script(4);
    watcher.cluster.start(3);
    for (const { place, request } of signed)
      if (request.kind !== 'proposal')
        watcher.cluster.input(3, { type: 'voteReceived', vote: voteOf(request.kind, place, request.round, request.blockHash) });
    const accused = watcher.cluster
      .node(3)
      .evidence.map(({ kind, first }) => [kind, 'validator' in first ? (first.validator[0] ?? 0) - 1 : -1, first.round]);
    expect(accused).toEqual([
      ['duplicateVote', 2, 2],
      ['duplicateVote', 3, 2],
      ['duplicateVote', 2, 2],
      ['duplicateVote', 3, 2],
    ]);
  });
});

it('advancing the rotation is what these tests take for the next set', () => {
  const script = new Script(4);
  expect(script.cluster.validatorsAt(3)).toEqual(advanceHeight(advanceHeight(equalValidators(4))));
});
