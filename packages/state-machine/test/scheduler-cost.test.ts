import { type Address, EMPTY_ACCOUNT, EMPTY_HOLDING, type LotId } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  accountTable,
  BlockTransition,
  holdingTable,
  lotTable,
  MemoryState,
  SCHEDULE_KINDS,
  StateOverlay,
  type StateView,
} from '../src/index.ts';
import { newLot } from '../src/ledger/requests.ts';
import { scheduleKey } from '../src/state/schedule.ts';
import { addressOf, cryptography, START_SEC, TestChain, testGenesis } from './support/test-chain.ts';

/*
 * Goal: the work of a block that is due costs so much an item, however many items there are. Method: ten thousand requests that expire in
 * the same second, each of which schedules its own forgetting; questions to the view and comparisons of keys are counted, no time is taken.
 */

const compared = vi.hoisted(() => ({ count: 0 }));

vi.mock('../src/view/state-key.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../src/view/state-key.ts')>();
  const compareStateKeys: typeof original.compareStateKeys = (left, right) => {
    compared.count++;
    return original.compareStateKeys(left, right);
  };
  return { ...original, compareStateKeys };
});

const COUNT = 10_000;
/** A binary search among ten thousand keys compares 14 times; an item takes a handful of searches. */
const COMPARISONS_PER_ITEM_MAX = 14 * 8;

const ONE = Uint8Array.of(1);

const idOf = (index: number): LotId => {
  const id = new Uint8Array(32);
  // Not in order, so that keys come and go in the middle too.
  new DataView(id.buffer).setUint32(0, Math.imul(index, 0x9e37_79b1) >>> 0);
  return id as LotId;
};

const chainWithRequests = (owner: Address, dueSec: number): TestChain => {
  const parameters = { feePerTransaction: '0', feePerByte: '0', scheduledWorkPerBlockMax: String(COUNT), closedLotRetentionSec: '0' };
  const chain = new TestChain(testGenesis({ parameters }));
  const opening = { owner, requester: owner, asset: 'mUSD', amount: 0n, state: 1, requested: 1n, expiresAt: dueSec };
  chain.write((state) => {
    state.set(accountTable, owner, { ...EMPTY_ACCOUNT, openLots: COUNT });
    state.set(holdingTable, { owner, asset: 'mUSD' }, { ...EMPTY_HOLDING, pendingIn: BigInt(COUNT) });
    for (let index = 0; index < COUNT; index++) {
      state.set(lotTable, idOf(index), newLot(opening));
      state.schedule({ dueSec, kind: SCHEDULE_KINDS.lotExpiry, id: idOf(index) });
    }
  });
  return chain;
};

test('ten thousand items that are due cost a few searches each', () => {
  const chain = chainWithRequests(addressOf('bob'), START_SEC + 5);
  let asked = 0;
  const view: StateView = {
    get: (key) => chain.state.get(key),
    nextKey: (after, upTo) => {
      asked++;
      return chain.state.nextKey(after, upTo);
    },
    preview: (changes) => chain.state.preview(changes),
    drop: (preview) => {
      chain.state.drop(preview);
    },
  };
  compared.count = 0;
  const { records } = new BlockTransition(view, chain.chain, chain.setting(5)).finish();
  expect(records.length).toBe(COUNT);
  expect(asked).toBeLessThanOrEqual(2 * COUNT + 2);
  expect(compared.count).toBeGreaterThan(COUNT);
  expect(compared.count).toBeLessThan(COMPARISONS_PER_ITEM_MAX * COUNT);
});

test('whatever is put in and taken out, what is due first is found', () => {
  const item = (dueSec: number) => ({ dueSec, kind: SCHEDULE_KINDS.closedLotPurge, id: idOf(dueSec) });
  const seconds = fc.nat(12);
  const steps = fc.array(fc.record({ kind: fc.constantFrom('add', 'remove', 'run'), atSec: seconds }), { maxLength: 60, size: 'max' });
  const before = fc.uniqueArray(seconds, { maxLength: 12 });
  fc.assert(
    fc.property(before, steps, (committed, sequence) => {
      const view = new MemoryState({ cryptography, entries: committed.map((dueSec) => ({ key: scheduleKey(item(dueSec)), value: ONE })) });
      const state = new StateOverlay(view);
      const model = new Set(committed);
      for (const { kind, atSec } of sequence) {
        if (kind === 'add') {
          state.schedule(item(atSec));
          model.add(atSec);
          continue;
        }
        const first = [...model].filter((dueSec) => dueSec <= atSec).sort((left, right) => left - right)[0];
        expect(state.nextDue(atSec)?.dueSec).toBe(first);
        const gone = kind === 'run' ? first : atSec;
        if (gone === undefined) continue;
        state.unschedule(item(gone));
        model.delete(gone);
      }
    }),
    { numRuns: 300 },
  );
});
