import { assertInvariant } from '@mutual-chain/protocol';
import { joinBytes } from '../bytes/join-bytes.ts';
import { BulkAssembler, type BulkMessage, BulkSender } from './bulk-message.ts';
import type { ByteStream, Link } from './byte-stream.ts';
import type { CloseReason } from './close-reason.ts';
import { type ControlMessage, decodeControlMessage, encodeControlMessage, type Hello } from './control-message.ts';
import { encodeFrame, FrameReader } from './frame-reader.ts';
import type { Handshake } from './handshake.ts';
import { CHANNELS, type Channel, STREAM_LIMITS, STREAMS, type StreamName, TRANSPORT_LIMITS } from './limits.ts';
import { OutstandingRequests } from './outstanding-requests.ts';
import { SendQueue } from './send-queue.ts';
import { TokenBucket } from './token-bucket.ts';
import type { RequestOutcome, SendOutcome, TransportClock } from './transport.ts';
import type { TransportCounters } from './transport-counters.ts';

/** What a connection tells its transport. `up` at most once, `closed` once and last. */
export type PeerConnectionEvents = {
  readonly up: (hello: Hello) => void;
  readonly closed: (reason: CloseReason, byPeer: boolean) => void;
  readonly received: (channel: Channel, message: Uint8Array) => void;
  readonly requested: (request: Uint8Array, answer: (response: Uint8Array | undefined) => void) => void;
};

/** What a connection is made of. */
export type PeerConnectionOptions = {
  readonly link: Link;
  readonly handshake: Handshake;
  readonly clock: TransportClock;
  readonly counters: TransportCounters;
  readonly events: PeerConnectionEvents;
};

/** A frame that is ready to be written, or a bulk message that is cut into frames as they are written. */
type Outgoing = Uint8Array | BulkSender;

/** Where a connection stands: saying hello, opening channels, in use, or over. */
type Phase = 'hello' | 'opening' | 'up' | 'closed';

/** One direction pair of a connection: what is read, what waits to be written. */
type Lane = {
  readonly name: StreamName;
  readonly queue: SendQueue<Outgoing>;
  readonly reader: FrameReader;
  readonly bucket: TokenBucket;
  stream: ByteStream | undefined;
  resume: (() => void) | undefined;
};

/**
 * A connection to a peer, from the first byte after encryption to its end: hello on the control stream, then a stream for each channel.
 * Urgent streams are served first, and bulk gives way after every piece.
 */
export class PeerConnection {
  readonly #options: PeerConnectionOptions;
  readonly #lanes: Readonly<Record<StreamName, Lane>>;
  readonly #requests: OutstandingRequests;
  readonly #assembler = new BulkAssembler();
  #phase: Phase = 'hello';
  #hello: Hello | undefined;
  #cancelTimer: () => void;
  #pieceTurn: NodeJS.Immediate | undefined;
  #isPumpDue = false;
  #answering = 0;
  #heardMs: number;
  #progressMs: number;
  #pingSequence = 0;
  #oldestPingMs: number | undefined;

  constructor(options: PeerConnectionOptions) {
    this.#options = options;
    const nowMs = options.clock.monotonicMs();
    this.#heardMs = nowMs;
    this.#progressMs = nowMs;
    this.#requests = new OutstandingRequests(options.clock);
    this.#lanes = Object.fromEntries(STREAMS.map((name) => [name, createLane(name, nowMs)])) as Record<StreamName, Lane>;
    this.#cancelTimer = options.clock.schedule(TRANSPORT_LIMITS.handshakeTimeoutMs, () => this.close('handshakeTimedOut'));
  }

  /** Whether the connection was dialled by this node. */
  get isDialler(): boolean {
    return this.#options.link.isDialler;
  }

