import { setImmediate } from 'node:timers/promises';
import { type RequestOutcome, STREAM_LIMITS, TRANSPORT_LIMITS } from '@mutual-chain/node/p2p';
import { beforeEach, expect, test } from 'vitest';
import { type ControlMessage, decodeControlMessage, encodeControlMessage } from '../../src/p2p/control-message.ts';
import { encodeFrame, FrameReader } from '../../src/p2p/frame-reader.ts';
import { Handshake } from '../../src/p2p/handshake.ts';
import type { StreamName } from '../../src/p2p/limits.ts';
import { PeerConnection } from '../../src/p2p/peer-connection.ts';
import { createCounters } from '../../src/p2p/transport-counters.ts';
import { MemoryLink } from './memory-link.ts';
import { identityOf } from './transport-node.ts';
import { VirtualClock } from './virtual-clock.ts';

/*
 * Goal: heartbeats, time limits and the order of sending, where their exact moments matter. Method: one connection over streams that the test
 * holds, under virtual time.
 */

let clock: VirtualClock;
let link: MemoryLink;
let connection: PeerConnection;
let told: unknown[];

const handshake = (own: string, remote: string): Handshake =>
  new Handshake({
    identity: identityOf(own === 'own' ? 'A' : 'B', {}),
    ownPeer: own,
    remotePeer: remote,
    instance: new Uint8Array(16),
    admit: () => undefined,
  });

/** What has been written to a stream since the last call. */
function framesOf(name: StreamName): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  const reader = new FrameReader(STREAM_LIMITS[name].frameBytesMax);
  for (const bytes of link.stream(name).written.splice(0)) reader.push(bytes, (frame) => frames.push(frame));
  return frames;
}

const said = (): readonly (ControlMessage | 'otherVersion' | undefined)[] => framesOf('control').map(decodeControlMessage);
const hear = (message: ControlMessage): void => link.stream('control').arrive(encodeFrame(encodeControlMessage(message)));

beforeEach(async () => {
  clock = new VirtualClock();
  link = new MemoryLink();
  told = [];
  connection = new PeerConnection({
    link,
    handshake: handshake('own', 'peer'),
    clock,
    counters: createCounters(),
    events: {
      up: ({ height }) => told.push({ up: height }),
      closed: (reason, byPeer) => told.push({ closed: reason, byPeer }),
      received: (channel, message) => told.push({ received: channel, bytes: message.length }),
      requested: (request) => told.push({ requested: request.length }),
    },
  });
  connection.attach('control', link.stream('control'));
  const peer = handshake('peer', 'own');
  hear(peer.begin());
  for (let turn = 0; told.length === 0 && turn < 20; turn++) {
    await setImmediate();
    for (const message of said()) {
      if (message === undefined) throw new Error('the connection says what is no message');
      for (const answer of peer.receive(message).send) hear(answer);
    }
  }
  expect(told.splice(0)).toEqual([{ up: 0 }]);
});

test('asks for a sign of life, and stays up for an hour of answers', async () => {
  for (let beat = 0; beat < 1_800; beat++) {
    clock.advance(TRANSPORT_LIMITS.heartbeatIntervalMs);
    await Promise.resolve();
    const messages = said();
    expect(messages).toEqual([{ type: 'ping', sequence: beat + 1 }]);
    hear({ type: 'pong', sequence: beat + 1 });
  }
  expect(told).toEqual([]);
});

test('answers heartbeats', async () => {
  hear({ type: 'ping', sequence: 77 });
  await Promise.resolve();
  expect(said()).toEqual([{ type: 'pong', sequence: 77 }]);
});

test('ends when nothing was heard for too long, and not before', () => {
  clock.advance(TRANSPORT_LIMITS.silenceMs);
  expect(told).toEqual([]);
  clock.advance(TRANSPORT_LIMITS.heartbeatIntervalMs);
  expect([told, link.isClosed]).toEqual([[{ closed: 'silent', byPeer: false }], true]);
  expect(clock.pending).toBe(0);
});

