import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Libp2pTransport, type Member, TRANSPORT_LIMITS, type TransportEvents } from '@mutual-chain/node/p2p';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  admitEachOther,
  areLinked,
  createLoopbackWorld,
  identityOf,
  nodeKeyOf,
  startMembers,
  type TestNode,
  type TestWorld,
} from './transport-node.ts';
import { VirtualClock } from './virtual-clock.ts';

/*
 * Goal: what only real sockets show: links come back after a restart and after a long outage, bulk does not hold votes back, and nothing is
 * left after a stop. Method: nodes on this machine; a process that has to end by itself.
 */

let world: TestWorld;

beforeEach(() => {
  world = createLoopbackWorld();
});
afterEach(() => world.stop());

/** The node as a member that listens where it listens now. */
const memberOf = ({ transport }: TestNode): Member => ({
  peer: transport.peer,
  role: 'validator',
  addresses: transport.addresses().map((address) => address.slice(0, address.indexOf('/p2p/'))),
});

describe('a link', () => {
  test('comes back when the peer was started again at the same address, whoever dials', async () => {
    const a = world.createNode('A');
    const b = world.createNode('B');
    await startMembers([a, b]);
    await world.until(() => areLinked([a, b]));
    const [address] = memberOf(b).addresses;
    await b.transport.stop();
    await world.until(() => a.transport.peers().length === 0);
    const again = world.createNode('B', { height: 9, listen: address ?? '' });
    await again.transport.start();
    again.transport.admit([{ ...memberOf(a), addresses: [] }]);
    await world.until(() => areLinked([a, again]));
    expect(a.transport.peers().map(({ peer, height }) => [peer, height])).toEqual([[b.transport.peer, 9]]);
  });

  test('comes back after an outage of ten minutes', async () => {
    const clock = new VirtualClock();
    const a = world.createNode('A', { clock });
    const b = world.createNode('B');
    await a.transport.start();
    await b.transport.start();
    const address = memberOf(b);
    b.transport.admit([{ ...memberOf(a), addresses: [] }]);
    await b.transport.stop();
    a.transport.admit([address]);
    const dialsFailed = (): number => a.transport.counters().dialsFailed;
    while (clock.monotonicMs() < 600_000) {
      const before = dialsFailed();
      clock.advance(TRANSPORT_LIMITS.redialMaxMs);
      await turnsUntil(() => dialsFailed() > before);
    }
    expect(a.told).toEqual([]);
    const again = world.createNode('B', { listen: address.addresses[0] ?? '' });
    await again.transport.start();
    again.transport.admit([{ ...memberOf(a), addresses: [] }]);
    clock.advance(TRANSPORT_LIMITS.redialMaxMs);
    await world.until(() => areLinked([a, again]));
  });
});

/** Lets the event loop turn until something holds that nobody tells. */
async function turnsUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test('brings a vote before the bulk that was sent before it', async () => {
  const a = world.createNode('A');
  const b = world.createNode('B');
  await startMembers([a, b]);
  await world.until(() => areLinked([a, b]));
  const { peer } = b.transport;
  for (let index = 0; index < 2; index++) a.transport.send(peer, 'bulk', new Uint8Array(4_000_000).fill(1));
  await turnsUntil(() => b.transport.counters().channels.bulk.bytesReceived > 1_000_000);
  a.transport.send(peer, 'consensus', new Uint8Array(131).fill(2));
  const arrived = (): readonly string[] => b.told.flatMap((each) => (each.type === 'received' ? [each.channel] : []));
  await world.until(() => arrived().length === 3);
  expect(arrived()).toEqual(['consensus', 'bulk', 'bulk']);
});

test('leaves nothing in the process when it stops', async () => {
  const script = fileURLToPath(new URL('./start-and-stop.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=mutual-source', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, output]).toEqual([0, 'stopped\nended\n']);
});

describe('a configuration that cannot work', () => {
  const events = {} as TransportEvents;
  const create = (listen: readonly string[], nodeKey = nodeKeyOf('C')): Libp2pTransport =>
    new Libp2pTransport({ identity: identityOf('C', {}), nodeKey, listen, events });

  test('is refused with a code: a key that is none', () => {
    expect(() => create([], new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'NETWORK_KEY_INVALID' }));
    expect(() => create([], new Uint8Array(32))).toThrow(expect.objectContaining({ code: 'NETWORK_KEY_INVALID' }));
  });

  test('is refused with a code: an address that is none', async () => {
    await expect(create(['localhost:26600']).start()).rejects.toMatchObject({ code: 'NETWORK_ADDRESS_INVALID' });
  });

  test('is refused with a code: an address that is taken', async () => {
    const a = world.createNode('A');
    await a.transport.start();
    await expect(create([...memberOf(a).addresses]).start()).rejects.toMatchObject({ code: 'NETWORK_LISTEN_FAILED' });
  });

  test('is told about, and does not keep others from being linked: an address of a member that is none', async () => {
    const a = world.createNode('A');
    const b = world.createNode('B');
    await a.transport.start();
    await b.transport.start();
    admitEachOther([a, b]);
    const refusals = a.transport.admit([
      { peer: 'nobody', role: 'follower', addresses: ['/ip4/127.0.0.1/tcp/1', 'nonsense'] },
      memberOf(b),
    ]);
    await world.until(() => areLinked([a, b]));
    expect(refusals.map((sentence) => sentence.slice(0, sentence.indexOf(':')))).toEqual([
      '/ip4/127.0.0.1/tcp/1 of nobody cannot be dialled',
      'nonsense of nobody cannot be dialled',
    ]);
  });
});
