import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Stream } from '@libp2p/interface';
import { STREAM_LIMITS, TRANSPORT_LIMITS } from '@mutual-chain/node/p2p';
import type { Signature } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ControlMessage, Hello } from '../../src/p2p/control-message.ts';
import { encodeFrame } from '../../src/p2p/frame-reader.ts';
import { sessionDigest } from '../../src/p2p/handshake.ts';
import { type RawControl, type RawLink, RawPeer } from './raw-peer.ts';
import { createLoopbackWorld, identityOf, type TestNode, type TestWorld, type Told, validatorOf } from './transport-node.ts';
import { VirtualClock } from './virtual-clock.ts';

/*
 * Goal: whatever a peer does over a real connection, it is refused with a reason or cut, nothing that it sent is passed on by mistake, and memory stays bounded.
 * Method: a peer that has the key of a member, or of nobody, and speaks by hand.
 */

let world: TestWorld;
let clock: VirtualClock;
let node: TestNode;
let raw: RawPeer;

beforeEach(async () => {
  world = createLoopbackWorld();
  clock = new VirtualClock();
  node = world.createNode('A', { clock });
  raw = await RawPeer.start('B');
  await node.transport.start();
  node.transport.admit([{ peer: raw.peer, role: 'validator', addresses: [] }]);
});
afterEach(async () => {
  await raw.stop();
  await world.stop();
});

const told = (type: Told['type']): readonly Told[] => node.told.filter((each) => each.type === type);
const closed = (stream: Stream): Promise<void> => new Promise((resolve) => stream.addEventListener('close', () => resolve()));

