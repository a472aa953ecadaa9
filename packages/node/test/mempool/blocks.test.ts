import type { BlockHash } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { addressOf, CLIENT, MempoolRun, PEER, TIP, transaction } from './model-ledger.ts';

/*
 * Goal: what the mempool offers to blocks, and what a block changes in it. Method: scripts, and everything that comes of each step.
 */

/** A mempool with these many transactions of each account, from nonce 0, sent account by account. */
function runWith(counts: Readonly<Record<string, number>>): MempoolRun {
  const run = new MempoolRun();
  for (const [account, count] of Object.entries(counts)) for (let nonce = 0; nonce < count; nonce++) run.admit(transaction(account, nonce));
  return run;
}

describe('candidates', () => {
  test('are one of each account in turn, each in the order of nonces', () => {
    const run = runWith({ a: 4, b: 1, c: 2 });
    expect(run.candidates()).toEqual(['a0', 'b0', 'c0', 'a1', 'c1', 'a2', 'a3']);
  });

  test.each([
    [0, 10_000, []],
    [1, 10_000, ['a0']],
    [4, 10_000, ['a0', 'b0', 'c0', 'a1']],
    [10, 299, ['a0', 'b0']],
    [10, 300, ['a0', 'b0', 'c0']],
  ])('are at most %i with %i bytes', (transactionsMax, bytesMax, expected) => {
    expect(runWith({ a: 4, b: 1, c: 2 }).candidates(transactionsMax, bytesMax)).toEqual(expected);
  });

  test('that do not fit leave room for others, and take the later ones of their account with them', () => {
    const run = new MempoolRun();
    run.admit(transaction('a', 0, { bytes: 500 }));
    run.admit(transaction('a', 1));
    run.admit(transaction('b', 0));
    expect(run.candidates(10, 250)).toEqual(['b0']);
  });

  test('begin with whoever waits longest: an account in a block goes to the end', () => {
    const run = runWith({ a: 3, b: 3, c: 3 });
    expect(run.candidates(2)).toEqual(['a0', 'b0']);
    run.commit([transaction('a', 0), transaction('b', 0)]);
    expect(run.candidates(2)).toEqual(['c0', 'a1']);
    run.commit([transaction('c', 0), transaction('a', 1)]);
    expect(run.candidates(2)).toEqual(['b1', 'c1']);
  });

  test('of a flooded mempool have everybody else in the first block', () => {
    const run = runWith({ f: 2_000, h: 1 });
    expect(run.candidates(100)).toContain('h0');
  });

  test('end where a nonce is missing', () => {
    const run = new MempoolRun();
    run.admit(transaction('a', 0));
    run.admit(transaction('a', 1, { validUntil: TIP.timeSec + 5 }));
    run.admit(transaction('a', 2));
    expect(run.commit([], TIP.timeSec + 5)).toEqual(['expired a1']);
    expect(run.candidates()).toEqual(['a0']);
    expect(run.pool.pendingNonce(addressOf('a'))).toBe(1);
    expect(run.admit(transaction('a', 1, { variant: 1 }))).toEqual(['admitted', "admitted a1'1"]);
    expect(run.candidates()).toEqual(['a0', "a1'1", 'a2']);
  });

  test('are there or not as `hasCandidates` says', () => {
    const run = new MempoolRun();
    const seen = [run.pool.hasCandidates];
    run.admit(transaction('a', 1));
    seen.push(run.pool.hasCandidates);
    run.admit(transaction('a', 0));
    seen.push(run.pool.hasCandidates);
    run.commit([transaction('a', 0), transaction('a', 1)]);
    seen.push(run.pool.hasCandidates);
    expect(seen).toEqual([false, false, true, false]);
  });
});

