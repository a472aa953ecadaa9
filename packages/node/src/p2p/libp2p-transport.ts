import type { Libp2p, Connection as Libp2pConnection, Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { peerIdFromString } from '@libp2p/peer-id';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { assertInvariant } from '@mutual-chain/protocol';
import { createLibp2p } from 'libp2p';
import { nodeError } from '../errors.ts';
import type { Link } from './byte-stream.ts';
import type { CloseReason } from './close-reason.ts';
import type { Hello } from './control-message.ts';
import { Dialler } from './dialler.ts';
import { createInstance, Handshake, type NodeIdentity } from './handshake.ts';
import { Libp2pStream } from './libp2p-stream.ts';
import { type Channel, STREAM_LIMITS, STREAMS, type StreamName, TRANSPORT_LIMITS } from './limits.ts';
import { LinkTable } from './link-table.ts';
import { nodeKeyFrom, peerIdOf } from './node-key.ts';
import { PeerConnection } from './peer-connection.ts';
import { systemTransportClock } from './system-clock.ts';
import type { ConnectedPeer, Member, RequestOutcome, SendOutcome, Transport, TransportClock, TransportEvents } from './transport.ts';
import { countReason, createCounters, type TransportCounters } from './transport-counters.ts';

/** What a transport over libp2p is made of. */
export type Libp2pTransportOptions = {
  readonly identity: NodeIdentity;
  /** Key of the node in the network: a secp256k1 private key of 32 bytes that signs no votes. */
  readonly nodeKey: Uint8Array;
  /** Multiaddresses to listen on, such as `/ip4/0.0.0.0/tcp/26600`; none for a node that only dials. */
  readonly listen: readonly string[];
  readonly events: TransportEvents;
  /** Default: the clock of the system. */
  readonly clock?: TransportClock;
  /** From 0 to below 1, for the wait between dials; default: `Math.random`. */
  readonly chance?: () => number;
};

type Running = {
  readonly libp2p: Libp2p;
  readonly dialler: Dialler;
  /** Connections by the id of libp2p. */
  readonly connections: Map<string, PeerConnection>;
  /** Connections that are being ended. */
  readonly closing: Set<Promise<void>>;
};

/** Ends of connections on the way to become links that say nothing about the peer. */
const UNTOLD_REASONS: ReadonlySet<CloseReason> = new Set(['connectionLost', 'duplicate', 'stopped']);

/**
 * Links over libp2p: TCP, Noise, Yamux. Peers that are no members are refused right after the encrypted handshake, in both directions, before
 * any protocol is spoken; members then say hello and get one stream for each channel.
 */
export class Libp2pTransport implements Transport {
  readonly peer: string;
  readonly #options: Libp2pTransportOptions;
  readonly #clock: TransportClock;
  readonly #table: LinkTable<PeerConnection>;
  #instance = createInstance();
  #targets = new Map<string, readonly Multiaddr[]>();
  #counters = createCounters();
  #running: Running | undefined;
  #stopping: Promise<void> | undefined;

  /** Errors: `NETWORK_KEY_INVALID`. */
  constructor(options: Libp2pTransportOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemTransportClock;
    this.peer = peerIdOf(options.nodeKey);
    this.#table = new LinkTable(this.peer);
  }

  async start(): Promise<void> {
    assertInvariant(this.#running === undefined, 'a transport is started once until it is stopped');
    const libp2p = await this.#createLibp2p();
    this.#counters = createCounters();
    this.#instance = createInstance();
    const dialler = new Dialler({
      clock: this.#clock,
      ownPeer: this.peer,
      chance: this.#options.chance ?? Math.random,
      dial: (peer, signal) => this.#dial(libp2p, peer, signal),
    });
    this.#running = { libp2p, dialler, connections: new Map(), closing: new Set() };
    libp2p.addEventListener('connection:open', ({ detail }) => {
      if (detail.direction === 'inbound') this.#adopt(detail);
    });
    for (const name of STREAMS) {
      await libp2p.handle(this.#protocol(name), (stream, connection) => this.#accept(name, stream, connection), {
        maxInboundStreams: 1,
        maxOutboundStreams: 1,
      });
    }
    try {
      await libp2p.start();
    } catch (cause) {
      this.#running = undefined;
      await libp2p.stop();
      // What the library says is about its own settings; of the system it quotes one word.
      const text = cause instanceof Error ? cause.message : String(cause);
      const reason = /\bE[A-Z]{4,}\b/.exec(text)?.[0] ?? text.split('\n')[0];
      const { listen } = this.#options;
      throw nodeError(
        'NETWORK_LISTEN_FAILED',
        `the node cannot listen on ${listen.join(', ')}: ${reason}. End the program that listens there, or name another address`,
        { listen },
        cause,
      );
    }
    dialler.aim([...this.#targets.keys()]);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  addresses(): readonly string[] {
    return this.#running?.libp2p.getMultiaddrs().map(String) ?? [];
  }

  peers(): readonly ConnectedPeer[] {
    return this.#table.peers();
  }

  admit(members: readonly Member[]): readonly string[] {
    const refusals: string[] = [];
    const targets = members
      .filter(({ peer }) => peer !== this.peer)
      .map(({ peer, addresses }) => [peer, addresses.flatMap((address) => parseAddress(address, peer, refusals))] as const)
      .filter(([, addresses]) => addresses.length > 0);
    this.#targets = new Map(targets);
    for (const connection of this.#table.admit(members)) connection.close('notAdmitted');
    this.#running?.dialler.aim([...this.#targets.keys()]);
    return refusals;
  }

  send(peer: string, channel: Channel, message: Uint8Array): SendOutcome {
    const { messageBytesMax } = STREAM_LIMITS[channel];
    assertInvariant(message.length > 0 && message.length <= messageBytesMax, `a message has 1 to ${messageBytesMax} bytes`);
    return this.#table.find(peer)?.send(channel, message) ?? 'notConnected';
  }

  request(peer: string, request: Uint8Array, done: (outcome: RequestOutcome) => void): void {
    const { messageBytesMax } = STREAM_LIMITS.bulk;
    assertInvariant(request.length > 0 && request.length <= messageBytesMax, `a request has 1 to ${messageBytesMax} bytes`);
    const counters = this.#counters;
    const connection = this.#table.find(peer);
    counters.requestsSent++;
    const finish = (outcome: RequestOutcome): void => {
      if (!outcome.ok) counters.requestsFailed++;
      done(outcome);
    };
    if (connection === undefined) queueMicrotask(() => finish({ ok: false, reason: 'notConnected' }));
    else connection.request(request, finish);
  }

  cut(peer: string): void {
    this.#table.find(peer)?.close('rulesBroken');
  }

  counters(): TransportCounters {
    const bytesQueued = [...(this.#running?.connections.values() ?? [])].reduce((bytes, connection) => bytes + connection.bytesQueued, 0);
    return structuredClone({ ...this.#counters, bytesQueued });
  }

  async #createLibp2p(): Promise<Libp2p> {
    const { listen, nodeKey } = this.#options;
    for (const address of listen) checkListenAddress(address);
    const isOutsider = (peer: { readonly toString: () => string }): boolean => {
      const isRefused = this.#table.member(peer.toString()) === undefined;
      if (isRefused) this.#counters.outsidersRefused++;
      return isRefused;
    };
    const { streamWindowBytes, handshakeTimeoutMs, dialTimeoutMs } = TRANSPORT_LIMITS;
    return createLibp2p({
      start: false,
      privateKey: nodeKeyFrom(nodeKey),
      addresses: { listen: [...listen] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [
        yamux({
          // The streams of a link, and one that is refused.
          maxInboundStreams: STREAMS.length + 1,
          streamOptions: {
            maxStreamWindowSize: streamWindowBytes,
            maxReadBufferLength: 2 * streamWindowBytes,
            maxWriteBufferLength: streamWindowBytes,
          },
        }),
      ],
      connectionGater: {
        denyDialPeer: isOutsider,
        denyInboundEncryptedConnection: isOutsider,
        denyOutboundEncryptedConnection: isOutsider,
      },
      connectionManager: {
        maxConnections: TRANSPORT_LIMITS.connectionsMax,
        maxIncomingPendingConnections: TRANSPORT_LIMITS.pendingConnectionsMax,
        inboundConnectionThreshold: TRANSPORT_LIMITS.connectionsPerHostPerSecond,
        inboundUpgradeTimeout: handshakeTimeoutMs,
        inboundStreamProtocolNegotiationTimeout: handshakeTimeoutMs,
        outboundStreamProtocolNegotiationTimeout: handshakeTimeoutMs,
        dialTimeout: dialTimeoutMs,
        reconnectRetries: 0,
      },
      // It ends connections by its own idea of a timeout; heartbeats of links are those of PeerConnection.
      connectionMonitor: { enabled: false },
    });
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    const { libp2p, dialler, connections, closing } = running;
    const dialsEnded = dialler.stop();
    for (const connection of [...connections.values()]) connection.close('stopped');
    await dialsEnded;
    for (const connection of [...connections.values()]) connection.close('stopped');
    await Promise.all(closing);
    await libp2p.stop();
    this.#running = undefined;
  }

  #protocol(name: StreamName): string {
    // Hello comes before the chain is known to be the same, so that another chain can be told about.
    return name === 'control' ? '/mutual/control/1' : `/mutual/${this.#options.identity.chainId}/${name}/1`;
  }

  async #dial(libp2p: Libp2p, peer: string, signal: AbortSignal): Promise<void> {
    const addresses = this.#targets.get(peer) ?? [];
    this.#counters.dials++;
    let adopted: PeerConnection | undefined;
    try {
      const connection = await libp2p.dial([...addresses], { signal, force: true });
      adopted = this.#adopt(connection);
      const stream = await connection.newStream(this.#protocol('control'), { signal });
      adopted?.attach('control', new Libp2pStream(stream));
    } catch (error) {
      this.#counters.dialsFailed++;
      adopted?.lost();
      throw error;
    }
  }

  /** Makes a connection one that has to say hello, unless the node has stopped. */
  #adopt(connection: Libp2pConnection): PeerConnection | undefined {
    if (this.#running === undefined) {
      connection.abort(new Error('the node has stopped'));
      return undefined;
    }
    const { connections, closing } = this.#running;
    const peer = connection.remotePeer.toString();
    const isDialler = connection.direction === 'outbound';
    const link: Link = {
      peer,
      isDialler,
      open: async (name) => new Libp2pStream(await connection.newStream(this.#protocol(name))),
      close: () => {
        const closed = closeConnection(connection);
        closing.add(closed);
        void closed.finally(() => closing.delete(closed));
      },
    };
    const { identity } = this.#options;
    const handshake = new Handshake({
      identity,
      ownPeer: this.peer,
      remotePeer: peer,
      instance: this.#instance,
      admit: (hello) => this.#table.judge(peer, adopted, hello),
    });
    let isUp = false;
    const adopted: PeerConnection = new PeerConnection({
      link,
      handshake,
      clock: this.#clock,
      counters: this.#counters,
      events: {
        up: (hello) => {
          isUp = this.#goUp(peer, adopted, hello);
        },
        closed: (reason, byPeer) => {
          connections.delete(connection.id);
          this.#closed(peer, adopted, { reason, byPeer, wasUp: isUp });
        },
        received: (channel, message) => this.#options.events.received(peer, channel, message),
        requested: (request, answer) => this.#options.events.requested(peer, request, answer),
      },
    });
    connections.set(connection.id, adopted);
    connection.addEventListener('close', () => adopted.lost());
    return adopted;
  }

  #accept(name: StreamName, stream: Stream, connection: Libp2pConnection): void {
    const adopted = this.#running?.connections.get(connection.id);
    if (adopted === undefined || adopted.isDialler) {
      adopted?.close('rulesBroken');
      stream.abort(new Error('the peer opens a stream that is not its to open'));
      return;
    }
    adopted.attach(name, new Libp2pStream(stream));
  }

  #goUp(peer: string, connection: PeerConnection, hello: Hello): boolean {
    // What was true when the peer was accepted may have changed while the channels were opened.
    const refusal = this.#table.judge(peer, connection, hello);
    if (refusal !== undefined) {
      connection.close(refusal);
      return false;
    }
    this.#table.find(peer)?.close('replaced');
    const info: ConnectedPeer = { peer, height: hello.height, validator: hello.validator };
    this.#table.link(connection, info, hello);
    this.#counters.linksOpened++;
    this.#running?.dialler.linked(peer);
    this.#options.events.connected(info);
    return true;
  }

  #closed(
    peer: string,
    connection: PeerConnection,
    end: { readonly reason: CloseReason; readonly byPeer: boolean; readonly wasUp: boolean },
  ): void {
    const { events } = this.#options;
    const { reason, byPeer } = end;
    if (this.#table.unlink(peer, connection)) {
      countReason(this.#counters.linksClosed, reason);
      events.disconnected(peer, reason, byPeer);
    } else if (!end.wasUp) {
      countReason(this.#counters.refused, reason);
      if (!UNTOLD_REASONS.has(reason)) events.refused(peer, reason, byPeer);
    }
    if (this.#table.find(peer) === undefined) this.#running?.dialler.unlinked(peer);
  }
}

async function closeConnection(connection: Libp2pConnection): Promise<void> {
  try {
    await connection.close({ signal: AbortSignal.timeout(TRANSPORT_LIMITS.closeTimeoutMs) });
  } catch (error) {
    connection.abort(error instanceof Error ? error : new Error(String(error)));
  }
}

function parseAddress(address: string, peer: string, refusals: string[]): readonly Multiaddr[] {
  try {
    return [multiaddr(`${address}/p2p/${peerIdFromString(peer).toString()}`)];
  } catch (error) {
    refusals.push(`${address} of ${peer} cannot be dialled: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function checkListenAddress(address: string): void {
  try {
    multiaddr(address);
  } catch (cause) {
    const message = `${address} is no multiaddress to listen on: write it as /ip4/0.0.0.0/tcp/26600`;
    throw nodeError('NETWORK_ADDRESS_INVALID', message, { address }, cause);
  }
}
