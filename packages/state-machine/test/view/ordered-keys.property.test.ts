import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedKeys } from '../../src/view/ordered-keys.ts';
import { compareStateKeys, type StateKey, stateKeyFromBytes } from '../../src/view/state-key.ts';

/*
 * Goal: the next key is found whatever was added and deleted, across chunks too. Method: compared with a sorted array.
 */

const keyOf = (number: number): StateKey => stateKeyFromBytes(Uint8Array.of(8, number >>> 8, number & 255));

function nextOf(sorted: readonly StateKey[], after: StateKey, upTo: StateKey): StateKey | undefined {
  return sorted.find((key) => compareStateKeys(key, after) > 0 && compareStateKeys(key, upTo) <= 0);
}

describe('ordered keys', () => {
  it('answer as a sorted array does', () => {
    const stepArbitrary = fc.record({ adds: fc.boolean(), number: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 120 }), fc.nat(61), fc.nat(61), (steps, after, upTo) => {
        const keys = new OrderedKeys();
        const model = new Set<StateKey>();
        for (const { adds, number } of steps) {
          const key = keyOf(number);
          if (adds) {
            keys.add(key);
            model.add(key);
          } else {
            keys.delete(key);
            model.delete(key);
          }
        }
        const sorted = [...model].sort(compareStateKeys);
        expect(keys.next(keyOf(after), keyOf(upTo))).toBe(nextOf(sorted, keyOf(after), keyOf(upTo)));
      }),
      { numRuns: 500 },
    );
  });

  it('stay in order through thousands that come and go', () => {
    const keys = new OrderedKeys();
    const model = new Set<StateKey>();
    for (let step = 0; step < 6000; step++) {
      const key = keyOf((step * 7919) % 5003);
      keys.add(key);
      model.add(key);
      if (step % 3 === 0) {
        const gone = keyOf((step * 104_729) % 5003);
        keys.delete(gone);
        model.delete(gone);
      }
    }
    const last = keyOf(65_535);
    const seen: StateKey[] = [];
    for (let key = keys.next(keyOf(0), last); key !== undefined; key = keys.next(key, last)) seen.push(key);
    const sorted = [...model].sort(compareStateKeys);
    expect(seen).toEqual(sorted.filter((key) => key !== keyOf(0)));
    for (const key of sorted) keys.delete(key);
    expect(keys.next(keyOf(0), last)).toBeUndefined();
  });
});
