import { MemoryNetwork, type Transport } from '@mutual-chain/node/p2p';
import { encodeTransaction, type SignedTransaction } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { encodeBatch } from '../../src/transactions/transaction-batch.ts';
import { VirtualClock } from '../p2p/virtual-clock.ts';
import type { CrashingDisk } from '../support/crashing-disk.ts';
import { declared, identity, idOf, TestChain, transfer, transfers } from './test-chain.ts';
import { TestService } from './test-service.ts';

/*
 * Goal: what is handed in anywhere gets everywhere, with as little sent as can be, and comes back after all nodes were killed. Method: services linked by
 * transports within the process, under virtual time.
 */

/** A node: its service and its links. */
type Node = { readonly peer: string; readonly run: TestService; readonly transport: Transport; readonly closed: string[] };

/** Nodes whose links are named by pairs of their letters. */
class Network {
  readonly clock = new VirtualClock();
  readonly #network = new MemoryNetwork({ clock: this.clock, delayMs: 2 });
  readonly #nodes = new Map<string, Node>();

  static async create(letters: string, disks: readonly CrashingDisk[] = []): Promise<Network> {
    const network = new Network();
    for (const [index, peer] of [...letters].entries()) await network.#add(peer, disks[index]);
    return network;
  }

  async #add(peer: string, disk: CrashingDisk | undefined): Promise<void> {
    const closed: string[] = [];
    const transport = this.#network.createTransport({
      peer,
      identity: { ...identity, height: () => 0, validator: undefined },
      events: {
        connected: (other) => run.service.connected(other.peer),
        disconnected: (other, reason) => {
          closed.push(`${other} ${reason}`);
          run.service.disconnected(other);
        },
        refused: () => undefined,
        received: (other, _channel, message) => run.service.received(other, message),
        requested: (_other, _request, answer) => answer(undefined),
      },
    });
    const run = await TestService.start({
      ...{ chain: await TestChain.create(), clock: this.clock },
      ...(disk === undefined ? {} : { disk }),
      send: (other, message) => transport.send(other, 'transactions', message) === 'queued',
      cut: (other) => transport.cut(other),
    });
    await transport.start();
    this.#nodes.set(peer, { peer, run, transport, closed });
  }

  /** Has exactly these links. */
  link(...pairs: readonly string[]): void {
    for (const { peer, transport } of this.#nodes.values()) {
      const others = pairs.filter((pair) => pair.includes(peer)).map((pair) => pair.replace(peer, ''));
      transport.admit(others.map((other) => ({ peer: other, role: 'validator', addresses: [`/memory/${other}`] })));
    }
    this.clock.advance(1_000);
  }

  node(peer: string): Node {
    const node = this.#nodes.get(peer);
    if (node === undefined) throw new Error(`there is a node ${peer}`);
    return node;
  }

  get nodes(): readonly Node[] {
    return [...this.#nodes.values()];
  }

  /** Hands transactions in, without waiting for answers. */
  hand(peer: string, ...transactions: readonly SignedTransaction[]): void {
    void this.node(peer).run.service.submit(transactions.map(declared));
  }

  /** How many of these each node has. */
  counts(transactions: readonly SignedTransaction[]): readonly number[] {
    return this.nodes.map(({ run }) => transactions.filter((each) => run.service.find(idOf(each)) !== undefined).length);
  }
}

const MESH = ['pq', 'pr', 'ps', 'qr', 'qs', 'rs'];
const ALL = ['a', 'b', 'c', 'd'].flatMap((account) => transfers(account, 0, 10));

async function handedToAll(disks: readonly CrashingDisk[] = []): Promise<Network> {
  const network = await Network.create('pqrs', disks);
  network.link(...MESH);
  for (const [index, account] of ['a', 'b', 'c', 'd'].entries()) network.hand('pqrs'.charAt(index), ...transfers(account, 0, 10));
  return network;
}

describe('where every two nodes are linked', () => {
  test('all have everything in a moment, and each got it once', async () => {
    const network = await handedToAll();
    network.clock.advance(50);
    expect(network.counts(ALL)).toEqual([40, 40, 40, 40]);
    expect(network.nodes.map(({ run }) => run.service.counters)).toMatchObject(
      network.nodes.map(() => ({ transactionsReceived: 30, duplicatesReceived: 0, transactionsSent: 30, verified: 40 })),
    );
    expect(network.nodes.flatMap(({ run }) => run.cut)).toEqual([]);
  });

  test('a transaction that is handed in at two nodes is there once', async () => {
    const network = await Network.create('pqrs');
    network.link(...MESH);
    for (const peer of 'pq') network.hand(peer, transfer('a', 0));
    network.clock.advance(1_000);
    expect(network.counts([transfer('a', 0)])).toEqual([1, 1, 1, 1]);
    expect(network.nodes.map(({ run }) => run.service.sizes.transactions)).toEqual([1, 1, 1, 1]);
  });

  test('everything that was promised is everywhere again after all were killed', async () => {
    const before = await handedToAll();
    before.clock.advance(50);
    const after = await Network.create(
      'pqrs',
      before.nodes.map(({ run }) => run.disk.afterPowerLoss(() => 0)),
    );
    after.link(...MESH);
    expect(after.counts(ALL)).toEqual([40, 40, 40, 40]);
  });
});

describe('where some nodes are not linked', () => {
  test('others send on what they have, within a second for each', async () => {
    const network = await Network.create('pqrs');
    network.link('pq', 'qr', 'rs');
    network.hand('p', ...transfers('a', 0, 5));
    const seen = [50, 550, 550].map((forMs) => {
      network.clock.advance(forMs);
      return network.counts(transfers('a', 0, 5));
    });
    expect(seen).toEqual([
      [5, 5, 0, 0],
      [5, 5, 5, 0],
      [5, 5, 5, 5],
    ]);
  });

  test('a node gets what it missed when it is linked', async () => {
    const network = await Network.create('pqrs');
    network.link('pq');
    network.hand('p', ...transfers('a', 0, 5));
    network.hand('q', ...transfers('b', 0, 5));
    network.hand('s', ...transfers('c', 0, 5));
    network.clock.advance(1_000);
    expect(network.counts(ALL)).toEqual([10, 10, 0, 5]);
    network.link('qr', 'rs');
    network.clock.advance(2_000);
    expect(network.counts(ALL)).toEqual([10, 15, 15, 15]);
  });
});

test('a peer that sends what is no transaction is cut from the network for it, and the others do not hear of it', async () => {
  const network = await Network.create('pqrs');
  network.link(...MESH);
  const forged = encodeTransaction(transfer('a', 0, { chainId: 8 }));
  network.node('s').transport.send('p', 'transactions', encodeBatch([forged]));
  network.clock.advance(20);
  expect(network.nodes.map(({ closed }) => closed)).toEqual([['s rulesBroken'], [], [], ['p rulesBroken']]);
  expect(network.nodes.map(({ run }) => run.service.sizes.transactions)).toEqual([0, 0, 0, 0]);
});
