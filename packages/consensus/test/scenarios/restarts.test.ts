import { describe, expect, it } from 'vitest';
import { violations } from '../support/checks.ts';
import { Script } from '../support/script.ts';

/*
 * Goal: however many nodes stop, and whenever, the chain goes on when they are back, and nothing is signed twice. Method: k of n nodes
 * killed in the middle of a height and started again, for every k; time passes for those that are left.
 */

const CASES = [1, 2, 4, 7].flatMap((nodes) => Array.from({ length: nodes }, (_, index) => ({ nodes, killed: index + 1 })));

describe.each(CASES)('$killed of $nodes killed (Besu 8307)', ({ nodes, killed }) => {
  it.each([0, 1, 5, 12])('after %i messages of a height: they agree again and go on', (delivered) => {
    const script = new Script(nodes);
    const all = [...script.cluster.nodes.keys()];
    script.start();
    script.cluster.runUntil(1);
    for (let count = 0; count < delivered; count++) {
      if (script.cluster.inFlight.length === 0) script.cluster.advance();
      script.cluster.deliverAt(0);
    }
    const places = all.slice(0, killed);
    script.kill(...places);
    script.lose('what was on its way');
    const heightBefore = Math.max(...script.cluster.nodes.map(({ chain }) => chain.length));
    const canGoOn = (nodes - killed) * 3 > nodes * 2;
    if (canGoOn) script.cluster.runUntil(heightBefore + 2);
    else for (let count = 0; count < 200 && script.cluster.advance(); count++) script.deliver();
    const heightThen = Math.max(...script.cluster.nodes.map(({ chain }) => chain.length));
    expect(heightThen - heightBefore).toBe(canGoOn ? 2 : 0);
    script.start(...places);
    script.cluster.runUntil(heightThen + 2);
    expect(violations(script.cluster, all, [])).toEqual([]);
  });
});

describe('a node that was away', () => {
  it('takes the blocks it missed from the others and signs again', () => {
    const script = new Script(4);
    script.start(0, 1, 2);
    script.cluster.runUntil(5);
    script.start(3);
    script.cluster.runUntil(7);
    expect(script.cluster.node(3).chain.map(({ block }) => block)).toEqual(
      script.cluster
        .node(0)
        .chain.slice(0, 7)
        .map(({ block }) => block),
    );
    script.cluster.runTimed(9, 20);
    expect(script.cluster.node(3).signatures.some(({ height }) => height > 5)).toBe(true);
    expect(violations(script.cluster, [0, 1, 2, 3], [])).toEqual([]);
  });
});

describe('a node whose log is lost', () => {
  it('signs nothing at the height of its last signature, follows, and signs at the next', () => {
    const script = new Script(4);
    script.start();
    script.expire('blockInterval', 0, 1, 2, 3);
    script.deliver(({ message }) => message.type === 'proposal');
    const before = [...script.cluster.node(3).signatures];
    script.kill(3);
    script.cluster.loseLog(3);
    script.start(3);
    expect(script.cluster.node(3).state.current?.signing).toBe('forbidden');
    // A second start must not take for its own what it has only followed since.
    script.deliver();
    script.cluster.drop();
    script.kill(3);
    script.start(3);
    script.cluster.runTimed(1, 20);
    expect(script.cluster.node(3).signatures.filter(({ height }) => height === 1)).toEqual(before);
    const heightThen = Math.max(...script.cluster.nodes.map(({ chain }) => chain.length));
    script.cluster.runTimed(heightThen + 5, 20);
    expect(script.cluster.node(3).signatures.some(({ height }) => height > 1)).toBe(true);
  });

  it('is forbidden to sign at every later start at that height', () => {
    const script = new Script(4);
    script.start();
    script.expire('blockInterval', 0, 1, 2, 3);
    script.deliver(({ message }) => message.type === 'proposal');
    script.kill(3);
    script.cluster.loseLog(3);
    script.start(3);
    // It hears everything again, so that a replay that could sign would ask for the very prevote that it signed last.
    script.lose('what was on its way');
    script.expire('resend', 0);
    script.deliver(({ to }) => to === 3);
    script.kill(3);
    script.start(3);
    const { current } = script.cluster.node(3).state;
    expect({ signing: current?.signing, pending: current?.pendingSignatures }).toEqual({ signing: 'forbidden', pending: [] });
  });
});
