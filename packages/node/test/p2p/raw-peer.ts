import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { type ControlMessage, decodeControlMessage, encodeControlMessage, type Hello } from '../../src/p2p/control-message.ts';
import { encodeFrame, FrameReader } from '../../src/p2p/frame-reader.ts';
import { Handshake } from '../../src/p2p/handshake.ts';
import { nodeKeyFrom, peerIdOf } from '../../src/p2p/node-key.ts';
import { CHAIN_ID, identityOf, nodeKeyOf, type TestNode } from './transport-node.ts';

/** A peer with the key of a member that speaks the wire protocol by hand, as well or as badly as a test wants. */
export class RawPeer {
  readonly peer: string;
  readonly #name: string;
  readonly #libp2p: Libp2p;
  #target = '';

  private constructor(name: string, libp2p: Libp2p) {
    this.#name = name;
    this.peer = peerIdOf(nodeKeyOf(name));
    this.#libp2p = libp2p;
  }

  /** Starts the peer that has the key of the node of this name. */
  static async start(name: string): Promise<RawPeer> {
    const libp2p = await createLibp2p({
      privateKey: nodeKeyFrom(nodeKeyOf(name)),
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionMonitor: { enabled: false },
    });
    return new RawPeer(name, libp2p);
  }

  async stop(): Promise<void> {
    await this.#libp2p.stop();
  }

  /** Connects to a node. */
  async dial(node: TestNode): Promise<Connection> {
    this.#target = node.transport.peer;
    return this.#libp2p.dial(multiaddr(node.transport.addresses()[0]), { force: true });
  }

  /** Opens the control stream. */
  async openControl(connection: Connection): Promise<RawControl> {
    return new RawControl(await connection.newStream('/mutual/control/1'));
  }

  /** Opens the stream of a channel. */
  openChannel(connection: Connection, channel: string): Promise<Stream> {
    return connection.newStream(`/mutual/${CHAIN_ID}/${channel}/1`);
  }

  /** Does all that a correct peer does until the link is up. */
  async link(node: TestNode): Promise<RawLink> {
    const connection = await this.dial(node);
    const control = await this.openControl(connection);
    const handshake = this.handshake();
    control.say(handshake.begin());
    for (let accepted = false; !accepted; ) {
      const { send, outcome } = handshake.receive(await control.hear());
      for (const message of send) control.say(message);
      if (outcome !== undefined && 'refused' in outcome) throw new Error(outcome.refused);
      accepted = outcome !== undefined;
    }
    const open = async (channel: string): Promise<Stream> => this.openChannel(connection, channel);
    return {
      connection,
      control,
      consensus: await open('consensus'),
      transactions: await open('transactions'),
      bulk: await open('bulk'),
    };
  }

  /** The handshake of a correct peer. */
  handshake(): Handshake {
    return new Handshake({
      identity: identityOf(this.#name, {}),
      ownPeer: this.peer,
      remotePeer: this.#target,
      instance: new Uint8Array(16),
      admit: () => undefined,
    });
  }
}

/** A connection of a raw peer with its streams. */
export type RawLink = {
  readonly connection: Connection;
  readonly control: RawControl;
  readonly consensus: Stream;
  readonly transactions: Stream;
  readonly bulk: Stream;
};

/** The control stream by hand. */
export class RawControl {
  readonly stream: Stream;
  readonly #heard: ControlMessage[] = [];
  #changed: () => void = () => undefined;

  constructor(stream: Stream) {
    this.stream = stream;
    const reader = new FrameReader(256);
    stream.addEventListener('message', ({ data }) => {
      reader.push(data.subarray(), (frame) => {
        const message = decodeControlMessage(frame);
        if (message !== undefined && message !== 'otherVersion') this.#heard.push(message);
      });
      this.#changed();
    });
  }

  /** Says something. */
  say(message: ControlMessage): void {
    this.stream.send(encodeFrame(encodeControlMessage(message)));
  }

  /** The next thing that is said. */
  async hear(): Promise<ControlMessage> {
    for (;;) {
      const message = this.#heard.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  /** The hello of the other side. */
  async hearHello(): Promise<Hello> {
    const message = await this.hear();
    if (message.type !== 'hello') throw new Error(`${message.type} came before the hello`);
    return message;
  }
}
