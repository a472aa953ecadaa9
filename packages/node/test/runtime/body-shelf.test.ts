import { BodyShelf } from '@mutual-chain/node';
import { expect, it } from 'vitest';
import { addressOf, bodyOf, hashOf } from './one-runtime.ts';

// Goal: the few places for bodies of the next height go to different ones. Method: copies, and one too many.

const shelvedOf = (fill: number) => ({
  block: { blockHash: hashOf(fill), height: 2, timestampMs: 0, proposer: addressOf(0) },
  body: bodyOf(fill, 2),
});

it('early bodies are kept once, while there is room, until their height begins', () => {
  const shelf = new BodyShelf();
  for (const fill of [1, 1, 2, 3, 2]) shelf.keepEarly(shelvedOf(fill));
  expect([shelf.size, [1, 2, 3].map((fill) => shelf.hasRoomForEarly(hashOf(fill)))]).toEqual([2, [false, false, false]]);
  expect(shelf.startHeight(2)).toEqual([1, 2].map(shelvedOf));
  expect([shelf.size, shelf.hasRoomForEarly(hashOf(1))]).toEqual([0, true]);
  shelf.keepEarly(shelvedOf(1));
  expect([shelf.hasRoomForEarly(hashOf(1)), shelf.hasRoomForEarly(hashOf(2))]).toEqual([false, true]);
});