  /** Bytes that wait to be sent. */
  get bytesQueued(): number {
    return STREAMS.reduce((bytes, name) => bytes + this.#lanes[name].queue.bytes, 0);
  }

  /** Takes a stream that the peer, or this node, has opened. A stream that is not due ends the connection. */
  attach(name: StreamName, stream: ByteStream): void {
    const lane = this.#lanes[name];
    if (this.#phase === 'closed') return;
    if (lane.stream !== undefined || (name === 'control') !== (this.#phase === 'hello')) {
      this.close('helloInvalid');
      return;
    }
    lane.stream = stream;
    if (name === 'control') {
      this.#listen(lane);
      this.#say(this.#options.handshake.begin());
    } else if (CHANNELS.every((channel) => this.#lanes[channel].stream !== undefined)) {
      this.#goUp();
    }
  }

  /** Queues a message. */
  send(channel: Channel, message: Uint8Array): SendOutcome {
    const counters = this.#options.counters.channels[channel];
    const outgoing = channel === 'bulk' ? new BulkSender({ kind: 'message', id: 0, content: message }) : message;
    const isQueued = this.#enqueue(channel, outgoing, message.length);
    if (!isQueued) return 'dropped';
    counters.messagesSent++;
    return 'queued';
  }

  /** Sends a request; `done` is not called before this returns. */
  request(content: Uint8Array, done: (outcome: RequestOutcome) => void): void {
    if (this.#requests.isFull) {
      queueMicrotask(() => done({ ok: false, reason: 'tooMany' }));
      return;
    }
    const id = this.#requests.open(done);
    if (this.#sendBulk({ kind: 'request', id, content })) return;
    queueMicrotask(() => this.#requests.settle(id, { ok: false, reason: 'queueFull' }));
  }

  /** Ends the connection; the peer is told why, where it still reads. */
  close(reason: CloseReason): void {
    if (this.#phase === 'closed') return;
    this.#lanes.control.stream?.write(encodeFrame(encodeControlMessage({ type: 'farewell', reason })));
    this.#end(reason, false);
  }

  /** The connection has ended by itself. */
  lost(): void {
    this.#end('connectionLost', false);
  }

  #end(reason: CloseReason, byPeer: boolean): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#cancelTimer();
    clearImmediate(this.#pieceTurn);
    for (const name of STREAMS) {
      this.#lanes[name].resume?.();
      this.#lanes[name].queue.clear();
    }
    this.#options.link.close();
    this.#requests.disconnect();
    this.#options.events.closed(reason, byPeer);
  }

  #listen(lane: Lane): void {
    lane.stream?.listen({
      bytes: (chunk) => this.#receive(lane, chunk),
      idle: () => this.#pump(),
      ended: () => {
        const isCutOff = lane.reader.isInside || (lane.name === 'bulk' && this.#assembler.isInside);
        this.#end(isCutOff ? 'frameInvalid' : 'connectionLost', false);
      },
    });
  }

  #receive(lane: Lane, chunk: Uint8Array): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#heardMs = nowMs;
    let cost = chunk.length;
    const isWellFormed = lane.reader.push(chunk, (frame) => {
      cost += TRANSPORT_LIMITS.frameCostBytes;
      if (this.#phase !== 'closed') this.#take(lane.name, frame);
    });
    if (!isWellFormed) this.close('frameInvalid');
    if (this.#phase !== 'closed') this.#throttle(lane, lane.bucket.take(cost, nowMs));
  }

  /** Reads no more for a time when the peer sends faster than its rate: its own queue fills up then. */
  #throttle(lane: Lane, waitMs: number): void {
    if (waitMs === 0 || lane.resume !== undefined) return;
    lane.stream?.pause();
    if (lane.name !== 'control') this.#options.counters.channels[lane.name].pauses++;
    const cancel = this.#options.clock.schedule(waitMs, () => {
      lane.resume = undefined;
      lane.stream?.resume();
    });
    lane.resume = cancel;
  }

  #take(name: StreamName, frame: Uint8Array): void {
    if (name === 'control') {
      this.#takeControl(decodeControlMessage(frame));
      return;
    }
    const counters = this.#options.counters.channels[name];
    counters.bytesReceived += frame.length;
    if (name === 'bulk') {
      const message = this.#assembler.take(frame);
      if (message === 'invalid') this.close('frameInvalid');
      else if (message !== 'partial') this.#takeBulk(message);
      return;
    }
    counters.messagesReceived++;
    this.#options.events.received(name, frame);
  }

  #takeControl(message: ControlMessage | 'otherVersion' | undefined): void {
    if (message === undefined) this.close('frameInvalid');
    else if (message !== 'otherVersion' && message.type === 'farewell') this.#end(message.reason, true);
    else if (this.#phase === 'hello') this.#shakeHands(message);
    else if (message === 'otherVersion') this.close('frameInvalid');
    else if (message.type === 'ping') this.#say({ type: 'pong', sequence: message.sequence });
    else if (message.type === 'pong') this.#takePong(message.sequence);
    else this.close('frameInvalid');
  }

  #shakeHands(message: ControlMessage | 'otherVersion'): void {
    const { send, outcome } = this.#options.handshake.receive(message);
    for (const each of send) this.#say(each);
    if (outcome === undefined) return;
    if ('refused' in outcome) {
      this.#flushControl();
      this.#end(outcome.refused, false);
      return;
    }
    this.#hello = outcome.accepted;
    this.#phase = 'opening';
    if (this.isDialler) this.#openChannels();
  }

  #openChannels(): void {
    const { link } = this.#options;
    const openAll = async (): Promise<void> => {
      for (const channel of CHANNELS) this.attach(channel, await link.open(channel));
    };
    openAll().catch(() => this.lost());
  }

  #goUp(): void {
    const { clock, events } = this.#options;
    this.#phase = 'up';
    this.#cancelTimer();
    this.#cancelTimer = clock.schedule(TRANSPORT_LIMITS.heartbeatIntervalMs, () => this.#beat());
    this.#progressMs = clock.monotonicMs();
    events.up(this.#hello as Hello);
    for (const channel of CHANNELS) if (this.#isUp) this.#listen(this.#lanes[channel]);
  }

  get #isUp(): boolean {
    return this.#phase === 'up';
  }

  /** Asks for a sign of life, and ends the connection when the last ones are too long ago. */
  #beat(): void {
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    if (this.bytesQueued === 0) this.#progressMs = nowMs;
    const waitingSinceMs = Math.min(this.#progressMs, this.#oldestPingMs ?? nowMs);
    if (nowMs - this.#heardMs > TRANSPORT_LIMITS.silenceMs) {
      this.close('silent');
    } else if (nowMs - waitingSinceMs > TRANSPORT_LIMITS.stallMs) {
      this.close('stalled');
    } else {
      if (this.#oldestPingMs === undefined) {
        this.#pingSequence = (this.#pingSequence + 1) >>> 0;
        this.#oldestPingMs = nowMs;
        this.#say({ type: 'ping', sequence: this.#pingSequence });
      } else {
        // Unanswered, and yet the peer must hear something from this side within its own time of silence.
        this.#say({ type: 'pong', sequence: 0 });
      }
      this.#cancelTimer = clock.schedule(TRANSPORT_LIMITS.heartbeatIntervalMs, () => this.#beat());
    }
  }

  #takePong(sequence: number): void {
    if (sequence === this.#pingSequence) this.#oldestPingMs = undefined;
  }

  #takeBulk({ kind, id, content }: BulkMessage): void {
    const { counters, events } = this.#options;
    switch (kind) {
      case 'message':
        counters.channels.bulk.messagesReceived++;
        events.received('bulk', content);
        break;
      case 'request':
        counters.requestsReceived++;
        this.#answer(id, content);
        break;
      case 'response':
        this.#requests.settle(id, { ok: true, response: content });
        break;
      case 'decline':
        this.#requests.settle(id, { ok: false, reason: 'declined' });
        break;
    }
  }

  #answer(id: number, request: Uint8Array): void {
    const decline = (): void => void this.#sendBulk({ kind: 'decline', id, content: new Uint8Array(0) });
    if (this.#answering >= TRANSPORT_LIMITS.requestsInFlightMax) {
      decline();
      return;
    }
    let isAnswered = false;
    this.#answering++;
    this.#options.events.requested(request, (response) => {
      if (isAnswered) return;
      isAnswered = true;
      this.#answering--;
      assertInvariant(response?.length !== 0, 'a response has content');
      if (response === undefined || !this.#sendBulk({ kind: 'response', id, content: response })) decline();
    });
  }

  #sendBulk(message: BulkMessage): boolean {
    return this.#enqueue('bulk', new BulkSender(message), message.content.length);
  }

  #say(message: ControlMessage): void {
    const frame = encodeControlMessage(message);
    this.#enqueue('control', frame, frame.length);
  }

  #enqueue(name: StreamName, outgoing: Outgoing, bytes: number): boolean {
    if (this.#phase === 'closed') return false;
    if (this.bytesQueued === 0) this.#progressMs = this.#options.clock.monotonicMs();
    const { isQueued, dropped } = this.#lanes[name].queue.push(outgoing, bytes);
    if (name !== 'control') this.#options.counters.channels[name].messagesDropped += dropped;
    this.#pumpSoon();
    return isQueued;
  }

  /** Once for all that is queued in one go, so that small frames leave together. */
  #pumpSoon(): void {
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    queueMicrotask(() => {
      this.#isPumpDue = false;
      this.#pump();
    });
  }

  #flushControl(): void {
    const { stream } = this.#lanes.control;
    for (let frame = this.#lanes.control.queue.shift(); frame !== undefined; frame = this.#lanes.control.queue.shift()) {
      if (frame instanceof Uint8Array) stream?.write(encodeFrame(frame));
    }
  }

  #pump(): void {
    if (this.#phase === 'closed') return;
    for (const name of STREAMS) {
      const lane = this.#lanes[name];
      while (lane.queue.first !== undefined && lane.stream?.isIdle() === true && !(name === 'bulk' && this.#pieceTurn !== undefined)) {
        this.#write(lane, lane.stream);
      }
    }
  }

  #write(lane: Lane, stream: ByteStream): void {
    const bytes = lane.name === 'bulk' ? this.#nextPiece(lane) : takeSmallFrames(lane.queue);
    this.#progressMs = this.#options.clock.monotonicMs();
    if (lane.name !== 'control') this.#options.counters.channels[lane.name].bytesSent += bytes.length;
    stream.write(bytes);
  }

  /** One piece, after which whatever has come in meanwhile gets its turn. */
  #nextPiece(lane: Lane): Uint8Array {
    const sender = lane.queue.first as BulkSender;
    const piece = sender.next();
    if (sender.isDone) lane.queue.shift();
    this.#pieceTurn = setImmediate(() => {
      this.#pieceTurn = undefined;
      this.#pump();
    });
    return piece;
  }
}

function createLane(name: StreamName, nowMs: number): Lane {
  const limits = STREAM_LIMITS[name];
  return {
    name,
    queue: new SendQueue(limits),
    reader: new FrameReader(limits.frameBytesMax),
    bucket: new TokenBucket({ perSecond: limits.bytesPerSecond, burst: limits.burstBytes, nowMs }),
    stream: undefined,
    resume: undefined,
  };
}

/** As many frames as are written at once, one at least. */
function takeSmallFrames(queue: SendQueue<Outgoing>): Uint8Array {
  const frames: Uint8Array[] = [];
  for (let bytes = 0; ; ) {
    const { first } = queue;
    if (!(first instanceof Uint8Array) || (bytes > 0 && bytes + first.length > TRANSPORT_LIMITS.writeBytesMax)) break;
    queue.shift();
    frames.push(encodeFrame(first));
    bytes += first.length;
  }
  return joinBytes(frames);
}
