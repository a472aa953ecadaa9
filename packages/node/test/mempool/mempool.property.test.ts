import type { BlockHash, TransactionId } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOf } from '../../src/mempool/byte-key.ts';
import type { MempoolChange } from '../../src/mempool/outcome.ts';
import { addressOf, MempoolRun, type NamedTransaction, TIP, transaction } from './model-ledger.ts';

/*
 * Goal: whatever is sent in whatever order, the mempool stays within its limits but for what was promised before a restart, admits nothing twice, loses
 * nothing that it admitted or had promised, keeps what is pinned, and offers to blocks only what can be executed in the order in which it is offered. Method: random calls, and after each a comparison with
 * a plain account of what was admitted and what ended.
 */

const LIMITS = {
  ...{ transactionsMax: 12, bytesMax: 1_600, parkedMax: 5, parkedPerAccountMax: 3, nonceAheadMax: 6 },
  ...{ verifyingMax: 4, verifyingPerSourceMax: 2, pinnedBlocksMax: 2, recheckedPerBlockMax: 1, endedMax: 4 },
};
const ACCOUNTS = ['a', 'b', 'c', 'd'] as const;

type Call =
  | {
      readonly type: 'admit' | 'screen' | 'restore' | 'withdraw' | 'setAside';
      readonly transaction: NamedTransaction;
      readonly isPeer: boolean;
    }
  | { readonly type: 'commit'; readonly taken: number; readonly others: readonly NamedTransaction[]; readonly afterSec: number }
  | { readonly type: 'wait'; readonly forMs: number }
  | { readonly type: 'pin'; readonly transactions: readonly NamedTransaction[]; readonly aheadHeights: number }
  | { readonly type: 'balance'; readonly account: string; readonly balance: number };

const someTransaction: fc.Arbitrary<NamedTransaction> = fc
  .record({ account: fc.constantFrom(...ACCOUNTS), nonce: fc.nat(9), variant: fc.nat(1) })
  .map(({ account, nonce, variant }) => {
    // All of a transaction follows from what names it.
    const seed = account.charCodeAt(0) * 31 + nonce * 7 + variant;
    return transaction(account, nonce, { variant, validUntil: TIP.timeSec + 1 + ((seed * 13) % 60), bytes: 50 + ((seed * 37) % 250) });
  });

const someCall: fc.Arbitrary<Call> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ type: fc.constant('admit' as const), transaction: someTransaction, isPeer: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom('screen' as const, 'restore' as const, 'withdraw' as const, 'setAside' as const),
      transaction: someTransaction,
      isPeer: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('commit' as const),
      taken: fc.nat(6),
      others: fc.array(someTransaction, { maxLength: 1 }),
      afterSec: fc.nat(8),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), forMs: fc.nat(4_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('pin' as const),
      transactions: fc.array(someTransaction, { maxLength: 6 }),
      aheadHeights: fc.nat(1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('balance' as const), account: fc.constantFrom(...ACCOUNTS), balance: fc.nat(4) }) },
);

/** A mempool, and a plain account of what it said about each transaction. */
class AccountedRun {
  readonly run = new MempoolRun(LIMITS);
  /** What was admitted and has not ended, by key. */
  readonly #admitted = new Map<string, NamedTransaction>();
  readonly #everEnded = new Set<string>();
  /** What came back from before a restart and has not ended, by key. */
  readonly #promised = new Map<string, NamedTransaction>();
  readonly #pinned: { readonly height: number; readonly ids: readonly TransactionId[] }[] = [];
  #nowMs = 0;
  #timeSec = TIP.timeSec;
  #height = 0;
  #pins = 0;

  call(call: Call): void {
    const { pool, ledger } = this.run;
    switch (call.type) {
      case 'admit':
        this.#note(pool.admit(call.transaction, { kind: call.isPeer ? 'peer' : 'client', name: 'x' }, this.#nowMs).changes);
        break;
      case 'screen':
        pool.screen(call.transaction, { kind: call.isPeer ? 'peer' : 'client', name: call.transaction.name });
        break;
      case 'restore':
        this.#restore(call.transaction);
        break;
      case 'withdraw':
        // Nobody takes back what is promised.
        if (!this.#promised.has(keyOf(call.transaction.id)) && pool.withdraw(call.transaction.id))
          this.#admitted.delete(keyOf(call.transaction.id));
        break;
      case 'setAside':
        pool.setAside(call.transaction.id, 'INSUFFICIENT_FEE_BALANCE');
        break;
      case 'commit':
        this.#commit(call.taken, call.others, call.afterSec);
        break;
      case 'wait':
        this.#nowMs += call.forMs;
        this.#note(pool.dropOverdue(this.#nowMs));
        break;
      case 'pin':
        this.#pin(call.transactions, call.aheadHeights);
        break;
      case 'balance':
        ledger.setBalance(call.account, BigInt(call.balance));
        break;
    }
    this.#check();
  }

  #restore(transaction: NamedTransaction): void {
    const { pool } = this.run;
    this.#promised.set(keyOf(transaction.id), transaction);
    const expected = pool.statusOf(transaction.id) ?? pool.statusOfPromised(transaction);
    this.#note(pool.restore(transaction));
    expect(pool.statusOf(transaction.id)).toEqual(expected);
  }

