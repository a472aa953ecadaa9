import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { TestNetwork, type TestNode } from './test-network.ts';

let network: TestNetwork | undefined;

afterEach(async () => {
  await network?.end();
  network = undefined;
});

async function startAll(count: number): Promise<{ readonly network: TestNetwork; readonly nodes: readonly TestNode[] }> {
  const started = new TestNetwork(count);
  network = started;
  for (const node of started.nodes) await started.start(node);
  return { network: started, nodes: started.nodes };
}

async function reach(nodes: readonly TestNode[], height: number): Promise<void> {
  await Promise.all(nodes.map((each) => each.until(() => (each.node?.height ?? 0) >= height)));
}

test.each([1, 4])('%i validators decide the same blocks on their disks', async (count) => {
  const { nodes } = await startAll(count);
  await reach(nodes, 5);
  const chains = nodes.map((each) => each.blocks().slice(0, 5));
  expect(chains).toEqual(nodes.map(() => chains[0]));
  expect(nodes.map(({ node }) => node?.haltReason)).toEqual(nodes.map(() => undefined));
});

test('a node that was away fetches what it missed, and takes part again', async () => {
  const { network: running, nodes } = await startAll(4);
  const [away, ...others] = nodes as [TestNode, ...TestNode[]];
  await reach(nodes, 2);
  await running.stop(away);
  const from = Math.max(...others.map((each) => each.node?.height ?? 0));
  await reach(others, from + 20);
  away.events.length = 0;
  await running.start(away);
  await reach(nodes, from + 30);
  const chains = nodes.map((each) => each.blocks().slice(0, from + 30));
  expect(chains).toEqual(nodes.map(() => chains[0]));
  const own = away.node?.validator;
  await away.until(() => away.events.some((event) => event.type === 'committed' && String(event.proposer) === String(own)));
});

test('a node that lost its chain and its log follows up to what it signed, and says so once', async () => {
  const { network: running, nodes } = await startAll(4);
  const [lost, ...others] = nodes as [TestNode, ...TestNode[]];
  await reach(nodes, 20);
  await running.stop(lost);
  for (const name of ['state', 'wal']) rmSync(join(lost.directory, name), { recursive: true });
  const from = Math.max(...others.map((each) => each.node?.height ?? 0));
  lost.events.length = 0;
  await running.start(lost);
  await reach(nodes, from + 10);
  const own = lost.node?.validator;
  await lost.until(() =>
    lost.events.some((event) => event.type === 'committed' && String(event.proposer) === String(own) && event.height > from),
  );
  expect(lost.events.filter(({ type }) => type === 'signingForbidden')).toEqual([
    { type: 'signingForbidden', height: 1, reason: expect.stringContaining('signed') },
  ]);
  expect(lost.node?.haltReason).toBe(undefined);
});

test('all nodes are stopped and go on from their disks', async () => {
  const { network: running, nodes } = await startAll(4);
  await reach(nodes, 3);
  for (const each of nodes) await running.stop(each);
  for (const each of nodes) await running.start(each);
  const reached = Math.max(...nodes.map((each) => each.node?.height ?? 0));
  await reach(nodes, reached + 3);
  const chains = nodes.map((each) => each.blocks().slice(0, reached + 3));
  expect(chains).toEqual(nodes.map(() => chains[0]));
});

test('half of the validators come back without their chain: they fetch it, and all agree again (Besu 8307)', async () => {
  const { network: running, nodes } = await startAll(4);
  await reach(nodes, 10);
  const [first, second, ...others] = nodes as [TestNode, TestNode, ...TestNode[]];
  for (const each of [first, second]) {
    await running.stop(each);
    rmSync(join(each.directory, 'state'), { recursive: true });
  }
  const from = Math.max(...others.map((each) => each.node?.height ?? 0));
  for (const each of [first, second]) await running.start(each);
  await reach(nodes, from + 5);
  const chains = nodes.map((each) => each.blocks().slice(0, from + 5));
  expect(chains).toEqual(nodes.map(() => chains[0]));
  expect(nodes.map(({ node }) => node?.haltReason)).toEqual(nodes.map(() => undefined));
});

test('without a third of the power nothing is decided until it is back', async () => {
  const { network: running, nodes } = await startAll(4);
  const [first, second, third, fourth] = nodes as [TestNode, TestNode, TestNode, TestNode];
  await reach(nodes, 2);
  await running.stop(third);
  await running.stop(fourth);
  await first.until(() => first.node?.transport.peers().length === 1);
  await second.until(() => second.node?.transport.peers().length === 1);
  const diagnosis = first.node?.diagnose();
  expect([diagnosis?.ok, diagnosis?.findings.map(({ code }) => code)]).toEqual([false, ['QUORUM_UNREACHABLE']]);
  expect(diagnosis?.summary).toMatch(/^No block can be decided: validators with 20 of 40 power are linked, 27 are needed; missing: 0x/);
  const stuckAt = [first.node?.height ?? 0, second.node?.height ?? 0];
  await running.start(third);
  await reach([first, second, third], Math.max(...stuckAt) + 3);
  const decidedAlone = first.events.filter((event) => event.type === 'committed' && event.height > Math.max(...stuckAt)).length;
  expect(decidedAlone).toBeGreaterThan(0);
});
