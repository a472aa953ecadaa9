import { assertInvariant, equalBytes } from '@mutual-chain/protocol';
import type { CloseReason } from './close-reason.ts';
import { type Hello, INSTANCE_BYTES, NONCE_BYTES, WIRE_VERSION } from './control-message.ts';
import type { NodeIdentity } from './handshake.ts';
import { type Channel, STREAM_LIMITS, TRANSPORT_LIMITS } from './limits.ts';
import { LinkTable } from './link-table.ts';
import { OutstandingRequests } from './outstanding-requests.ts';
import { SendQueue } from './send-queue.ts';
import type { ConnectedPeer, Member, RequestOutcome, SendOutcome, Transport, TransportClock, TransportEvents } from './transport.ts';
import { countReason, createCounters, type TransportCounters } from './transport-counters.ts';

/** What a transport in a memory network is made of. */
export type MemoryTransportOptions = {
  /** Own peer id: any text that is no other's. */
  readonly peer: string;
  /** Validator keys are believed, not proved. */
  readonly identity: Omit<NodeIdentity, 'cryptography'>;
  readonly events: TransportEvents;
};

/** What a memory transport knows of the world. */
export type MemoryWorld = {
  readonly clock: TransportClock;
  /** Runs something when what is sent now arrives. */
  readonly later: (run: () => void) => void;
  readonly find: (peer: string) => MemoryTransport | undefined;
};

/** Something under way to the other end. */
type UnderWay = { readonly arrive: (other: MemoryLink) => void };

/** One end of a link. */
type MemoryLink = {
  readonly owner: MemoryTransport;
  readonly isDialler: boolean;
  readonly requests: OutstandingRequests;
  readonly queues: Readonly<Record<Channel, SendQueue<UnderWay>>>;
  other: MemoryLink | undefined;
  isOpen: boolean;
  /** Requests of the other end that have not been answered. */
  answering: number;
};

/** The transport of one node in a `MemoryNetwork`. */
export class MemoryTransport implements Transport {
  readonly peer: string;
  readonly #options: MemoryTransportOptions;
  readonly #world: MemoryWorld;
  readonly #table: LinkTable<MemoryLink>;
  readonly #redials = new Map<string, () => void>();
  #targets: readonly string[] = [];
  #counters = createCounters();
  #runs = 0;
  #isRunning = false;

  constructor(options: MemoryTransportOptions, world: MemoryWorld) {
    this.peer = options.peer;
    this.#options = options;
    this.#world = world;
    this.#table = new LinkTable(this.peer);
  }

