import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createLastSignFile,
  LevelStateStore,
  MutualNode,
  type NodeEvent,
  type NodeTransactions,
  nodeFileSystem,
  type StateStore,
} from '@mutual-chain/node';
import { MemoryNetwork, systemTransportClock } from '@mutual-chain/node/p2p';
import {
  blockHash,
  encodeHex,
  type Genesis,
  genesisHashOf,
  keyPairOf,
  type PrivateKey,
  parseGenesis,
  possessionDigest,
  type Signature,
} from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import { genesisChanges, genesisHeader } from '@mutual-chain/state-machine';

const cryptography = await loadFastCryptography();
const CHAIN_ID = 7;

function keyOf(name: string): PrivateKey {
  return cryptography.sha256(new TextEncoder().encode(name)) as PrivateKey;
}

function genesisOf(validators: number): Genesis {
  const alice = encodeHex(keyPairOf(keyOf('alice')).address);
  return parseGenesis({
    chainId: CHAIN_ID,
    networkName: 'test',
    timestampMs: 1_700_000_000_000,
    protocolVersion: 1,
    parameters: { blockIntervalMs: '20', proposeTimeoutMs: '100', voteTimeoutMs: '50', timeoutGrowthMs: '50' },
    allocation: {
      preset: 'custom',
      supply: '10',
      tranches: [{ name: 'all', amount: '10', rule: { kind: 'liquid' }, accounts: [{ address: alice, amount: '10' }] }],
    },
    members: [],
    treasury: alice,
    audit: alice,
    validators: Array.from({ length: validators }, (_, index) => {
      const key = keyOf(`validator ${index}`);
      const { publicKey } = keyPairOf(key);
      const operator = keyPairOf(keyOf(`operator ${index}`)).address;
      const possession = cryptography.sign(possessionDigest(cryptography, CHAIN_ID, operator), key) as Signature;
      return {
        ...{ publicKey: encodeHex(publicKey), operator: encodeHex(operator), possession: encodeHex(possession) },
        ...{ power: 10, peerId: `peer ${index}` },
      };
    }),
  });
}

/** There is always something to decide, and nothing in it. */
function noTransactions(): NodeTransactions {
  return {
    hasCandidates: () => true,
    candidates: () => [],
    verify: () => undefined,
    committed: () => undefined,
    connected: () => undefined,
    disconnected: () => undefined,
    received: () => undefined,
  };
}

/** A node of a test network: its directory, and what is up of it. */
export class TestNode {
  readonly index: number;
  readonly directory: string;
  readonly events: NodeEvent[] = [];
  store: StateStore | undefined;
  node: MutualNode | undefined;
  #waiting: { readonly condition: () => boolean; readonly resolve: () => void }[] = [];

  constructor(index: number, directory: string) {
    this.index = index;
    this.directory = directory;
  }

  /** Resolves when the condition holds after an event of this node. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      if (condition()) resolve();
      else this.#waiting.push({ condition, resolve });
    });
  }

  report(event: NodeEvent): void {
    this.events.push(event);
    const due = this.#waiting.filter(({ condition }) => condition());
    this.#waiting = this.#waiting.filter((each) => !due.includes(each));
    for (const { resolve } of due) resolve();
  }

  /** Hashes of the committed blocks, from height 1 on. */
  blocks(): readonly string[] {
    const { store } = this;
    if (store === undefined) return [];
    return Array.from({ length: store.tip?.height ?? 0 }, (_, index) =>
      encodeHex(cryptography.sha256(store.readBlock(index + 1) as Uint8Array)),
    );
  }
}

/** Validators on real disks, linked within the process. */
export class TestNetwork {
  readonly nodes: readonly TestNode[];
  readonly #root = mkdtempSync(join(tmpdir(), 'mutual-node-'));
  readonly #genesis: Genesis;
  #network = new MemoryNetwork({ clock: systemTransportClock, delayMs: 1 });

  constructor(count: number) {
    this.#genesis = genesisOf(count);
    const genesisHash = genesisHashOf(cryptography, this.#genesis);
    this.nodes = Array.from({ length: count }, (_, index) => {
      const directory = join(this.#root, String(index));
      mkdirSync(directory);
      const { address } = keyPairOf(keyOf(`validator ${index}`));
      createLastSignFile({ fileSystem: nodeFileSystem, directory: `${directory}/signer`, address, genesisHash, cryptography });
      return new TestNode(index, directory);
    });
  }

  async start(test: TestNode): Promise<void> {
    const genesis = this.#genesis;
    const genesisHash = genesisHashOf(cryptography, genesis);
    const identity = { chainId: CHAIN_ID, genesisHash };
    const store = new LevelStateStore({ directory: join(test.directory, 'state'), identity, cryptography });
    await store.start();
    if (store.tip === undefined) {
      const preview = store.view.preview(genesisChanges(cryptography, genesis));
      const header = genesisHeader(cryptography, genesis, preview.stateRoot);
      await store.commitHeight({ height: 0, blockHash: blockHash(cryptography, header), preview, block: new Uint8Array(0) });
    }
    const key = keyOf(`validator ${test.index}`);
    const node = new MutualNode({
      ...{ cryptography, genesis, store, transactions: noTransactions() },
      ...{ logDirectory: join(test.directory, 'wal'), signerDirectory: join(test.directory, 'signer') },
      validatorKey: { address: keyPairOf(key).address, signDigest: (digest) => cryptography.sign(digest, key) as Signature },
      createTransport: (own, events) => this.#network.createTransport({ peer: `peer ${test.index}`, identity: own, events }),
      peers: this.nodes.map(({ index }) => ({ peer: `peer ${index}`, role: 'validator' as const, addresses: [`/memory/${index}`] })),
      report: (event) => test.report(event),
    });
    test.store = store;
    test.node = node;
    await node.start();
  }

  async stop(test: TestNode): Promise<void> {
    await test.node?.stop();
    await test.store?.stop();
    test.node = undefined;
    test.store = undefined;
  }

  async end(): Promise<void> {
    for (const test of this.nodes) await this.stop(test);
    rmSync(this.#root, { recursive: true });
  }
}