describe('a candidate that a block left out', () => {
  test('because it cannot pay is set aside with those behind it until it can', () => {
    const run = runWith({ a: 3, b: 1 });
    run.ledger.setBalance('a', 0n);
    run.pool.setAside(transaction('a', 1).id, 'INSUFFICIENT_FEE_BALANCE');
    expect(run.candidates()).toEqual(['a0', 'b0']);
    run.pool.setAside(transaction('a', 0).id, 'INSUFFICIENT_FEE_BALANCE');
    expect(run.candidates()).toEqual(['b0']);
    run.commit([transaction('b', 0)]);
    expect(run.candidates()).toEqual([]);
    expect(run.pool.statusOf(transaction('a', 0).id)).toEqual({ status: 'pending' });
    run.ledger.setBalance('a', 9n);
    run.commit([]);
    expect(run.candidates()).toEqual(['a0', 'a1', 'a2']);
    expect(run.pool.sizes.heldAccounts).toBe(0);
  });

  test.each(['EXPIRED', 'NONCE_TOO_HIGH', 'NONCE_TOO_LOW'] as const)('for %s is offered again', (code) => {
    const run = runWith({ a: 1 });
    run.pool.setAside(transaction('a', 0).id, code);
    expect(run.candidates()).toEqual(['a0']);
  });

  test('is offered again as soon as the account is past it', () => {
    const run = runWith({ a: 2 });
    run.ledger.setCode(transaction('a', 0), 'FEE_TOO_LOW');
    run.pool.setAside(transaction('a', 0).id, 'FEE_TOO_LOW');
    run.commit([transaction('a', 0, { variant: 1 })]);
    expect(run.candidates()).toEqual(['a1']);
  });

  test('is looked at again a limited number at a time, in turn', () => {
    const run = new MempoolRun({ recheckedPerBlockMax: 1 });
    for (const account of ['a', 'b', 'c']) {
      run.admit(transaction(account, 0));
      run.ledger.setBalance(account, 0n);
      run.pool.setAside(transaction(account, 0).id, 'INSUFFICIENT_FEE_BALANCE');
    }
    run.commit([]);
    for (const account of ['a', 'b']) run.ledger.setBalance(account, 1n);
    const seen = [1, 2, 3].map(() => {
      run.commit([]);
      return run.candidates();
    });
    expect(seen).toEqual([['b0'], ['b0'], ['b0', 'a0']]);
  });

  test('is of no concern when it is not here', () => {
    const run = new MempoolRun();
    run.pool.setAside(transaction('a', 0).id, 'FEE_TOO_LOW');
    expect(run.pool.sizes.heldAccounts).toBe(0);
  });
});

describe('a committed block', () => {
  test('ends what it has, what lost its nonce and what expired, and frees all they held', () => {
    const run = new MempoolRun();
    const sent = [
      transaction('a', 0),
      transaction('a', 1),
      transaction('b', 0),
      transaction('c', 0, { validUntil: TIP.timeSec + 1 }),
      transaction('d', 0, { sponsor: 's', validUntil: TIP.timeSec + 2 }),
    ];
    for (const each of sent) run.admit(each);
    const changes = run.pool.sizes;
    expect(changes).toMatchObject({ transactions: 5, bytes: 500, accounts: 4, payers: 4 });
    expect(run.commit([transaction('a', 0), transaction('b', 0, { variant: 1 })], TIP.timeSec + 1)).toEqual([
      'committed a0',
      'rejected b0',
      'expired c0',
    ]);
    expect(sent.map(({ id }) => run.pool.statusOf(id))).toEqual([
      undefined,
      { status: 'pending' },
      { status: 'rejected', code: 'NONCE_USED' },
      { status: 'expired' },
      { status: 'pending' },
    ]);
    run.commit([transaction('a', 1)], TIP.timeSec + 2);
    expect(run.pool.sizes).toEqual({
      transactions: 0,
      bytes: 0,
      parked: 0,
      overtaken: 0,
      accounts: 0,
      readyAccounts: 0,
      heldAccounts: 0,
      payers: 0,
      verifying: 0,
      pinnedBlocks: 0,
      ended: 3,
    });
  });

  test('tells of an end where the transaction came from', () => {
    const run = new MempoolRun();
    run.admit(transaction('a', 0));
    run.ledger.include(transaction('a', 0));
    expect(run.pool.committed({ height: 1, tip: TIP, transactions: [transaction('a', 0)] })).toEqual([
      { type: 'ended', id: transaction('a', 0).id, source: CLIENT, status: 'committed' },
    ]);
  });

  test('of transactions that were never here changes nothing', () => {
    const run = runWith({ a: 1 });
    expect(run.commit([transaction('b', 0)])).toEqual([]);
    expect(run.candidates()).toEqual(['a0']);
  });
});

