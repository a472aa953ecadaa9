import type { VerifiedTransaction } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GossipLane, type LaneCursor } from '../../src/transactions/gossip-lane.ts';

/*
 * Goal: whatever is added, removed and read in whatever order, everybody is told what is there once, in order, and nothing of what is gone is kept. Method: any calls,
 * against a plain list.
 */

const transactionOf = (number: number): VerifiedTransaction =>
  ({ id: new Uint8Array(32).fill(number), bytes: new Uint8Array(10).fill(number) }) as unknown as VerifiedTransaction;

/** Places that can be reached from a cursor. */
function reachable(cursor: LaneCursor<string>): number {
  let count = 0;
  for (let place: LaneCursor<string>['place'] | undefined = cursor.place; place !== undefined; place = place.next) count++;
  return count;
}

test('any calls tell each reader everything that is there when he comes to it, once and in order', () => {
  const call = fc.oneof(
    { weight: 3, arbitrary: fc.constant({ type: 'add' as const }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('remove' as const), number: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('mark' as const), number: fc.nat(30), reader: fc.constantFrom('p', 'q') }) },
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.constant('read' as const), reader: fc.constantFrom('p', 'q'), bytes: fc.constantFrom(1, 25, 1_000) }),
    },
  );
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
      const lane = new GossipLane<string>(4);
      const cursors = new Map([
        ['p', lane.front],
        ['q', lane.front],
      ]);
      const waiting = new Map<string, number[]>([
        ['p', []],
        ['q', []],
      ]);
      const here = new Set<number>();
      let next = 0;
      for (const each of calls) {
        if (each.type === 'add') {
          for (const numbers of waiting.values()) numbers.push(next);
          here.add(next);
          lane.add(transactionOf(next++), undefined);
        } else if (each.type === 'remove') {
          for (const [reader, numbers] of waiting)
            waiting.set(
              reader,
              numbers.filter((number) => number !== each.number),
            );
          here.delete(each.number);
          lane.remove(transactionOf(each.number).id);
        } else if (each.type === 'mark') {
          waiting.set(
            each.reader,
            (waiting.get(each.reader) ?? []).filter((number) => number !== each.number),
          );
          lane.mark(transactionOf(each.number).id, each.reader);
        } else {
          const portion = lane.next(cursors.get(each.reader) ?? lane.front, each.reader, lane.end, each.bytes);
          const expected = (waiting.get(each.reader) ?? []).slice(0, each.bytes === 1 ? 1 : each.bytes === 25 ? 2 : 1_000);
          expect(portion.transactions.map(([number]) => number)).toEqual(expected);
          waiting.set(each.reader, (waiting.get(each.reader) ?? []).slice(expected.length));
          cursors.set(each.reader, portion.resume);
        }
        expect([lane.size, reachable(lane.front)]).toEqual([here.size, here.size + 1]);
      }
    }),
    { numRuns: 300 },
  );
});