  #commit(taken: number, others: readonly NamedTransaction[], afterSec: number): void {
    const { pool, ledger } = this.run;
    const offered = pool.candidates({ transactionsMax: taken, bytesMax: 10_000 });
    // Another node's block may have what is not here, as long as it is the account's turn.
    const foreign = others.filter(({ id, message }) => {
      const isOffered = offered.some(({ message: other }) => keyOf(other.from) === keyOf(message.from));
      return !isOffered && ledger.nonceOf(message.from) === message.nonce && !ledger.isCommitted(id);
    });
    const transactions = [...offered, ...foreign];
    for (const each of transactions) ledger.include(each);
    this.#height++;
    this.#timeSec += afterSec;
    this.#note(pool.committed({ height: this.#height, tip: { ...TIP, timeSec: this.#timeSec }, transactions }));
  }

  #pin(transactions: readonly NamedTransaction[], aheadHeights: number): void {
    const { pool } = this.run;
    const ids = transactions.map(({ id }) => id).filter((id) => pool.isKnown(id));
    const height = this.#height + 1 + aheadHeights;
    this.#pins++;
    if (pool.pin(height, new Uint8Array(32).fill(this.#pins) as BlockHash, ids)) this.#pinned.push({ height, ids });
  }

  #note(changes: readonly MempoolChange<NamedTransaction>[]): void {
    for (const change of changes) {
      if (change.type === 'admitted') {
        const key = keyOf(change.transaction.id);
        expect([this.#admitted.has(key), this.#everEnded.has(key)]).toEqual([false, false]);
        this.#admitted.set(key, change.transaction);
        // What was promised before a restart has a place beyond the limits, others have not.
        if (change.source.kind !== 'journal') this.#checkRoom();
      } else if (change.type === 'ended') {
        this.#admitted.delete(keyOf(change.id));
        this.#promised.delete(keyOf(change.id));
        this.#everEnded.add(keyOf(change.id));
      } else expect(this.#admitted.has(keyOf(change.id))).toBe(false);
    }
  }

  #checkRoom(): void {
    const bytes = [...this.#admitted.values()].reduce((sum, each) => sum + each.bytes.length, 0);
    expect([this.#admitted.size <= LIMITS.transactionsMax, bytes <= LIMITS.bytesMax]).toEqual([true, true]);
  }

  #check(): void {
    const { pool } = this.run;
    const { transactions, bytes, parked, overtaken, verifying, pinnedBlocks, ended, payers, accounts } = pool.sizes;
    const all = [...this.#admitted.values()];
    expect({ transactions, bytes }).toEqual({ transactions: all.length, bytes: all.reduce((sum, each) => sum + each.bytes.length, 0) });
    const senders = new Set(all.map(({ message }) => keyOf(message.from))).size;
    expect({ payers, accounts }).toEqual({ payers: senders, accounts: senders });
    const sizes = { parkedMax: parked, verifyingMax: verifying };
    const isWithin = Object.entries({ ...sizes, pinnedBlocksMax: pinnedBlocks, endedMax: ended });
    expect(isWithin.filter(([limit, size]) => size > LIMITS[limit as keyof typeof LIMITS])).toEqual([]);
    const waiting = [...all, ...this.#promised.values()];
    expect(waiting.map(({ id }) => [pool.find(id)?.name, pool.statusOf(id)?.status])).toEqual(waiting.map(({ name }) => [name, 'pending']));
    expect(overtaken).toBe([...this.#promised.keys()].filter((key) => !this.#admitted.has(key)).length);
    expect(new Set(all.map(({ message }) => `${keyOf(message.from)} ${message.nonce}`)).size).toBe(all.length);
    this.#checkPinned();
    this.#checkCandidates();
  }

  /** Until their height is committed, pinned transactions end only by a block that uses their nonce. */
  #checkPinned(): void {
    const { pool, ledger } = this.run;
    const held = this.#pinned.filter(({ height }) => height > this.#height).flatMap(({ ids }) => ids);
    for (const id of held) {
      const [account = 0, high = 0, low = 0] = id;
      const isUsed = ledger.nonceOf(addressOf(String.fromCharCode(account))) > high * 256 + low;
      expect(pool.isKnown(id) || isUsed).toBe(true);
    }
  }

  #checkCandidates(): void {
    const { pool, ledger } = this.run;
    const next = new Map<string, number>();
    const offered = pool.candidates({ transactionsMax: 100, bytesMax: 100_000 });
    expect(pool.hasCandidates).toBe(offered.length > 0);
    for (const { id, message } of offered) {
      const from = keyOf(message.from);
      const turn = next.get(from) ?? ledger.nonceOf(message.from);
      expect([message.nonce, this.#admitted.has(keyOf(id))]).toEqual([turn, true]);
      next.set(from, turn + 1);
    }
  }
}

test('any calls leave the mempool whole and within its limits', () => {
  fc.assert(
    fc.property(fc.array(someCall, { maxLength: 60 }), (calls) => {
      const run = new AccountedRun();
      for (const call of calls) run.call(call);
    }),
    { numRuns: 800 },
  );
});