describe('how a transaction ended', () => {
  test('is remembered for a day of block time', () => {
    const run = new MempoolRun();
    run.admit(transaction('a', 0));
    run.commit([], TIP.timeSec + 50);
    run.commit([], TIP.timeSec + 50 + 86_399);
    expect(run.pool.statusOf(transaction('a', 0).id)).toEqual({ status: 'expired' });
    run.commit([], TIP.timeSec + 50 + 86_400);
    expect(run.pool.statusOf(transaction('a', 0).id)).toBeUndefined();
  });

  test('is remembered of so many, the newest', () => {
    const run = new MempoolRun({ endedMax: 2 });
    for (const [index, account] of ['a', 'b', 'c'].entries()) run.admit(transaction(account, 0, { validUntil: TIP.timeSec + 1 + index }));
    run.commit([], TIP.timeSec + 50);
    expect(['a', 'b', 'c'].map((account) => run.pool.statusOf(transaction(account, 0).id)?.status)).toEqual([
      undefined,
      'expired',
      'expired',
    ]);
  });
});

describe('a transaction that nobody was promised', () => {
  test('is taken back with all it held, and leaves a gap', () => {
    const run = runWith({ a: 3 });
    expect(run.pool.withdraw(transaction('a', 1).id)).toBe(true);
    expect([run.candidates(), run.pool.pendingNonce(addressOf('a')), run.pool.sizes.transactions]).toEqual([['a0'], 1, 2]);
    expect(run.pool.statusOf(transaction('a', 1).id)).toBeUndefined();
    expect(run.admit(transaction('a', 1))).toEqual(['admitted', 'admitted a1']);
    for (const nonce of [0, 1, 2]) run.pool.withdraw(transaction('a', nonce).id);
    expect(run.pool.sizes).toMatchObject({ transactions: 0, bytes: 0, accounts: 0, readyAccounts: 0, payers: 0 });
  });

  test('stays when a prevoted block has it, and when it is not here', () => {
    const run = runWith({ a: 1 });
    run.pool.pin(1, new Uint8Array(32) as BlockHash, [transaction('a', 0).id]);
    expect(['a', 'b'].map((account) => run.pool.withdraw(transaction(account, 0).id))).toEqual([false, false]);
    expect(run.candidates()).toEqual(['a0']);
  });
});

