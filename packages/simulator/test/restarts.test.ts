import { describe, expect, test } from 'vitest';
import type { Cluster } from '../src/cluster/cluster.ts';
import { createScenario } from './scenario.ts';

/*
 * Goal: whoever stops and comes back, the chain goes on as soon as more than two thirds are there, and never before.
 * Method: stops nodes of a healthy cluster, all ways of losing power included, lets time pass, starts them again, and looks at the heights.
 */

const HEALING_MS = 60_000;
const DARK_MS = 20_000;
/** Most rounds that the first height takes once everybody is back. */
const HEALING_ROUNDS_MAX = 4;

/** Lets every node that is up get so many heights further. */
async function advanceBy(cluster: Cluster, heights: number): Promise<boolean> {
  const target = cluster.checkers.height + heights;
  return cluster.advance(() => cluster.nodes.every(({ isUp, index }) => !isUp || cluster.checkers.heightOf(index) >= target), HEALING_MS);
}

/** Four nodes that have decided two heights. */
async function afterTwoHeights(seed: bigint): Promise<Cluster> {
  const cluster = await createScenario({ seed, validators: 4 });
  await advanceBy(cluster, 2);
  return cluster;
}

/** How many boundaries of effects the first node passes in the third height. */
async function boundariesOfHeight(seed: bigint): Promise<number> {
  const cluster = await afterTwoHeights(seed);
  const before = cluster.nodes[0]?.boundaries ?? 0;
  await advanceBy(cluster, 1);
  return (cluster.nodes[0]?.boundaries ?? 0) - before;
}

const COUNTS = [1, 2, 4, 7].flatMap((validators) => Array.from({ length: validators }, (_, index) => ({ validators, stopped: index + 1 })));

describe.each(COUNTS)('of $validators nodes $stopped stop (Besu 8307)', ({ validators, stopped }) => {
  const isQuorumLeft = (validators - stopped) * 3 > validators * 2;

  test(`meanwhile ${isQuorumLeft ? 'blocks go on' : 'nothing is decided'}, and afterwards all agree on more`, async () => {
    const cluster = await createScenario({ seed: BigInt(validators * 10 + stopped), validators });
    const isStarted = await advanceBy(cluster, 3);
    for (const node of cluster.nodes.slice(0, stopped)) node.kill(stopped % 2 === 0 ? 'powerLost' : 'killed');
    // What was precommitted before may still be decided.
    await cluster.advance(() => false, 500);
    const before = cluster.checkers.height;
    await cluster.advance(() => false, DARK_MS);
    const isDeciding = cluster.checkers.height > before;
    const healing = cluster.checkers.height + 1;
    const from = cluster.checkers.signatures.highestRound(healing);
    for (const node of cluster.nodes.slice(0, stopped)) cluster.boot(node);
    const isHealed = await advanceBy(cluster, 3);
    const rounds = (cluster.checkers.decidedAt(healing)?.certificate.round ?? Number.POSITIVE_INFINITY) - from;
    const roots = new Set(cluster.nodes.map(({ index }) => cluster.checkers.heightOf(index) >= before));
    expect({ isStarted, isDeciding, isHealed, isSoon: rounds <= HEALING_ROUNDS_MAX, roots: [...roots] }).toEqual({
      isStarted: true,
      isDeciding: isQuorumLeft,
      isHealed: true,
      isSoon: true,
      roots: [true],
    });
  });
});

test('a node is ended at every boundary of effects of a height, and again while it starts, and nothing is lost', async () => {
  const boundaries = await boundariesOfHeight(77n);
  const outcomes: boolean[] = [];
  for (let boundary = 0; boundary < boundaries; boundary++) {
    const cluster = await afterTwoHeights(77n);
    cluster.nodes[0]?.endAfter(boundary, 'powerLost');
    let ends = 0;
    cluster.onStopped = (stopped) => {
      ends++;
      cluster.gone(stopped);
      if (ends === 1 && boundary % 2 === 0) stopped.endAfter(boundary % 25, 'powerLost');
      cluster.world.schedule(50, 'boot', stopped.index, () => cluster.boot(stopped));
    };
    outcomes.push((await advanceBy(cluster, 2)) && ends > 0);
  }
  expect({ isWholeHeight: boundaries > 30, outcomes }).toEqual({ isWholeHeight: true, outcomes: outcomes.map(() => true) });
});

