import { Libp2pTransport, type Member, type TransportEvents } from '@mutual-chain/node/p2p';
import { type GenesisHash, referenceCryptography } from '@mutual-chain/protocol';

/*
 * What the transport can do when four nodes share one process on one machine: a lower bound, as all of them share a core. A vote goes to a peer,
 * which sends one back; batches of transactions go to three peers at once.
 */

type Node = { readonly transport: Libp2pTransport; heard: (channel: string, bytes: number) => void };

const NODES = 4;
const VOTE = new Uint8Array(200);
const BATCH = new Uint8Array(65_536);
const BATCH_TRANSACTIONS = 320;

function createNode(index: number): Node {
  const events: TransportEvents = {
    connected: () => undefined,
    disconnected: (peer, reason) => process.stderr.write(`${index} lost ${peer}: ${reason}\n`),
    refused: (peer, reason) => process.stderr.write(`${index} refused ${peer}: ${reason}\n`),
    received: (_peer, channel, message) => node.heard(channel, message.length),
    requested: (_peer, _request, answer) => answer(undefined),
  };
  const transport = new Libp2pTransport({
    identity: {
      cryptography: referenceCryptography,
      chainId: 1,
      genesisHash: new Uint8Array(32) as GenesisHash,
      height: () => 0,
      validator: undefined,
    },
    nodeKey: new Uint8Array(32).fill(index + 1),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    events,
  });
  const node: Node = { transport, heard: () => undefined };
  return node;
}

/** A percentile of measurements, in whole microseconds. */
function percentile(valuesMs: readonly number[], part: number): string {
  const sorted = valuesMs.toSorted((a, b) => a - b);
  return `${Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 1_000)} µs`;
}

async function roundTrips(a: Node, b: Node, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  b.heard = (channel) => {
    if (channel === 'consensus') b.transport.send(a.transport.peer, 'consensus', VOTE);
  };
  for (let index = 0; index < count; index++) {
    const began = performance.now();
    await new Promise<void>((resolve) => {
      a.heard = (channel) => {
        if (channel === 'consensus') resolve();
      };
      a.transport.send(b.transport.peer, 'consensus', VOTE);
    });
    times.push(performance.now() - began);
  }
  return times;
}

async function flood(from: Node, others: readonly Node[], forMs: number): Promise<number> {
  let bytes = 0;
  for (const other of others) {
    other.heard = (_channel, length) => {
      bytes += length;
    };
  }
  const began = performance.now();
  while (performance.now() - began < forMs) {
    for (const { transport } of others) while (from.transport.send(transport.peer, 'transactions', BATCH) === 'queued');
    await new Promise((resolve) => setImmediate(resolve));
  }
  return (bytes / (performance.now() - began)) * 1_000;
}

const nodes = Array.from({ length: NODES }, (_, index) => createNode(index));
for (const { transport } of nodes) await transport.start();
const members = nodes.map(({ transport }): Member => {
  const addresses = transport.addresses().map((address) => address.slice(0, address.indexOf('/p2p/')));
  return { peer: transport.peer, role: 'validator', addresses };
});
for (const { transport } of nodes) transport.admit(members);
while (nodes.some(({ transport }) => transport.peers().length < NODES - 1)) await new Promise((resolve) => setTimeout(resolve, 10));

const [a, b, ...others] = nodes as [Node, Node, ...Node[]];
await roundTrips(a, b, 500);
const idle = await roundTrips(a, b, 5_000);
process.stdout.write(`vote and answer, idle: p50 ${percentile(idle, 0.5)}, p99 ${percentile(idle, 0.99)}\n`);

let isBusy = true;
const pushBulk = async (): Promise<void> => {
  const block = new Uint8Array(4_000_000);
  while (isBusy) {
    a.transport.send(b.transport.peer, 'bulk', block);
    await new Promise((resolve) => setImmediate(resolve));
  }
};
const pushing = pushBulk();
const bulkBefore = b.transport.counters().channels.bulk.bytesReceived;
const began = performance.now();
const busy = await roundTrips(a, b, 1_000);
const bulkRate = ((b.transport.counters().channels.bulk.bytesReceived - bulkBefore) / (performance.now() - began)) * 1_000;
isBusy = false;
await pushing;
process.stdout.write(
  `the same behind bulk at ${Math.round(bulkRate / 1_000_000)} MB/s: p50 ${percentile(busy, 0.5)}, p99 ${percentile(busy, 0.99)}\n`,
);

const rate = await flood(a, [b, ...others], 5_000);
const transactions = Math.round((rate / BATCH.length / (NODES - 1)) * BATCH_TRANSACTIONS);
process.stdout.write(
  `batches of 64 KiB to three peers: ${Math.round(rate / 1_000_000)} MB/s in all, ${transactions} transactions/s to each\n`,
);
await Promise.all(nodes.map(({ transport }) => transport.stop()));