  /** Between `start` and `stop`. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  start(): Promise<void> {
    assertInvariant(!this.#isRunning, 'a transport is started once until it is stopped');
    this.#isRunning = true;
    this.#runs++;
    this.#counters = createCounters();
    this.#aim();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#isRunning = false;
    for (const cancel of this.#redials.values()) cancel();
    this.#redials.clear();
    for (const { peer } of this.#table.peers()) this.#close(peer, 'stopped');
    return Promise.resolve();
  }

  addresses(): readonly string[] {
    return this.#isRunning ? [`/memory/${this.peer}/p2p/${this.peer}`] : [];
  }

  peers(): readonly ConnectedPeer[] {
    return this.#table.peers();
  }

  admit(members: readonly Member[]): readonly string[] {
    this.#targets = members.filter(({ peer, addresses }) => peer !== this.peer && addresses.length > 0).map(({ peer }) => peer);
    const linked = this.#table.peers().map(({ peer }) => peer);
    this.#table.admit(members);
    for (const peer of linked) if (this.#table.member(peer) === undefined) this.#close(peer, 'notAdmitted');
    if (this.#isRunning) this.#aim();
    return [];
  }

  send(peer: string, channel: Channel, message: Uint8Array): SendOutcome {
    checkLength(channel, message);
    const link = this.#table.find(peer);
    if (link === undefined) return 'notConnected';
    const copy = message.slice();
    const isQueued = this.#transmit(link, channel, message.length, ({ owner }) => owner.#received(this.peer, channel, copy));
    if (!isQueued) return 'dropped';
    this.#counters.channels[channel].messagesSent++;
    return 'queued';
  }

  request(peer: string, request: Uint8Array, done: (outcome: RequestOutcome) => void): void {
    checkLength('bulk', request);
    const counters = this.#counters;
    const link = this.#table.find(peer);
    counters.requestsSent++;
    const finish = (outcome: RequestOutcome): void => {
      if (!outcome.ok) counters.requestsFailed++;
      done(outcome);
    };
    const failSoon = (reason: 'notConnected' | 'tooMany'): void => void this.#world.clock.schedule(0, () => finish({ ok: false, reason }));
    if (link === undefined) failSoon('notConnected');
    else if (link.requests.isFull) failSoon('tooMany');
    else this.#sendRequest(link, request.slice(), finish);
  }

  cut(peer: string): void {
    this.#close(peer, 'rulesBroken');
  }

  counters(): TransportCounters {
    const bytesQueued = this.#table
      .peers()
      .map(({ peer }) => this.#table.find(peer))
      .reduce((bytes, link) => bytes + (link === undefined ? 0 : bytesOf(link)), 0);
    return structuredClone({ ...this.#counters, bytesQueued });
  }

  #aim(): void {
    for (const [peer, cancel] of this.#redials) {
      if (this.#targets.includes(peer)) continue;
      cancel();
      this.#redials.delete(peer);
    }
    for (const peer of this.#targets) this.#dialAfter(peer, this.peer < peer ? 0 : TRANSPORT_LIMITS.diallerHeadStartMs);
  }

  #dialAfter(peer: string, delayMs: number): void {
    if (this.#redials.has(peer) || !this.#targets.includes(peer) || !this.#isRunning) return;
    const cancel = this.#world.clock.schedule(delayMs, () => {
      this.#redials.delete(peer);
      if (this.#table.find(peer) !== undefined) return;
      this.#counters.dials++;
      if (this.#connect(peer)) return;
      this.#counters.dialsFailed++;
      this.#dialAfter(peer, TRANSPORT_LIMITS.redialMaxMs);
    });
    this.#redials.set(peer, cancel);
  }

  /** Whether a dial makes a link. */
  #connect(peer: string): boolean {
    const other = this.#world.find(peer);
    if (other === undefined || !other.#isRunning) return false;
    if (other.#table.member(this.peer) === undefined) {
      other.#counters.outsidersRefused++;
      return false;
    }
    const own = createLink(this, true, this.#world.clock);
    const theirs = createLink(other, false, this.#world.clock);
    own.other = theirs;
    theirs.other = own;
    const refusals = [this.#judge(other, own), other.#judge(this, theirs)] as const;
    if (refusals[0] !== undefined || refusals[1] !== undefined) {
      this.#refuse(peer, refusals[0], refusals[1]);
      other.#refuse(this.peer, refusals[1], refusals[0]);
      return false;
    }
    this.#link(other, own);
    other.#link(this, theirs);
    this.#tell(other, own);
    if (own.isOpen) other.#tell(this, theirs);
    else other.#table.unlink(this.peer, theirs);
    return true;
  }

  #hello(): Hello {
    const { chainId, genesisHash, height, validator } = this.#options.identity;
    const instance = new Uint8Array(INSTANCE_BYTES);
    new DataView(instance.buffer).setUint32(0, this.#runs);
    const nonce = new Uint8Array(NONCE_BYTES);
    return { wireVersion: WIRE_VERSION, chainId, genesisHash, height: height(), instance, nonce, validator: validator?.address };
  }

  #judge(other: MemoryTransport, link: MemoryLink): CloseReason | undefined {
    const hello = other.#hello();
    const { chainId, genesisHash } = this.#options.identity;
    if (hello.chainId !== chainId) return 'chainOther';
    if (!equalBytes(hello.genesisHash, genesisHash)) return 'genesisOther';
    return this.#table.judge(other.peer, link, hello);
  }

  #refuse(peer: string, own: CloseReason | undefined, theirs: CloseReason | undefined): void {
    const reason = own ?? theirs;
    if (reason === undefined) return;
    countReason(this.#counters.refused, reason);
    if (reason !== 'duplicate') this.#options.events.refused(peer, reason, own === undefined);
  }

  #link(other: MemoryTransport, link: MemoryLink): void {
    if (this.#table.find(other.peer) !== undefined) this.#end(other.peer, 'replaced', false);
    this.#redials.get(other.peer)?.();
    this.#redials.delete(other.peer);
    const hello = other.#hello();
    this.#table.link(link, { peer: other.peer, height: hello.height, validator: hello.validator }, hello);
    this.#counters.linksOpened++;
  }

  #tell(other: MemoryTransport, link: MemoryLink): void {
    const info = this.#table.peers().find(({ peer }) => peer === other.peer);
    if (link.isOpen && info !== undefined) this.#options.events.connected(info);
  }

  #close(peer: string, reason: CloseReason): void {
    const link = this.#table.find(peer);
    if (link === undefined) return;
    const { other } = link;
    this.#end(peer, reason, false);
    this.#world.later(() => {
      if (other?.isOpen === true) other.owner.#end(this.peer, reason, true);
    });
  }

  #end(peer: string, reason: CloseReason, byPeer: boolean): void {
    const link = this.#table.find(peer);
    if (link === undefined) return;
    link.isOpen = false;
    this.#table.unlink(peer, link);
    link.requests.disconnect();
    countReason(this.#counters.linksClosed, reason);
    this.#options.events.disconnected(peer, reason, byPeer);
    this.#dialAfter(peer, TRANSPORT_LIMITS.redialFirstMs);
  }

  #transmit(link: MemoryLink, channel: Channel, bytes: number, arrive: (other: MemoryLink) => void): boolean {
    const queue = link.queues[channel];
    const counters = this.#counters.channels[channel];
    const underWay: UnderWay = { arrive };
    const { isQueued, dropped } = queue.push(underWay, bytes);
    counters.messagesDropped += dropped;
    if (!isQueued) return false;
    this.#world.later(() => {
      // What was dropped in favour of newer messages is no longer the first when its time comes.
      if (queue.first !== underWay) return;
      queue.shift();
      counters.bytesSent += bytes;
      if (link.other?.isOpen === true) arrive(link.other);
    });
    return true;
  }

  #received(peer: string, channel: Channel, message: Uint8Array): void {
    const counters = this.#counters.channels[channel];
    counters.messagesReceived++;
    counters.bytesReceived += message.length;
    this.#options.events.received(peer, channel, message);
  }

  #sendRequest(link: MemoryLink, request: Uint8Array, done: (outcome: RequestOutcome) => void): void {
    const id = link.requests.open(done);
    const isQueued = this.#transmit(link, 'bulk', request.length, (other) => other.owner.#answer(this.peer, other, request, id));
    if (!isQueued) this.#world.clock.schedule(0, () => link.requests.settle(id, { ok: false, reason: 'queueFull' }));
  }

  #answer(peer: string, link: MemoryLink, request: Uint8Array, id: number): void {
    this.#counters.requestsReceived++;
    const decline = (): void =>
      void this.#transmit(link, 'bulk', 0, ({ requests }) => void requests.settle(id, { ok: false, reason: 'declined' }));
    if (link.answering >= TRANSPORT_LIMITS.requestsInFlightMax) {
      decline();
      return;
    }
    let isAnswered = false;
    link.answering++;
    this.#options.events.requested(peer, request, (response) => {
      if (isAnswered) return;
      isAnswered = true;
      link.answering--;
      if (response === undefined) {
        decline();
        return;
      }
      checkLength('bulk', response);
      const copy = response.slice();
      const respond = ({ requests }: MemoryLink): void => void requests.settle(id, { ok: true, response: copy });
      if (!this.#transmit(link, 'bulk', response.length, respond)) decline();
    });
  }
}

function createLink(owner: MemoryTransport, isDialler: boolean, clock: TransportClock): MemoryLink {
  return {
    owner,
    isDialler,
    requests: new OutstandingRequests(clock),
    queues: {
      consensus: new SendQueue(STREAM_LIMITS.consensus),
      transactions: new SendQueue(STREAM_LIMITS.transactions),
      bulk: new SendQueue(STREAM_LIMITS.bulk),
    },
    other: undefined,
    isOpen: true,
    answering: 0,
  };
}

function bytesOf({ queues }: MemoryLink): number {
  return queues.consensus.bytes + queues.transactions.bytes + queues.bulk.bytes;
}

function checkLength(channel: Channel, message: Uint8Array): void {
  const { messageBytesMax } = STREAM_LIMITS[channel];
  assertInvariant(message.length > 0 && message.length <= messageBytesMax, `a message has 1 to ${messageBytesMax} bytes`);
}
