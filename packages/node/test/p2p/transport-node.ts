import {
  type Channel,
  Libp2pTransport,
  MemoryNetwork,
  type NodeIdentity,
  peerIdOf,
  type Transport,
  type TransportClock,
  type TransportEvents,
} from '@mutual-chain/node/p2p';
import { encodeHex, type GenesisHash, keyPairOf, privateKeyFrom, referenceCryptography, signatureFrom } from '@mutual-chain/protocol';
import { VirtualClock } from './virtual-clock.ts';

/** What a transport told, in a form that tests compare whole: peers by name. */
export type Told =
  | { readonly type: 'connected'; readonly peer: string; readonly height: number; readonly validator: string | undefined }
  | { readonly type: 'disconnected' | 'refused'; readonly peer: string; readonly reason: string; readonly byPeer: boolean }
  | { readonly type: 'received'; readonly peer: string; readonly channel: Channel; readonly message: Uint8Array }
  | { readonly type: 'requested'; readonly peer: string; readonly request: Uint8Array };

/** How a node differs from the others. */
export type NodeTraits = {
  readonly chainId?: number;
  readonly genesisHash?: GenesisHash;
  readonly height?: number;
  /** Default: validates with a key of its own. */
  readonly isFollower?: boolean;
  readonly validator?: NodeIdentity['validator'];
  /** Only over sockets; default: any free port of this machine. */
  readonly listen?: string;
  /** Only over sockets; default: the clock of the system. */
  readonly clock?: TransportClock;
};

/** A node of a test. */
export type TestNode = {
  readonly name: string;
  readonly transport: Transport;
  readonly told: Told[];
  /** What is waiting to be answered, the oldest first. */
  readonly answers: ((response: Uint8Array | undefined) => void)[];
};

/** Somewhere nodes run. */
export type TestWorld = {
  readonly createNode: (name: string, traits?: NodeTraits) => TestNode;
  /** Lets the world go on until something holds. */
  readonly until: (condition: () => boolean) => Promise<void>;
  /** Stops all nodes. */
  readonly stop: () => Promise<void>;
};

/** The genesis hash of the chain that nodes are on unless something else is said. */
export const GENESIS_HASH = new Uint8Array(32).fill(9) as GenesisHash;
/** Its id. */
export const CHAIN_ID = 7;
/** How long a real network may take for anything, ms. */
const PATIENCE_MS = 30_000;

/** The node key of a node: of A all ones, of B all twos. */
export function nodeKeyOf(name: string): Uint8Array {
  return new Uint8Array(32).fill(name.charCodeAt(0) - 64);
}

/** Names of nodes by peer id. */
const NAMES: ReadonlyMap<string, string> = new Map(['A', 'B', 'C', 'D', 'E'].map((name) => [peerIdOf(nodeKeyOf(name)), name]));

/** The validator key of a node, ready to prove itself. */
export function validatorOf(name: string): NonNullable<NodeIdentity['validator']> {
  const privateKey = privateKeyFrom(new Uint8Array(32).fill(name.charCodeAt(0)));
  const signDigest = (digest: Uint8Array): ReturnType<typeof signatureFrom> =>
    signatureFrom(referenceCryptography.sign(digest, privateKey));
  return { address: keyPairOf(privateKey).address, signDigest };
}

/** The address of the validator key of a node, as events have it. */
export function addressOf(name: string): string {
  return encodeHex(validatorOf(name).address);
}

/** Who a node is. */
export function identityOf(name: string, traits: NodeTraits): NodeIdentity {
  return {
    cryptography: referenceCryptography,
    chainId: traits.chainId ?? CHAIN_ID,
    genesisHash: traits.genesisHash ?? GENESIS_HASH,
    height: () => traits.height ?? 0,
    validator: traits.isFollower === true ? undefined : (traits.validator ?? validatorOf(name)),
  };
}