/** Bytes in buffers that are still in use. */
function bytesHeld(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

describe('an outsider', () => {
  test('is cut off before any protocol', async () => {
    const outsider = await RawPeer.start('C');
    const opened = outsider.dial(node).then((connection) => outsider.openControl(connection));
    await expect(opened).rejects.toThrow();
    await outsider.stop();
    expect([node.transport.counters().outsidersRefused, node.told]).toEqual([1, []]);
  });
});

describe('a member that says a wrong hello', () => {
  const refused = (reason: string): Told => ({ type: 'refused', peer: 'B', reason, byPeer: false });

  /** What the node says up to its farewell, when the peer sends these messages after its hello was read. */
  async function answersTo(say: (control: RawControl, theirs: Hello) => void): Promise<readonly ControlMessage[]> {
    const control = await raw.openControl(await raw.dial(node));
    say(control, await control.hearHello());
    const answers: ControlMessage[] = [];
    do answers.push(await control.hear());
    while (answers.at(-1)?.type !== 'farewell');
    return answers;
  }

  const ownHello = (): Hello & { readonly type: 'hello' } => {
    const hello = raw.handshake().begin();
    if (hello.type !== 'hello') throw new Error('a handshake begins with a hello');
    return hello;
  };

  test.each<[string, (hello: Hello & { readonly type: 'hello' }) => ControlMessage, string]>([
    ['another wire version', (hello) => ({ ...hello, wireVersion: 2 }), 'wireVersionUnknown'],
    ['another chain id', (hello) => ({ ...hello, chainId: 8 }), 'chainOther'],
    ['another genesis', (hello) => ({ ...hello, genesisHash: new Uint8Array(32) as Hello['genesisHash'] }), 'genesisOther'],
    ['no hello at all', () => ({ type: 'accepted' }), 'helloInvalid'],
    ['a proof before the hello', () => ({ type: 'proof', signature: undefined }), 'helloInvalid'],
    ['a heartbeat', () => ({ type: 'ping', sequence: 1 }), 'helloInvalid'],
  ])('is refused with a reason: %s', async (_case, change, reason) => {
    const answers = await answersTo((control) => control.say(change(ownHello())));
    await world.until(() => node.told.length > 0);
    expect(answers).toEqual([{ type: 'farewell', reason }]);
    expect(node.told).toEqual([refused(reason)]);
  });

  type Prove = (own: Hello, theirs: Hello) => Signature | undefined;
  const identity = identityOf('B', {});
  const prover = (hello: Hello) => ({ peer: raw.peer, nonce: hello.nonce });
  const verifier = (hello: Hello) => ({ peer: node.transport.peer, nonce: hello.nonce });

  test.each<[string, Prove]>([
    ['none', () => undefined],
    ['by another key', (own, theirs) => validatorOf('C').signDigest(sessionDigest(identity, prover(own), verifier(theirs)))],
    ['for another session', (own) => validatorOf('B').signDigest(sessionDigest(identity, prover(own), verifier(own)))],
    ['made for the other direction', (own, theirs) => validatorOf('B').signDigest(sessionDigest(identity, verifier(theirs), prover(own)))],
    ['of no signature', () => new Uint8Array(65) as Signature],
  ])('is refused when its proof is %s', async (_case, prove) => {
    const own = ownHello();
    const answers = await answersTo((control, theirs) => {
      control.say(own);
      control.say({ type: 'proof', signature: prove(own, theirs) });
    });
    await world.until(() => node.told.length > 0);
    expect(answers.map((each) => (each.type === 'farewell' ? each.reason : each.type))).toEqual(['proof', 'proofWrong']);
    expect(node.told).toEqual([refused('proofWrong')]);
  });

  test.each<[string, Uint8Array]>([
    ['an empty frame', Uint8Array.of(0, 0, 0, 0)],
    ['a frame beyond the limit', Uint8Array.of(0, 0, 1, 1)],
    ['an unknown tag', encodeFrame(Uint8Array.of(99))],
    ['a hello cut off', encodeFrame(Uint8Array.of(0, 0, 1, 0, 0))],
    ['a farewell for no known reason', encodeFrame(Uint8Array.of(3, 200))],
  ])('is refused for %s', async (_case, bytes) => {
    const answers = await answersTo((control) => control.stream.send(bytes));
    await world.until(() => node.told.length > 0);
    expect([answers, node.told]).toEqual([[{ type: 'farewell', reason: 'frameInvalid' }], [refused('frameInvalid')]]);
  });

  test('is refused for opening a channel before it is accepted', async () => {
    const connection = await raw.dial(node);
    const control = await raw.openControl(connection);
    await control.hearHello();
    await raw.openChannel(connection, 'consensus').catch(() => undefined);
    await world.until(() => node.told.length > 0);
    expect(node.told).toEqual([refused('helloInvalid')]);
  });

  test('is cut when it says nothing for too long', async () => {
    const control = await raw.openControl(await raw.dial(node));
    await control.hearHello();
    clock.advance(TRANSPORT_LIMITS.handshakeTimeoutMs - 1);
    expect(node.told).toEqual([]);
    clock.advance(1);
    await closed(control.stream);
    expect(node.told).toEqual([refused('handshakeTimedOut')]);
  });
});

describe('a linked member that breaks the framing', () => {
  let link: RawLink;

  beforeEach(async () => {
    link = await raw.link(node);
    await world.until(() => told('connected').length === 1);
  });

  const cut: Told = { type: 'disconnected', peer: 'B', reason: 'frameInvalid', byPeer: false };
  const length = (bytes: number): Uint8Array => {
    const prefix = new Uint8Array(4);
    new DataView(prefix.buffer).setUint32(0, bytes);
    return prefix;
  };

  test.each(['consensus', 'transactions', 'bulk'] as const)('is cut for a frame that is too long or empty on %s', async (channel) => {
    for (const bytes of [STREAM_LIMITS[channel].frameBytesMax + 1, 0]) {
      const before = told('disconnected').length;
      link[channel].send(length(bytes));
      await world.until(() => told('disconnected').length > before);
      expect(node.told.at(-1)).toEqual(cut);
      if (bytes > 0) {
        link = await raw.link(node);
        await world.until(() => told('connected').length === 2);
      }
    }
    expect(told('received')).toEqual([]);
  });

  test('is cut for a frame whose end never comes before the end of its stream', async () => {
    link.consensus.send(Uint8Array.of(...length(10), 1, 2, 3));
    await link.consensus.close();
    await world.until(() => told('disconnected').length > 0);
    expect(node.told.slice(1)).toEqual([cut]);
  });

  test.each<[string, Uint8Array]>([
    ['a continuation of nothing', encodeFrame(Uint8Array.of(0, 1))],
    ['an unknown kind', encodeFrame(Uint8Array.of(77, 0, 0, 0, 0, 0, 0, 0, 1, 1))],
    ['a message longer than the limit', encodeFrame(Uint8Array.of(1, 0, 0, 0, 0, 255, 255, 255, 255, 1))],
  ])('is cut for bulk that is %s', async (_case, bytes) => {
    link.bulk.send(bytes);
    await world.until(() => told('disconnected').length > 0);
    expect(node.told.slice(1)).toEqual([cut]);
  });

  test('is cut for a second hello', async () => {
    link.control.say(raw.handshake().begin());
    await world.until(() => told('disconnected').length > 0);
    expect(node.told.slice(1)).toEqual([cut]);
  });

  test('never does more than get cut, whatever bytes it sends', async () => {
    const names = fc.constantFrom('control' as const, 'consensus' as const, 'transactions' as const, 'bulk' as const);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(names, fc.uint8Array({ minLength: 1, maxLength: 200 })), { minLength: 1, maxLength: 5 }),
        async (writes) => {
          if (node.transport.peers().length === 0) {
            const linksBefore = told('connected').length;
            link = await raw.link(node);
            await world.until(() => told('connected').length > linksBefore);
          }
          for (const [name, bytes] of writes) {
            const stream = name === 'control' ? link.control.stream : link[name];
            if (stream.writeStatus === 'writable') stream.send(bytes);
          }
          const before = told('disconnected').length;
          link.control.stream.abort(new Error('enough'));
          await world.until(() => told('disconnected').length > before);
        },
      ),
      { numRuns: 25 },
    );
    const reasons = new Set(told('disconnected').map((each) => (each.type === 'disconnected' ? each.reason : '')));
    expect([...reasons].filter((reason) => reason !== 'frameInvalid' && reason !== 'connectionLost')).toEqual([]);
    expect(node.transport.counters().bytesQueued).toBe(0);
  });
});

