import { type RequestOutcome, STREAM_LIMITS, TRANSPORT_LIMITS } from '@mutual-chain/node/p2p';
import { encodeUtf8, type GenesisHash } from '@mutual-chain/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  addressOf,
  admitEachOther,
  areLinked,
  createLoopbackWorld,
  createMemoryWorld,
  startMembers,
  type TestNode,
  type TestWorld,
  type Told,
} from './transport-node.ts';

/*
 * Goal: the transport over sockets and the one in memory keep the same promises, so that what works over one works over the other. Method: one
 * suite for both, comparing whole lists of what was told.
 */

describe.each([
  ['libp2p on this machine', createLoopbackWorld],
  ['memory', createMemoryWorld],
] as const)('a transport over %s', (_name, createWorld) => {
  let world: TestWorld;

  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.stop());

  const linkTwo = async (): Promise<readonly [TestNode, TestNode]> => {
    const a = world.createNode('A');
    const b = world.createNode('B');
    await startMembers([a, b]);
    await world.until(() => areLinked([a, b]));
    return [a, b];
  };

  const ask = (from: TestNode, to: TestNode, text: string): RequestOutcome[] => {
    const outcomes: RequestOutcome[] = [];
    from.transport.request(to.transport.peer, encodeUtf8(text), (outcome) => outcomes.push(outcome));
    return outcomes;
  };

  const received = ({ told }: TestNode): readonly Told[] => told.filter(({ type }) => type === 'received');
  const ends = ({ told }: TestNode): readonly Told[] => told.filter(({ type }) => type === 'disconnected' || type === 'refused');

  test('links members, and tells each of the height and the proved key of the other', async () => {
    const nodes = [
      world.createNode('A', { height: 3 }),
      world.createNode('B', { height: 5 }),
      world.createNode('C', { isFollower: true, height: 0 }),
    ] as const;
    await startMembers(nodes);
    await world.until(() => areLinked(nodes));
    const links = nodes.map(({ transport }) => transport.peers().map(({ peer, height }) => ({ peer, height })));
    const [a, b, c] = nodes.map(({ transport }, index) => ({ peer: transport.peer, height: [3, 5, 0][index] }));
    const inOrder = (...peers: ({ peer: string } | undefined)[]): unknown =>
      peers.toSorted((x, y) => ((x?.peer ?? '') < (y?.peer ?? '') ? -1 : 1));
    expect(links).toEqual([inOrder(b, c), inOrder(a, c), inOrder(a, b)]);
    expect(nodes[0].told.filter(({ peer }) => peer === 'B').at(-1)).toEqual({
      type: 'connected',
      peer: 'B',
      height: 5,
      validator: addressOf('B'),
    });
    expect(nodes[0].told.filter(({ peer }) => peer === 'C').at(-1)).toEqual({
      type: 'connected',
      peer: 'C',
      height: 0,
      validator: undefined,
    });
  });

  test('links a member that only dials', async () => {
    const a = world.createNode('A');
    const b = world.createNode('B');
    await a.transport.start();
    await b.transport.start();
    admitEachOther([a, b]);
    a.transport.admit([{ peer: b.transport.peer, role: 'validator', addresses: [] }]);
    await world.until(() => areLinked([a, b]));
    expect(a.told.at(-1)).toEqual({ type: 'connected', peer: 'B', height: 0, validator: addressOf('B') });
  });

  test('brings messages of every length whole, and those of one channel in order', async () => {
    const [a, b] = await linkTwo();
    const channels = ['consensus', 'transactions', 'bulk'] as const;
    const lengths = (longest: number): readonly number[] => [1, longest, 2, 65_536, 3];
    const sent = channels.map((channel) =>
      lengths(STREAM_LIMITS[channel].messageBytesMax).map((length, index) => ({
        type: 'received',
        peer: 'A',
        channel,
        message: new Uint8Array(length).fill(index + 1),
      })),
    );
    const outcomes = sent.flat().map(({ channel, message }) => a.transport.send(b.transport.peer, channel, message));
    await world.until(() => received(b).length === 15);
    expect(outcomes).toEqual(sent.flat().map(() => 'queued'));
    expect(channels.map((channel) => received(b).filter((each) => each.type === 'received' && each.channel === channel))).toEqual(sent);
    expect(ends(b)).toEqual([]);
  });

  test.each([
    ['transactions', 0],
    ['consensus', STREAM_LIMITS.consensus.messageBytesMax + 1],
    ['bulk', STREAM_LIMITS.bulk.messageBytesMax + 1],
  ] as const)('does not take a message on %s of %i bytes', async (channel, length) => {
    const [a, b] = await linkTwo();
    expect(() => a.transport.send(b.transport.peer, channel, new Uint8Array(length))).toThrow('a message has 1 to');
  });

  test('does not take messages and requests to peers without a link', async () => {
    const [a, b] = await linkTwo();
    const c = world.createNode('C');
    const outcomes = ask(a, c, 'anybody?');
    expect(outcomes).toEqual([]);
    b.transport.send(a.transport.peer, 'bulk', Uint8Array.of(1));
    await world.until(() => received(a).length === 1);
    expect([a.transport.send(c.transport.peer, 'consensus', Uint8Array.of(1)), outcomes]).toEqual([
      'notConnected',
      [{ ok: false, reason: 'notConnected' }],
    ]);
  });

  test('answers requests, in whatever order the answers come', async () => {
    const [a, b] = await linkTwo();
    const outcomes = ['one', 'two', 'three'].map((text) => ask(a, b, text));
    await world.until(() => b.answers.length === 3);
    const long = new Uint8Array(1_000_000).fill(8);
    b.answers[2]?.(encodeUtf8('third'));
    b.answers[0]?.(long);
    b.answers[1]?.(undefined);
    // Only the first answer to a request counts.
    b.answers[1]?.(encodeUtf8('changed my mind'));
    const last = ask(a, b, 'four');
    await world.until(() => b.answers.length === 4);
    b.answers[3]?.(encodeUtf8('fourth'));
    const isMarked = (): boolean => received(a).length === 1;
    b.transport.send(a.transport.peer, 'bulk', Uint8Array.of(1));
    await world.until(isMarked);
    expect([...outcomes, last]).toEqual([
      [{ ok: true, response: long }],
      [{ ok: false, reason: 'declined' }],
      [{ ok: true, response: encodeUtf8('third') }],
      [{ ok: true, response: encodeUtf8('fourth') }],
    ]);
  });

  test('bounds the requests that are under way', async () => {
    const [a, b] = await linkTwo();
    const outcomes = Array.from({ length: TRANSPORT_LIMITS.requestsInFlightMax + 1 }, (_, index) => ask(a, b, `${index}`));
    await world.until(() => b.answers.length === TRANSPORT_LIMITS.requestsInFlightMax);
    b.answers[0]?.(encodeUtf8('first'));
    b.transport.send(a.transport.peer, 'bulk', Uint8Array.of(1));
    await world.until(() => received(a).length === 1);
    expect(outcomes).toEqual([
      [{ ok: true, response: encodeUtf8('first') }],
      ...Array.from({ length: TRANSPORT_LIMITS.requestsInFlightMax - 1 }, () => []),
      [{ ok: false, reason: 'tooMany' }],
    ]);
  });

  test('ends requests with their link', async () => {
    const [a, b] = await linkTwo();
    const outcomes = ask(a, b, 'never answered');
    await world.until(() => b.answers.length === 1);
    await b.transport.stop();
    await world.until(() => ends(a).length === 1);
    // An answer that comes too late for its link goes nowhere.
    b.answers[0]?.(encodeUtf8('late'));
    expect(outcomes).toEqual([{ ok: false, reason: 'disconnected' }]);
  });

  test('tells both sides of a cut, and links them again', async () => {
    const [a, b] = await linkTwo();
    a.transport.cut(b.transport.peer);
    await world.until(() => ends(b).length === 1);
    await world.until(() => areLinked([a, b]));
    expect([ends(a), ends(b)]).toEqual([
      [{ type: 'disconnected', peer: 'B', reason: 'rulesBroken', byPeer: false }],
      [{ type: 'disconnected', peer: 'A', reason: 'rulesBroken', byPeer: true }],
    ]);
    expect(a.transport.counters().linksClosed).toEqual({ rulesBroken: 1 });
  });

  test('does not talk to peers that are no members', async () => {
    const a = world.createNode('A');
    const b = world.createNode('B');
    const outsider = world.createNode('C');
    await startMembers([a, b]);
    await outsider.transport.start();
    const [aAddress] = a.transport.addresses();
    outsider.transport.admit([
      { peer: a.transport.peer, role: 'validator', addresses: [aAddress?.slice(0, aAddress.indexOf('/p2p/')) ?? ''] },
    ]);
    await world.until(() => areLinked([a, b]));
    await world.until(() => {
      // Something to wait for: nothing is ever told about an outsider.
      a.transport.send(b.transport.peer, 'consensus', Uint8Array.of(1));
      return a.transport.counters().outsidersRefused >= 2;
    });
    expect(a.told.filter(({ peer }) => peer === 'C')).toEqual([]);
    expect([outsider.transport.peers(), outsider.told.filter(({ type }) => type === 'connected')]).toEqual([[], []]);
  });

  test.each([
    ['another chain id', { chainId: 8 }, 'chainOther'],
    ['another genesis', { genesisHash: new Uint8Array(32).fill(1) as GenesisHash }, 'genesisOther'],
  ] as const)('refuses a member on %s', async (_case, traits, reason) => {
    const a = world.createNode('A');
    const b = world.createNode('B', traits);
    await startMembers([a, b]);
    await world.until(() => ends(a).length > 0 && ends(b).length > 0);
    expect([a.told[0], b.told[0]]).toEqual([
      { type: 'refused', peer: 'B', reason, byPeer: false },
      { type: 'refused', peer: 'A', reason, byPeer: false },
    ]);
    expect([a.transport.peers(), b.transport.peers()]).toEqual([[], []]);
  });

  test('ends the link to who is no member any more, and links who is one again', async () => {
    const [a, b] = await linkTwo();
    a.transport.admit([]);
    await world.until(() => ends(b).length > 0);
    expect([ends(a), ends(b)[0]]).toEqual([
      [{ type: 'disconnected', peer: 'B', reason: 'notAdmitted', byPeer: false }],
      { type: 'disconnected', peer: 'A', reason: 'notAdmitted', byPeer: true },
    ]);
    admitEachOther([a, b]);
    await world.until(() => areLinked([a, b]));
  });

  test('says farewell when it stops, tells nothing afterwards, and comes back', async () => {
    const [a, b] = await linkTwo();
    await a.transport.stop();
    await a.transport.stop();
    const toldBefore = a.told.length;
    await world.until(() => ends(b).length === 1);
    expect([ends(a), ends(b)]).toEqual([
      [{ type: 'disconnected', peer: 'B', reason: 'stopped', byPeer: false }],
      [{ type: 'disconnected', peer: 'A', reason: 'stopped', byPeer: true }],
    ]);
    expect([a.told.length, a.transport.addresses(), a.transport.send(b.transport.peer, 'bulk', Uint8Array.of(1))]).toEqual([
      toldBefore,
      [],
      'notConnected',
    ]);
    await a.transport.start();
    admitEachOther([a, b]);
    await world.until(() => areLinked([a, b]));
  });

  test.each([
    ['transactions', ['queued', 'queued', 'dropped'], [1, 2]],
    ['bulk', ['queued', 'queued', 'dropped'], [1, 2]],
    ['consensus', ['queued', 'queued', 'queued'], [2, 3]],
  ] as const)('bounds what waits on %s', async (channel, outcomes, arriving) => {
    const [a, b] = await linkTwo();
    const { queueBytesMax, messageBytesMax } = STREAM_LIMITS[channel];
    const messageBytes = Math.min(messageBytesMax, Math.floor(queueBytesMax / 2));
    const fillers = Math.floor(queueBytesMax / messageBytes) - 2;
    for (let index = 0; index < fillers; index++) a.transport.send(b.transport.peer, channel, new Uint8Array(messageBytes).fill(99));
    expect([1, 2, 3].map((each) => a.transport.send(b.transport.peer, channel, new Uint8Array(messageBytes).fill(each)))).toEqual(outcomes);
    expect(a.transport.counters()).toMatchObject({
      bytesQueued: (fillers + 2) * messageBytes,
      channels: { [channel]: { messagesDropped: 1 } },
    });
    await world.until(() => received(b).length === fillers + 2);
    expect(
      received(b)
        .slice(-2)
        .map((each) => (each.type === 'received' ? each.message[0] : undefined)),
    ).toEqual(arriving);
  });
});