test.each([
  ['answers no heartbeat', (): void => undefined],
  [
    'takes nothing of what waits',
    (): void => {
      link.stream('consensus').isBusy = true;
      connection.send('consensus', Uint8Array.of(1));
    },
  ],
])('ends when the peer is heard but %s', (_case, begin) => {
  begin();
  const beats = Math.floor(TRANSPORT_LIMITS.stallMs / TRANSPORT_LIMITS.heartbeatIntervalMs);
  for (let beat = 0; beat < beats; beat++) {
    clock.advance(TRANSPORT_LIMITS.heartbeatIntervalMs);
    hear({ type: 'ping', sequence: 1 });
  }
  expect(told).toEqual([]);
  clock.advance(2 * TRANSPORT_LIMITS.heartbeatIntervalMs);
  expect(told).toEqual([{ closed: 'stalled', byPeer: false }]);
});

test('sends a vote after one piece of bulk at most', async () => {
  const { frameBytesMax } = STREAM_LIMITS.bulk;
  connection.send('bulk', new Uint8Array(10 * frameBytesMax));
  await Promise.resolve();
  // The first piece has left, and the others wait for their turns.
  expect(framesOf('bulk').map((frame) => frame.length)).toEqual([frameBytesMax]);
  connection.send('consensus', new Uint8Array(200));
  await Promise.resolve();
  expect([framesOf('consensus').length, framesOf('bulk').length]).toEqual([1, 0]);
});

test('sends the most urgent first when the connection can take more again', async () => {
  const order: StreamName[] = [];
  for (const name of ['bulk', 'transactions', 'consensus'] as const) {
    const stream = link.stream(name);
    stream.isBusy = true;
    stream.write = () => void order.push(name);
    connection.send(name, Uint8Array.of(1));
  }
  await Promise.resolve();
  expect(order).toEqual([]);
  for (const name of ['bulk', 'transactions', 'consensus'] as const) link.stream(name).isBusy = false;
  link.stream('bulk').becomeIdle();
  expect(order).toEqual(['consensus', 'transactions', 'bulk']);
});

test('hands small frames over together', async () => {
  for (let index = 0; index < 500; index++) connection.send('consensus', new Uint8Array(131).fill(index));
  await Promise.resolve();
  const writes = link.stream('consensus').written.length;
  expect([writes, framesOf('consensus')]).toEqual([1, Array.from({ length: 500 }, (_, index) => new Uint8Array(131).fill(index))]);
});

test('gives up requests that are not answered in time', async () => {
  const outcomes: RequestOutcome[] = [];
  connection.request(Uint8Array.of(1), (outcome) => outcomes.push(outcome));
  await Promise.resolve();
  const [request] = framesOf('bulk');
  for (let waitedMs = 0; waitedMs < TRANSPORT_LIMITS.requestTimeoutMs; waitedMs += 1_000) {
    expect(outcomes).toEqual([]);
    hear({ type: 'ping', sequence: 1 });
    clock.advance(1_000);
  }
  expect(outcomes).toEqual([{ ok: false, reason: 'timedOut' }]);
  // The answer that comes after all changes nothing: kind 3 is a response, the id is that of the request.
  link.stream('bulk').arrive(encodeFrame(Uint8Array.of(3, ...(request?.subarray(1, 5) ?? []), 0, 0, 0, 1, 9)));
  expect([outcomes.length, told]).toEqual([1, []]);
});

test('declines requests beyond those that may be under way', async () => {
  const { requestsInFlightMax } = TRANSPORT_LIMITS;
  const ids = Array.from({ length: requestsInFlightMax + 2 }, (_, index) => index + 1);
  for (const id of ids) link.stream('bulk').arrive(encodeFrame(Uint8Array.of(2, 0, 0, 0, id, 0, 0, 0, 1, 9)));
  for (let turn = 0; turn < 3; turn++) await setImmediate();
  expect(told).toEqual(Array.from({ length: requestsInFlightMax }, () => ({ requested: 1 })));
  expect(framesOf('bulk')).toEqual(ids.slice(requestsInFlightMax).map((id) => Uint8Array.of(4, 0, 0, 0, id, 0, 0, 0, 0)));
});