describe('a linked member at the wrong speed', () => {
  let link: RawLink;

  beforeEach(async () => {
    link = await raw.link(node);
    await world.until(() => told('connected').length === 1);
  });

  test('is cut when it never reads, and little waits for it until then', async () => {
    for (const stream of [link.control.stream, link.consensus, link.transactions, link.bulk]) stream.pause();
    const channels = ['consensus', 'transactions', 'bulk'] as const;
    const heldBefore = bytesHeld();
    // Many times what the queues hold, all of it different bytes, while the connection takes what it can.
    for (let round = 0; round < 60; round++) {
      for (const channel of channels) node.transport.send(raw.peer, channel, new Uint8Array(STREAM_LIMITS[channel].messageBytesMax));
      for (let index = 0; index < 20; index++) node.transport.send(raw.peer, 'consensus', new Uint8Array(65_536));
      await setImmediate();
    }
    const { bytesQueued, channels: counted } = node.transport.counters();
    const most = channels.reduce((bytes, channel) => bytes + STREAM_LIMITS[channel].queueBytesMax, 0);
    expect(bytesQueued).toBeLessThanOrEqual(most);
    expect(bytesQueued).toBeGreaterThan(most / 2);
    expect(channels.map((channel) => counted[channel].messagesDropped > 0)).toEqual([true, true, true]);
    // Both ends are in this process: queues, what each stream has under way, and as much as the other end has not read.
    const mostHeld = most + 2 * channels.length * 2 * TRANSPORT_LIMITS.streamWindowBytes;
    // What is free is given back by a thread of its own, some time after the collection that found it.
    await world.until(() => bytesHeld() - heldBefore < mostHeld);
    clock.advance(TRANSPORT_LIMITS.silenceMs);
    expect(told('disconnected')).toEqual([]);
    clock.advance(2 * TRANSPORT_LIMITS.heartbeatIntervalMs);
    expect(told('disconnected')).toEqual([{ type: 'disconnected', peer: 'B', reason: 'silent', byPeer: false }]);
    expect(node.transport.counters().bytesQueued).toBe(0);
  });

  test('is read no faster than its rate, and loses nothing', async () => {
    const { burstBytes, bytesPerSecond } = STREAM_LIMITS.consensus;
    const frame = new Uint8Array(65_536);
    const count = Math.ceil((2 * burstBytes) / frame.length);
    for (let index = 0; index < count; index++) link.consensus.send(encodeFrame(frame));
    await world.until(() => node.transport.counters().channels.consensus.pauses > 0);
    const early = told('received').length;
    expect(early).toBeLessThan(count);
    while (told('received').length < count) {
      const before = told('received').length;
      clock.advance((TRANSPORT_LIMITS.streamWindowBytes * 1_000) / bytesPerSecond);
      link.control.say({ type: 'pong', sequence: 0 });
      await world.until(() => told('received').length > before);
    }
    expect([told('received').length, told('disconnected')]).toEqual([count, []]);
  });
});