describe('after a restart', () => {
  const a0 = transaction('a', 0);
  const rival = transaction('a', 0, { variant: 1 });

  test('what was promised is admitted again, with gaps, beyond its share and without its fee', () => {
    const run = new MempoolRun({ transactionsMax: 10 });
    run.ledger.setBalance('a', 0n);
    for (const nonce of [0, 1, 2, 3, 5, 6, 7]) expect(run.restore(transaction('a', nonce))).toEqual([`admitted a${nonce}`]);
    expect(run.candidates()).toEqual(['a0', 'a1', 'a2', 'a3']);
  });

  test('what ended meanwhile has the status it would have had', () => {
    const run = new MempoolRun();
    run.ledger.include(a0);
    run.ledger.include(transaction('b', 0, { variant: 1 }));
    const sent = [a0, transaction('b', 0), transaction('c', 0, { validUntil: TIP.timeSec })];
    const statuses = [undefined, { status: 'rejected', code: 'NONCE_USED' }, { status: 'expired' }];
    expect(sent.map((each) => run.pool.statusOfPromised(each))).toEqual(statuses);
    expect(sent.map((each) => run.restore(each))).toEqual([['committed a0'], ['rejected b0'], ['expired c0']]);
    expect(sent.map(({ id }) => run.pool.statusOf(id))).toEqual(statuses);
  });

  test('what is read twice is admitted once', () => {
    const run = new MempoolRun();
    expect([run.restore(a0), run.restore(a0), run.candidates()]).toEqual([['admitted a0'], [], ['a0']]);
  });

  test('limits do not hold for what was promised, but for everything else', () => {
    const run = new MempoolRun({ transactionsMax: 1, bytesMax: 150 });
    expect([a0, transaction('b', 0)].map((each) => run.restore(each))).toEqual([['admitted a0'], ['admitted b0']]);
    expect(run.admit(transaction('c', 0))).toEqual(['MEMPOOL_FULL']);
    run.commit([a0, transaction('b', 0)]);
    expect(run.admit(transaction('c', 0))).toEqual(['admitted', 'admitted c0']);
  });

  describe('what was parked meanwhile', () => {
    test('is admitted as promised, and stays when its time as a parked one is over', () => {
      const run = new MempoolRun();
      run.admit(transaction('a', 1), PEER);
      expect(run.restore(transaction('a', 1))).toEqual(['admitted a1']);
      expect([run.pool.sizes.parked, run.pool.dropOverdue(10_000), run.pool.statusOf(transaction('a', 1).id)]).toEqual([
        0,
        [],
        { status: 'pending' },
      ]);
      expect([run.admit(a0), run.candidates()]).toEqual([
        ['admitted', 'admitted a0'],
        ['a0', 'a1'],
      ]);
    });

    test('gives way to what was promised with its nonce, unless a prevoted block has it', () => {
      const run = new MempoolRun();
      for (const account of ['a', 'b']) run.admit(transaction(account, 1, { variant: 1 }), PEER);
      run.pool.pin(1, new Uint8Array(32) as BlockHash, [transaction('b', 1, { variant: 1 }).id]);
      expect(run.restore(transaction('a', 1))).toEqual(["dropped a1'1: NONCE_TAKEN", 'admitted a1']);
      expect(run.restore(transaction('b', 1))).toEqual(['admitted b1']);
      expect(['a', 'b'].map((account) => run.pool.isKnown(transaction(account, 1, { variant: 1 }).id))).toEqual([false, true]);
    });

    test('ends when it ended, and is not parked any more', () => {
      const run = new MempoolRun();
      run.admit(transaction('a', 1, { validUntil: TIP.timeSec + 1 }), PEER);
      run.commit([], TIP.timeSec + 1);
      expect(run.restore(transaction('a', 1, { validUntil: TIP.timeSec + 1 }))).toEqual(['expired a1']);
      expect([run.pool.sizes.parked, run.pool.statusOf(transaction('a', 1).id)]).toEqual([0, { status: 'expired' }]);
    });
  });

  describe('what was promised while another that is admitted has its nonce', () => {
    type Case = {
      readonly name: string;
      readonly end: (run: MempoolRun) => readonly string[];
      readonly changes: readonly string[];
      readonly status: unknown;
    };
    const cases: readonly Case[] = [
      { name: 'nothing', end: (run) => run.commit([]), changes: [], status: { status: 'pending' } },
      {
        name: 'the other is committed',
        end: (run) => run.commit([rival]),
        changes: ["committed a0'1", 'rejected a0'],
        status: { status: 'rejected', code: 'NONCE_USED' },
      },
      {
        name: 'a third is committed',
        end: (run) => run.commit([transaction('a', 0, { variant: 2 })]),
        changes: ["rejected a0'1", 'rejected a0'],
        status: { status: 'rejected', code: 'NONCE_USED' },
      },
      { name: 'it is committed', end: (run) => run.commit([a0]), changes: ["rejected a0'1", 'committed a0'], status: undefined },
      {
        name: 'both expire',
        end: (run) => run.commit([], TIP.timeSec + 60),
        changes: ["expired a0'1", 'expired a0'],
        status: { status: 'expired' },
      },
      {
        name: 'the other is taken back',
        end: (run) => {
          run.pool.withdraw(rival.id);
          return run.commit([]);
        },
        changes: ['admitted a0'],
        status: { status: 'pending' },
      },
    ];

    test.each(cases)('is pending, and known, until it ends: $name', ({ end, changes, status }) => {
      const run = new MempoolRun();
      run.admit(rival);
      expect(run.restore(a0)).toEqual([]);
      expect(run.restore(a0)).toEqual([]);
      expect([run.pool.statusOf(a0.id), run.pool.find(a0.id), run.pool.screen(a0, CLIENT)]).toEqual([
        { status: 'pending' },
        a0,
        { type: 'known' },
      ]);
      expect([run.candidates(), run.pool.sizes.overtaken]).toEqual([["a0'1"], 1]);
      expect([end(run), run.pool.statusOf(a0.id)]).toEqual([changes, status]);
    });

    test('is admitted when the other expires, with what waited for it', () => {
      const run = new MempoolRun();
      run.admit(transaction('a', 0, { variant: 1, validUntil: TIP.timeSec + 1 }));
      run.restore(a0);
      run.restore(transaction('a', 1));
      expect(run.commit([], TIP.timeSec + 1)).toEqual(["expired a0'1", 'admitted a0']);
      expect([run.candidates(), run.pool.sizes.overtaken]).toEqual([['a0', 'a1'], 0]);
    });

    test('does not expire while a prevoted block has it', () => {
      const run = new MempoolRun();
      run.admit(transaction('a', 0, { variant: 1, validUntil: TIP.timeSec + 90 }));
      run.restore(a0);
      run.pool.pin(2, new Uint8Array(32) as BlockHash, [a0.id]);
      expect([run.commit([], TIP.timeSec + 60), run.pool.isKnown(a0.id)]).toEqual([[], true]);
      expect(run.commit([], TIP.timeSec + 60)).toEqual(['expired a0']);
    });
  });
});
