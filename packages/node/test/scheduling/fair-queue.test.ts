import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FairQueue } from '../../src/scheduling/fair-queue.ts';

/*
 * Goal: nobody waits behind the flood of another, and nothing is lost. Method: a flood, and any calls against a plain model.
 */

test('one of each source is taken in turn, each source in order', () => {
  const queue = new FairQueue<string, string>();
  for (let index = 0; index < 5; index++) queue.push('flood', `flood ${index}`);
  queue.push('b', 'b 0');
  queue.push('c', 'c 0');
  queue.push('b', 'b 1');
  const taken = Array.from({ length: 9 }, () => queue.shift());
  expect(taken).toEqual(['flood 0', 'b 0', 'c 0', 'flood 1', 'b 1', 'flood 2', 'flood 3', 'flood 4', undefined]);
});

test('any calls leave of each source what was put in and not taken out, in order', () => {
  const call = fc.oneof(
    { weight: 4, arbitrary: fc.record({ push: fc.constantFrom('a', 'b', 'c'), count: fc.constantFrom(1, 2, 3_000) }) },
    { weight: 4, arbitrary: fc.record({ shift: fc.constantFrom(1, 5, 2_500) }) },
    { weight: 1, arbitrary: fc.record({ remove: fc.constantFrom('a', 'b', 'c') }) },
  );
  fc.assert(
    fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
      const queue = new FairQueue<string, number>();
      const model = new Map<string, number[]>([
        ['a', []],
        ['b', []],
        ['c', []],
      ]);
      let next = 0;
      for (const each of calls) {
        if ('push' in each)
          for (let count = 0; count < each.count; count++) {
            queue.push(each.push, next);
            model.get(each.push)?.push(next++);
          }
        else if ('remove' in each) {
          expect(queue.remove(each.remove)).toEqual(model.get(each.remove));
          model.set(each.remove, []);
        } else
          for (let count = 0; count < each.shift; count++) {
            const item = queue.shift();
            const fronts = [...model.values()].map(([first]) => first);
            expect(item === undefined ? fronts.every((front) => front === undefined) : fronts.includes(item)).toBe(true);
            for (const items of model.values()) if (items[0] === item) items.shift();
          }
        expect([queue.size, ...['a', 'b', 'c'].map((source) => queue.sizeOf(source))]).toEqual([
          [...model.values()].reduce((sum, { length }) => sum + length, 0),
          ...[...model.values()].map(({ length }) => length),
        ]);
      }
    }),
    { numRuns: 30 },
  );
});
