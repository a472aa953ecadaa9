import type { RandomStream } from '../random/random-stream.ts';
import type { PartitionShape } from './network-faults.ts';

/** Whether what one node sends reaches another. */
export type Reach = (from: number, to: number) => boolean;

/** Everybody reaches everybody. */
export const CONNECTED: Reach = () => true;

/**
 * The reach of a partition of this shape.
 *
 * `halves`: two groups. `isolated`: one node alone. `scattered`: every node alone. `oneWay`: one group hears the other, which hears nothing.
 * `bridge`: two groups that share one node. `star`: everybody reaches one node alone, and it everybody. `ring`: everybody reaches the two
 * neighbours. `partial`: some of the links are cut, each way by itself.
 */
export function createPartition(shape: PartitionShape, count: number, random: RandomStream): Reach {
  const order = random.shuffle(Array.from({ length: count }, (_, index) => index));
  const [centre = 0] = order;
  const left = new Set(order.slice(0, random.between(1, Math.max(1, count - 1))));
  const isSplit: Reach = (from, to) => left.has(from) === left.has(to);
  switch (shape) {
    case 'halves':
      return isSplit;
    case 'isolated':
      return (from, to) => from !== centre && to !== centre;
    case 'scattered':
      return () => false;
    case 'oneWay':
      return (from, to) => isSplit(from, to) || left.has(from);
    case 'bridge':
      return (from, to) => from === centre || to === centre || isSplit(from, to);
    case 'star':
      return (from, to) => from === centre || to === centre;
    case 'ring': {
      const place = new Map(order.map((node, index) => [node, index]));
      return (from, to) => {
        const steps = Math.abs((place.get(from) ?? 0) - (place.get(to) ?? 0));
        return steps === 1 || steps === count - 1;
      };
    }
    case 'partial': {
      const cut = new Set<string>();
      for (const from of order) for (const to of order) if (random.chance(350)) cut.add(`${from} ${to}`);
      return (from, to) => !cut.has(`${from} ${to}`);
    }
  }
}
