import { describe, expect, test } from 'vitest';
import { Network } from '../src/network/network.ts';
import { NETWORK_FAULT_KINDS, type NetworkFaults, PARTITION_SHAPES, SOUND_NETWORK } from '../src/network/network-faults.ts';
import { createPartition } from '../src/network/partition.ts';
import { RandomStream } from '../src/random/random-stream.ts';
import { World } from '../src/world/world.ts';

/*
 * Goal: links lose, double, delay, reorder and hold back messages as they are told to, and no others; partitions have the shape of their name.
 * Method: sends numbered messages and looks at what arrives when; draws partitions of every shape and counts who reaches whom.
 */

const MESSAGES = 400;

type Arrival = { readonly from: number; readonly to: number; readonly number: number; readonly atMs: number };

/** Sends numbered messages from node 0 to node 1, one a millisecond. */
function run(
  faults: Partial<NetworkFaults>,
  prepare: (network: Network) => void = () => undefined,
  type = 1,
): { readonly arrivals: readonly Arrival[]; readonly network: Network } {
  const world = new World(42n);
  const arrivals: Arrival[] = [];
  const network = new Network(world, (from, to, bytes) => {
    arrivals.push({ from, to, number: (bytes[1] as number) * 256 + (bytes[2] as number), atMs: world.nowMs });
    return true;
  });
  network.setFaults({ ...SOUND_NETWORK, ...faults });
  prepare(network);
  for (let each = 0; each < MESSAGES; each++)
    world.schedule(each, 'send', 0, () => network.send(0, 1, Uint8Array.of(type, each >> 8, each & 255)));
  while (world.step(1_000_000));
  return { arrivals, network };
}

const numbers = (arrivals: readonly Arrival[]): readonly number[] => arrivals.map(({ number }) => number);
const ALL = Array.from({ length: MESSAGES }, (_, index) => index);

test('a sound network delivers every message once, within its delays', () => {
  const { arrivals, network } = run({});
  expect({
    sent: [...numbers(arrivals)].sort((left, right) => left - right),
    isInTime: arrivals.every(({ number, atMs }) => atMs - number >= 1 && atMs - number <= 3),
    faults: NETWORK_FAULT_KINDS.filter((kind) => network.counts[kind] > 0),
  }).toEqual({ sent: ALL, isInTime: true, faults: [] });
});

test('what is counted as lost does not arrive, and nothing else is missing', () => {
  const { arrivals, network } = run({ lossPerMille: 300 });
  expect({ sum: arrivals.length + network.counts.lost, isLossy: network.counts.lost > 60 }).toEqual({ sum: MESSAGES, isLossy: true });
});

test('what is counted as doubled arrives twice', () => {
  const { arrivals, network } = run({ duplicatePerMille: 300 });
  expect({ arrived: arrivals.length, isDoubling: network.counts.duplicated > 60 }).toEqual({
    arrived: MESSAGES + network.counts.duplicated,
    isDoubling: true,
  });
});

test('jitter brings messages out of order, but never what a node says of its height', () => {
  const jitter = { delayMs: [1, 50], lateMessagePerMille: 20 } as const;
  const votes = numbers(run(jitter).arrivals);
  const statuses = numbers(run(jitter, undefined, 2).arrivals);
  expect({
    votes: votes.toSorted((left, right) => left - right),
    isReordered: votes.some((each, at) => each < (votes[at - 1] ?? 0)),
    statuses,
  }).toEqual({
    votes: ALL,
    isReordered: true,
    statuses: ALL,
  });
});

test('a link that is full loses what does not fit', () => {
  const { arrivals, network } = run({ delayMs: [1000, 1000], linkMessagesMax: 16 });
  expect({ arrived: arrivals.length, overflowed: network.counts.overflowed }).toEqual({ arrived: 16, overflowed: MESSAGES - 16 });
});

test('a clogged link holds back what is sent until it is free, one way only', () => {
  const { arrivals, network } = run({}, (links) => links.clog(0, 1, 100));
  expect({ arrived: arrivals.length, first: arrivals.every(({ atMs }) => atMs > 100), clogged: network.counts.clogged }).toEqual({
    arrived: MESSAGES,
    first: true,
    clogged: 100,
  });
});

test('nobody hears a hidden node until its time is up', () => {
  const { arrivals, network } = run({}, (links) => links.hide(1, 100));
  expect({ arrived: numbers(arrivals).toSorted((left, right) => left - right), blocked: network.counts.blocked }).toEqual({
    arrived: ALL.slice(100),
    blocked: 100,
  });
});

test('within a protected core nothing goes wrong', () => {
  const { arrivals } = run({ lossPerMille: 1000 }, (links) => {
    links.setReach(() => false);
    links.protectCore(new Set([0, 1]), [1, 1]);
  });
  expect(numbers(arrivals)).toEqual(ALL);
});

describe.each(PARTITION_SHAPES)('a partition of the shape %s', (shape) => {
  const COUNT = 5;
  const nodes = Array.from({ length: COUNT }, (_, index) => index);
  const draw = (seed: number): readonly (readonly boolean[])[] => {
    const reach = createPartition(shape, COUNT, new RandomStream(BigInt(seed), 'partition'));
    return nodes.map((from) => nodes.map((to) => from === to || reach(from, to)));
  };
  const tables = Array.from({ length: 40 }, (_, seed) => draw(seed));
  const isBothWays = (table: readonly (readonly boolean[])[]): boolean =>
    nodes.every((from) => nodes.every((to) => table[from]?.[to] === table[to]?.[from]));
  const degrees = (table: readonly (readonly boolean[])[]): readonly number[] =>
    table.map((row) => row.filter(Boolean).length - 1).toSorted((left, right) => left - right);

  test('cuts something, and cuts both ways unless it is said otherwise', () => {
    const isOneWay = shape === 'oneWay' || shape === 'partial';
    expect({
      isCutting: tables.some((table) => table.some((row) => row.includes(false))),
      isBothWays: tables.every(isBothWays),
    }).toEqual({ isCutting: true, isBothWays: !isOneWay });
  });

  const EXPECTED: Partial<Record<typeof shape, readonly number[]>> = {
    isolated: [0, 3, 3, 3, 3],
    scattered: [0, 0, 0, 0, 0],
    star: [1, 1, 1, 1, 4],
    ring: [2, 2, 2, 2, 2],
  };
  const expected = EXPECTED[shape];
  if (expected !== undefined)
    test('links each node to as many others as its name says', () => {
      expect(new Set(tables.map((table) => degrees(table).join(' ')))).toEqual(new Set([expected.join(' ')]));
    });
});