test('all nodes lose their power at every boundary of effects of a height, and nothing is lost', async () => {
  const boundaries = await boundariesOfHeight(78n);
  const outcomes: boolean[] = [];
  for (let boundary = 0; boundary < boundaries; boundary++) {
    const cluster = await afterTwoHeights(78n);
    for (const node of cluster.nodes) node.endAfter(boundary, 'powerLost');
    let ends = 0;
    cluster.onStopped = (stopped) => {
      cluster.gone(stopped);
      // Whoever waits for the others does not get to its own boundary.
      if (++ends === 1) cluster.world.schedule(20, 'kill', -1, () => (ends < cluster.nodes.length ? endAll(cluster) : undefined));
    };
    const isDark = await cluster.advance(() => cluster.nodes.every(({ isUp }) => !isUp), HEALING_MS);
    for (const node of cluster.nodes) cluster.boot(node);
    outcomes.push(isDark && (await advanceBy(cluster, 2)) && cluster.nodes.every(({ isUp }) => isUp));
  }
  expect({ isWholeHeight: boundaries > 30, outcomes }).toEqual({ isWholeHeight: true, outcomes: outcomes.map(() => true) });
});

function endAll(cluster: Cluster): void {
  for (const node of cluster.nodes) if (node.isUp) node.kill('powerLost');
}

test('the only copy of a vote dies with its holder: the others decide without it', async () => {
  const cluster = await createScenario({ seed: 5n, validators: 4 });
  await advanceBy(cluster, 1);
  const [first] = cluster.nodes;
  // Everybody reaches only the first node, so that it alone holds a quorum of anything.
  cluster.network.setReach((from, to) => from === 0 || to === 0);
  let isLocked = false;
  cluster.onLocked = (node) => {
    isLocked ||= node === first;
  };
  await cluster.advance(() => isLocked, HEALING_MS);
  first?.kill('powerLost');
  cluster.network.setReach(() => true);
  const height = cluster.checkers.height;
  const isGoingOn = await cluster.advance(() => cluster.checkers.height >= height + 2, HEALING_MS);
  expect({ isLocked, isGoingOn }).toEqual({ isLocked: true, isGoingOn: true });
});

test('all nodes are killed after a lock: they decide the locked block or another, all the same one', async () => {
  const cluster = await createScenario({ seed: 9n, validators: 4 });
  await advanceBy(cluster, 1);
  let locked = 0;
  cluster.onLocked = () => {
    locked++;
  };
  await cluster.advance(() => locked >= 2, HEALING_MS);
  for (const node of cluster.nodes) node.kill('powerLost');
  const height = cluster.checkers.height;
  for (const node of cluster.nodes) cluster.boot(node);
  const isGoingOn = await advanceBy(cluster, 2);
  expect({ isGoingOn, hasGrown: cluster.checkers.height >= height + 2 }).toEqual({ isGoingOn: true, hasGrown: true });
});

test.each([['star'], ['bridge'], ['ring']] as const)('a network that stays a %s gets on', async (shape) => {
  const cluster = await createScenario({ seed: 11n, validators: 4 });
  const neighbours = (from: number, to: number): boolean => Math.abs(from - to) === 1 || Math.abs(from - to) === 3;
  const reach = {
    star: (from: number, to: number) => from === 0 || to === 0,
    bridge: (from: number, to: number) => from === 1 || to === 1 || (from < 1 && to < 1) || (from > 1 && to > 1),
    ring: neighbours,
  }[shape];
  cluster.network.setReach(reach);
  expect(await cluster.advance(() => cluster.checkers.height >= 3, HEALING_MS)).toBe(true);
});
