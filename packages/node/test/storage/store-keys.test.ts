// Goal: who is told of a damaged record learns what it is a record of.
// Method: one key of every kind, and one of none.

import { expect, test } from 'vitest';
import {
  blockHashKey,
  blockKey,
  certificateKey,
  FORMAT_KEY,
  IDENTITY_KEY,
  indexKey,
  placeOfKey,
  stateEntryKey,
  TIP_KEY,
} from '../../src/storage/store-keys.ts';

test.each([
  [FORMAT_KEY, 'the format of the database'],
  [IDENTITY_KEY, 'the identity of the database'],
  [TIP_KEY, 'the tip of the database'],
  [stateEntryKey(Uint8Array.of(1, 2)), 'an entry of the state'],
  [blockKey(12), 'block 12'],
  [certificateKey(2 ** 40), 'certificate of block 1099511627776'],
  [blockHashKey(new Uint8Array(32)), 'the height of a block'],
  [indexKey(Uint8Array.of(3)), 'an entry of the indexes'],
  [new TextEncoder().encode('anchor'), ''],
])('a key tells its place', (key, place) => {
  expect(placeOfKey(key)).toBe(place);
});
