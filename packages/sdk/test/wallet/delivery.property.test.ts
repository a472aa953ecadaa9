// Goal: whatever fails, each operation that was handed in is in one block and reported so, or in none and reported so.
// Method: random operations of two wallets with one key, over two nodes with random faults of connections, mempools, blocks and restarts;
// after a while everything works again, and the reports are held against the chain.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome, SendOptions, SentOperation, Wallet } from '../../src/index.ts';
import { memosIn } from '../support/memory-chain.ts';
import type { Fault } from '../support/served-node.ts';
import { pay, World } from '../support/world.ts';

type Event =
  | { readonly kind: 'block'; readonly node: number; readonly transactionsMax: number; readonly stepSec: number }
  | { readonly kind: 'fault'; readonly node: number; readonly fault: Fault }
  | { readonly kind: 'loseMempool' | 'restart' | 'stop'; readonly node: number }
  | { readonly kind: 'gossip' | 'nothing' };

const nodeNumber = fc.constantFrom(0, 1);
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('block' as const),
      node: nodeNumber,
      transactionsMax: fc.nat(6),
      stepSec: fc.constantFrom(1, 5, 90),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      node: nodeNumber,
      fault: fc.constantFrom<Fault>('unsent', 'unanswered', 'garbled'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('loseMempool' as const, 'restart' as const, 'stop' as const), node: nodeNumber }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('gossip' as const, 'nothing' as const) }) },
);

/** What an operation asks of the chain: a fee that is too low, a short time, or nothing special. */
type Wish = 'usual' | 'poor' | 'short';
const plan = fc.record({
  wishes: fc.array(fc.record({ wallet: nodeNumber, wish: fc.constantFrom<Wish>('usual', 'usual', 'usual', 'poor', 'short') }), {
    minLength: 1,
    maxLength: 16,
  }),
  events: fc.array(event, { maxLength: 40 }),
  windowMax: fc.constantFrom(2, 8, 256),
  mempoolMax: fc.constantFrom(3, 1000),
});

async function happen(world: World, happening: Event): Promise<void> {
  const number = 'node' in happening ? happening.node : 0;
  const node = world.nodes[number];
  const served = world.served[number];
  if (node === undefined || served === undefined) return;
  if (happening.kind === 'block') {
    node.makeBlock(happening.stepSec, happening.transactionsMax);
    for (const each of world.nodes) each.sweep();
  } else if (happening.kind === 'fault') served.faults.push(happening.fault);
  else if (happening.kind === 'loseMempool') node.loseMempool();
  else if (happening.kind === 'stop') await served.stop();
  else if (happening.kind === 'restart') {
    await served.stop();
    await served.start();
  } else if (happening.kind === 'gossip') world.gossip();
}

/** Everything works: nodes are up, tell each other all, and one makes blocks of all of it. */
async function heal(world: World): Promise<void> {
  for (const served of world.served) {
    served.faults.length = 0;
    await served.start();
  }
  world.gossip();
  world.node.makeBlock();
  for (const each of world.nodes) each.sweep();
}

function optionsOf(wish: Wish, world: World): SendOptions {
  if (wish === 'poor') return { maxFee: 1n };
  return wish === 'short' ? { validUntil: world.chain.nowSec + 100 } : {};
}

test('each operation is committed once, or is not and the wallet says so', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ wishes, events, windowMax, mempoolMax }) => {
      const world = new World();
      try {
        await world.serve({ transactionsMax: mempoolMax });
        await world.serve({ transactionsMax: mempoolMax });
        world.step = () => world.node.makeBlock();
        const wallets = [await world.connect({ windowMax, chunkMax: 4 }), await world.connect({ windowMax, chunkMax: 4 })] as const;
        const rest = [...events];
        world.step = async () => {
          const next = rest.shift();
          if (next === undefined) await heal(world);
          else await happen(world, next);
        };
        const sent: readonly SentOperation[] = wishes.map(({ wallet, wish }, index) =>
          (wallets[wallet] as Wallet).send('Transfer', pay(String(index)), optionsOf(wish, world)),
        );
        const outcomes = await Promise.all(sent.map((each) => each.settled()));
        const counts = memosIn(world.chain);
        expect(outcomes.map((_, index) => counts.get(String(index)) ?? 0)).toEqual(outcomes.map(timesOf));
        expect(wallets.map(({ unfinished }) => unfinished)).toEqual([0, 0]);
        for (const [index, outcome] of outcomes.entries()) expectTrue(world, sent[index], outcome, wishes[index]?.wish);
      } finally {
        await world.stop();
      }
    }),
    { numRuns: 25 },
  );
});

const timesOf = ({ status }: Outcome): number => (status === 'committed' ? 1 : 0);

/** What is reported is so: the block has just this transaction, time has passed, the refusal fits the wish. */
function expectTrue(world: World, sent: SentOperation | undefined, outcome: Outcome, wish: Wish | undefined): void {
  if (outcome.status === 'committed') {
    expect(world.chain.committed.get(outcome.id)).toMatchObject({ height: outcome.height, index: outcome.index });
  } else if (outcome.status === 'expired') {
    expect(sent?.transaction?.message.validUntil).toBeLessThanOrEqual(world.chain.nowSec);
  } else expect([outcome.code, wish]).toEqual(expect.arrayContaining([expect.stringMatching(/^(FEE_TOO_LOW|EXPIRED|NONCE_)/)]));
}