/** Nodes over libp2p on this machine. */
export function createLoopbackWorld(): TestWorld {
  let changed: () => void = () => undefined;
  const nodes: TestNode[] = [];
  return {
    createNode: (name, traits = {}) => {
      const node = createNode(
        name,
        () => changed(),
        (events) =>
          new Libp2pTransport({
            identity: identityOf(name, traits),
            nodeKey: nodeKeyOf(name),
            listen: [traits.listen ?? '/ip4/127.0.0.1/tcp/0'],
            events,
            ...(traits.clock === undefined ? {} : { clock: traits.clock }),
          }),
      );
      nodes.push(node);
      return node;
    },
    until: async (condition) => {
      const patience = AbortSignal.timeout(PATIENCE_MS);
      while (!condition()) {
        await new Promise<void>((resolve, reject) => {
          changed = resolve;
          patience.onabort = () => reject(new Error('what a test waits for has not come'));
        });
      }
    },
    stop: async () => {
      await Promise.all(nodes.map(({ transport }) => transport.stop()));
    },
  };
}

/** Nodes in memory, under virtual time. */
export function createMemoryWorld(): TestWorld {
  const clock = new VirtualClock();
  const network = new MemoryNetwork({ clock, delayMs: 5 });
  const nodes: TestNode[] = [];
  return {
    createNode: (name, traits = {}) => {
      const peer = peerIdOf(nodeKeyOf(name));
      const node = createNode(
        name,
        () => undefined,
        (events) => network.createTransport({ peer, identity: identityOf(name, traits), events }),
      );
      nodes.push(node);
      return node;
    },
    until: (condition) => {
      const endMs = clock.monotonicMs() + PATIENCE_MS;
      while (!condition()) {
        if (!clock.runNext() || clock.monotonicMs() > endMs) return Promise.reject(new Error('what a test waits for has not come'));
      }
      return Promise.resolve();
    },
    stop: async () => {
      await Promise.all(nodes.map(({ transport }) => transport.stop()));
    },
  };
}

function createNode(name: string, changed: () => void, create: (events: TransportEvents) => Transport): TestNode {
  const told: Told[] = [];
  const answers: TestNode['answers'] = [];
  const tell = (event: Told): void => {
    told.push(event);
    changed();
  };
  const nameOf = (peer: string): string => NAMES.get(peer) ?? peer;
  const transport = create({
    connected: ({ peer, height, validator }) =>
      tell({ type: 'connected', peer: nameOf(peer), height, validator: validator === undefined ? undefined : encodeHex(validator) }),
    disconnected: (peer, reason, byPeer) => tell({ type: 'disconnected', peer: nameOf(peer), reason, byPeer }),
    refused: (peer, reason, byPeer) => tell({ type: 'refused', peer: nameOf(peer), reason, byPeer }),
    received: (peer, channel, message) => tell({ type: 'received', peer: nameOf(peer), channel, message }),
    requested: (peer, request, answer) => {
      answers.push(answer);
      tell({ type: 'requested', peer: nameOf(peer), request });
    },
  });
  return { name, transport, told, answers };
}

/** Starts nodes and makes all of them members of each other, with the addresses that they listen on. */
export async function startMembers(nodes: readonly TestNode[]): Promise<void> {
  for (const { transport } of nodes) await transport.start();
  admitEachOther(nodes);
}

/** Makes running nodes members of each other. */
export function admitEachOther(nodes: readonly TestNode[]): void {
  const members = nodes.map(({ transport }) => ({
    peer: transport.peer,
    role: 'validator' as const,
    addresses: transport.addresses().map((address) => address.slice(0, address.indexOf('/p2p/'))),
  }));
  for (const { transport } of nodes) transport.admit(members);
}

/** Whether each of the nodes is linked with all others of them. */
export function areLinked(nodes: readonly TestNode[]): boolean {
  return nodes.every((node) => {
    const linked = new Set(node.transport.peers().map(({ peer }) => peer));
    return nodes.every((other) => other === node || linked.has(other.transport.peer));
  });
}
