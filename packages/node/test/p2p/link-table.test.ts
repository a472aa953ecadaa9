import { TRANSPORT_LIMITS } from '@mutual-chain/node/p2p';
import { describe, expect, test } from 'vitest';
import type { Hello } from '../../src/p2p/control-message.ts';
import { LinkTable } from '../../src/p2p/link-table.ts';
import { GENESIS_HASH } from './transport-node.ts';

/*
 * Goal: of two connections between the same two nodes both keep the same one, and followers never take the places of validators. Method: both ends of every
 * pair of connections, in both orders.
 */

const helloOf = (instance: number): Hello => ({
  wireVersion: 1,
  chainId: 7,
  genesisHash: GENESIS_HASH,
  height: 0,
  instance: new Uint8Array(16).fill(instance),
  nonce: new Uint8Array(32),
  validator: undefined,
});

type End = { readonly name: string; readonly isDialler: boolean };

/** The name of the connection that is left at one node when connections come up one after the other. */
function leftAt(own: string, other: string, connections: readonly (End & { readonly instance: number })[]): string | undefined {
  const table = new LinkTable<End>(own);
  table.admit([{ peer: other, role: 'validator', addresses: [] }]);
  for (const connection of connections) {
    const hello = helloOf(connection.instance);
    if (table.judge(other, connection, hello) === undefined) {
      table.link(connection, { peer: other, height: 0, validator: undefined }, hello);
    }
  }
  return table.find(other)?.name;
}

describe('two connections between the same nodes', () => {
  const byA = { name: 'dialled by a', instance: 1 };
  const byB = { name: 'dialled by b', instance: 1 };
  const atA = [
    { ...byA, isDialler: true },
    { ...byB, isDialler: false },
  ] as const;
  const atB = [
    { ...byA, isDialler: false },
    { ...byB, isDialler: true },
  ] as const;

  test('leave the one that the smaller id has dialled, in whatever order they come up at either end', () => {
    const left = [leftAt('a', 'b', atA), leftAt('a', 'b', atA.toReversed()), leftAt('b', 'a', atB), leftAt('b', 'a', atB.toReversed())];
    expect(left).toEqual(left.map(() => 'dialled by a'));
  });

  test.each([
    ['the newer one in the same direction', { name: 'newer', isDialler: true, instance: 1 }],
    ['the one with a peer that was started again', { name: 'newer', isDialler: false, instance: 2 }],
  ])('leave %s', (_case, newer) => {
    expect(leftAt('a', 'b', [{ ...byA, isDialler: true }, newer])).toBe('newer');
  });
});

test('keeps places for validators when followers come in any number', () => {
  const table = new LinkTable<End>('own');
  const followers = Array.from({ length: TRANSPORT_LIMITS.followersMax + 1 }, (_, index) => `follower ${index}`);
  table.admit([
    ...followers.map((peer) => ({ peer, role: 'follower' as const, addresses: [] })),
    { peer: 'validator', role: 'validator', addresses: [] },
  ]);
  const verdicts = [...followers, 'validator', 'nobody'].map((peer) => {
    const end = { name: peer, isDialler: false };
    const verdict = table.judge(peer, end, helloOf(1));
    if (verdict === undefined) table.link(end, { peer, height: 0, validator: undefined }, helloOf(1));
    return verdict;
  });
  expect(verdicts).toEqual([...followers.slice(1).map(() => undefined), 'noPlace', undefined, 'notAdmitted']);
});

test('never forgets a link for the sake of an older connection', () => {
  const table = new LinkTable<End>('a');
  table.admit([{ peer: 'b', role: 'validator', addresses: [] }]);
  const [older, newer] = [
    { name: 'older', isDialler: true },
    { name: 'newer', isDialler: true },
  ];
  table.link(older, { peer: 'b', height: 0, validator: undefined }, helloOf(1));
  expect(table.link(newer, { peer: 'b', height: 1, validator: undefined }, helloOf(1))).toBe(older);
  expect([table.unlink('b', older), table.find('b'), table.unlink('b', newer), table.find('b')]).toEqual([false, newer, true, undefined]);
});
