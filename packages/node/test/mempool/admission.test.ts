import type { ResultCode } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { accountShare, fullPercent } from '../../src/mempool/account-share.ts';
import type { PoolTransaction } from '../../src/mempool/pool-transaction.ts';
import { ADMISSION_REFUSALS, isPeerFault, ledgerRefusal, refusalOf } from '../../src/mempool/refusal.ts';
import { addressOf, CLIENT, MempoolRun, type NamedTransaction, PEER, TIP, transaction } from './model-ledger.ts';

/*
 * Goal: what the mempool takes in, and what it says of everything else. Method: tables of transactions with the state they meet, and whole answers.
 */

const verify = { type: 'verify' };
const refused = (code: keyof typeof ADMISSION_REFUSALS): object => ({ type: 'refused', refusal: refusalOf(code) });

type Row = readonly [name: string, sent: NamedTransaction, code: keyof typeof ADMISSION_REFUSALS, prepare?: (run: MempoolRun) => void];

const a0 = transaction('a', 0);
const ledgerCodes: readonly (keyof typeof ADMISSION_REFUSALS & ResultCode)[] = [
  'FEE_TOO_LOW',
  'INSUFFICIENT_FEE_BALANCE',
  'NOT_PERMITTED',
  'LEVEL_TOO_LOW',
  'FROZEN',
];

/** Reasons that depend on the state, in the documented order. */
const STATE_ROWS: readonly Row[] = [
  ["valid until the tip's time", transaction('a', 0, { validUntil: TIP.timeSec }), 'EXPIRED'],
  ['valid for longer than the window', transaction('a', 0, { validUntil: TIP.timeSec + 101 }), 'EXPIRED'],
  ['with a used nonce', a0, 'NONCE_TOO_LOW', (run) => run.ledger.setNonce('a', 1)],
  ['with a nonce far ahead', transaction('a', 1_025), 'NONCE_TOO_HIGH'],
  ['with the nonce of an admitted one', transaction('a', 0, { variant: 1 }), 'NONCE_TAKEN', (run) => run.admit(a0)],
  ['with the nonce of a parked one', transaction('a', 3, { variant: 1 }), 'NONCE_TAKEN', (run) => run.admit(transaction('a', 3))],
  ...ledgerCodes.map((code): Row => [`that the ledger calls ${code}`, a0, code, (run) => run.ledger.setCode(a0, code)]),
  [
    'whose payer has promised all he has for others',
    transaction('a', 1),
    'INSUFFICIENT_FEE_BALANCE',
    (run) => {
      run.ledger.setBalance('a', 1n);
      run.admit(a0);
    },
  ],
  [
    'whose sponsor has promised all he has for others',
    transaction('b', 0, { sponsor: 's' }),
    'INSUFFICIENT_FEE_BALANCE',
    (run) => {
      run.ledger.setBalance('s', 1n);
      run.admit(transaction('a', 0, { sponsor: 's' }));
    },
  ],
];

/** Lack of room. */
const ROOM_ROWS: readonly Row[] = [
  ['when all places are taken', transaction('z', 0), 'MEMPOOL_FULL', (run) => fill(run, 20)],
  ['when all bytes are taken', transaction('z', 0, { bytes: 10_001 }), 'MEMPOOL_FULL'],
  [
    'with a gap, when its account has all its parking places',
    transaction('a', 9),
    'MEMPOOL_ACCOUNT_FULL',
    (run) => [5, 6].map((nonce) => run.admit(transaction('a', nonce))),
  ],
  [
    'with a gap, when all parking places are taken by accounts that have no more',
    transaction('d', 9),
    'MEMPOOL_FULL',
    (run) => ['a', 'b', 'd'].map((account) => run.admit(transaction(account, 5))),
  ],
];

const ROOM_LIMITS = { transactionsMax: 20, bytesMax: 10_000, parkedMax: 3, parkedPerAccountMax: 2 };

const named = (rows: readonly Row[]) => rows.map(([name, sent, code, prepare]) => ({ name, sent, code, prepare }));

/** Fills places, with one transaction of each account. */
function fill(run: MempoolRun, count: number): void {
  for (let index = 0; index < count; index++) run.admit(transaction(String.fromCharCode(200 + index), 0));
}

describe('a transaction', () => {
  test('is verified, then admitted and pending, and known from then on', () => {
    const run = new MempoolRun();
    expect(run.pool.screen(a0, PEER)).toEqual(verify);
    expect(run.pool.admit(a0, PEER, 0)).toEqual({
      outcome: { type: 'admitted' },
      changes: [{ type: 'admitted', transaction: a0, source: PEER }],
    });
    expect(run.pool.statusOf(a0.id)).toEqual({ status: 'pending' });
    expect(run.pool.screen(a0, CLIENT)).toEqual({ type: 'known' });
    expect(run.admit(a0)).toEqual(['known']);
    expect(run.pool.sizes).toEqual({
      transactions: 1,
      bytes: 100,
      parked: 0,
      overtaken: 0,
      accounts: 1,
      readyAccounts: 1,
      heldAccounts: 0,
      payers: 1,
      verifying: 0,
      pinnedBlocks: 0,
      ended: 0,
    });
  });

  test.each(named(STATE_ROWS))('$name is refused: to a peer before verification, to a client after it', ({ sent, code, prepare }) => {
    const run = new MempoolRun();
    prepare?.(run);
    const before = run.pool.sizes;
    expect(run.pool.screen(sent, PEER)).toEqual(refused(code));
    expect(run.pool.screen(sent, CLIENT)).toEqual(verify);
    expect(run.pool.admit(sent, CLIENT, 0)).toEqual({ outcome: refused(code), changes: [] });
    expect(run.pool.sizes).toEqual(before);
    expect(run.pool.statusOf(sent.id)).toBeUndefined();
  });

  test.each(named(ROOM_ROWS))('$name is refused before and after verification', ({ sent, code, prepare }) => {
    const run = new MempoolRun(ROOM_LIMITS);
    prepare?.(run);
    const before = run.pool.sizes;
    expect([run.pool.screen(sent, PEER), run.pool.screen(sent, CLIENT)]).toEqual([refused(code), refused(code)]);
    expect(run.pool.admit(sent, CLIENT, 0)).toEqual({ outcome: refused(code), changes: [] });
    expect(run.pool.sizes).toEqual(before);
  });

  test('of several reasons is refused for the first in the documented order', () => {
    const run = new MempoolRun();
    run.ledger.setNonce('a', 1);
    const expiredToo = transaction('a', 0, { validUntil: 1 });
    run.ledger.setCode(expiredToo, 'FROZEN');
    expect(run.admit(expiredToo)).toEqual(['EXPIRED']);
    run.ledger.setCode(a0, 'FROZEN');
    expect(run.admit(a0)).toEqual(['NONCE_TOO_LOW']);
    const a1 = transaction('a', 1);
    const a2 = transaction('a', 2);
    run.ledger.setBalance('a', 1n);
    run.admit(a1);
    run.ledger.setCode(a2, 'FROZEN');
    expect(run.admit(a2)).toEqual(['INSUFFICIENT_FEE_BALANCE']);
  });

  test('is checked again after verification: its nonce may be used by then', () => {
    const run = new MempoolRun();
    expect(run.pool.screen(a0, PEER)).toEqual(verify);
    run.ledger.setNonce('a', 1);
    expect(run.admit(a0, PEER)).toEqual(['NONCE_TOO_LOW']);
  });

  test('is not checked again when it is verified at once, but for what a client sent', () => {
    const run = new MempoolRun();
    for (const [source, outcome] of [
      [PEER, { type: 'admitted' }],
      [CLIENT, refused('FROZEN')],
    ] as const) {
      const sent = transaction('a', run.pool.pendingNonce(addressOf('a')));
      expect(run.pool.screen(sent, source)).toEqual(verify);
      run.ledger.setCode(sent, 'FROZEN');
      expect(run.pool.admit(sent, source, 0, true).outcome).toEqual(outcome);
    }
  });

  test('that is in a block is known to a client that sends it again, after a restart too, and late gossip to a peer', () => {
    const run = new MempoolRun();
    run.ledger.include(a0);
    expect(run.admit(a0)).toEqual(['known']);
    expect(run.pool.screen(a0, PEER)).toEqual(refused('NONCE_TOO_LOW'));
  });
});

describe('verification', () => {
  test('is done once, however many send the transaction meanwhile', () => {
    const run = new MempoolRun();
    expect(run.pool.screen(a0, PEER)).toEqual(verify);
    expect(run.pool.screen(a0, { kind: 'peer', name: 'other' })).toEqual({ type: 'verifying' });
    expect(run.pool.screen(a0, CLIENT)).toEqual({ type: 'verifying' });
    run.pool.verificationFailed(a0);
    expect(run.pool.screen(a0, CLIENT)).toEqual(verify);
  });

  test('of a copy with a wrong sponsor does not stand in the way of the right one', () => {
    const run = new MempoolRun();
    expect(run.pool.screen(transaction('a', 0, { sponsor: 'x' }), PEER)).toEqual(verify);
    expect(run.pool.screen(transaction('a', 0, { sponsor: 's' }), CLIENT)).toEqual(verify);
    expect(run.pool.screen(transaction('a', 0), CLIENT)).toEqual(verify);
  });

  test('does not speak for other bytes with the same id: the id does not cover the sponsor', () => {
    const run = new MempoolRun();
    const sponsored = transaction('a', 0, { sponsor: 's' });
    run.admit(sponsored);
    expect(run.pool.findSame(a0.id, new Uint8Array(sponsored.bytes))).toEqual(sponsored);
    expect(run.pool.findSame(a0.id, a0.bytes)).toBeUndefined();
    expect(run.admit(a0)).toEqual(['known']);
  });

  test('is limited, for one source and altogether', () => {
    const run = new MempoolRun({ verifyingMax: 3, verifyingPerSourceMax: 2 });
    const outcomes = (['p', 'p', 'p', 'q', 'q'] as const).map((name, nonce) =>
      run.pool.screen(transaction('a', nonce), { kind: 'peer', name }),
    );
    expect(outcomes).toEqual([verify, verify, refused('MEMPOOL_BUSY'), verify, refused('MEMPOOL_BUSY')]);
    run.pool.verificationFailed(transaction('a', 0));
    expect(run.pool.screen(transaction('b', 0), { kind: 'peer', name: 'q' })).toEqual(verify);
    for (const nonce of [1, 3]) run.pool.verificationFailed(transaction('a', nonce));
    run.pool.verificationFailed(transaction('b', 0));
    run.pool.verificationFailed(transaction('b', 0));
    expect(run.pool.sizes.verifying).toBe(0);
  });
});

describe('the share of an account', () => {
  test.each([
    [0, 2_048],
    [50, 2_048],
    [51, 256],
    [75, 256],
    [76, 32],
    [90, 32],
    [91, 4],
    [100, 4],
    [101, 0],
  ])('at %i percent is %i', (percent, expected) => {
    expect(accountShare(percent)).toBe(expected);
  });

  test.each([
    [0, 0, 0],
    [1, 0, 10],
    [0, 99, 9],
    [3, 450, 45],
    [10, 1_000, 100],
  ])('looks at the tighter limit: %i of 10 and %i of 1000 are %i percent', (count, bytes, expected) => {
    expect(fullPercent(count, 10, bytes, 1_000)).toBe(expected);
  });

  test('keeps room for others from an account that has much', () => {
    const run = new MempoolRun({ transactionsMax: 20 });
    fill(run, 14);
    for (let nonce = 0; nonce < 4; nonce++) expect(run.admit(transaction('a', nonce))[0]).toBe('admitted');
    expect(run.pool.screen(transaction('a', 4), PEER)).toEqual(refused('MEMPOOL_ACCOUNT_FULL'));
    expect(run.admit(transaction('a', 4))).toEqual(['MEMPOOL_ACCOUNT_FULL']);
    expect(run.admit(transaction('b', 0))).toEqual(['admitted', 'admitted b0']);
    expect(run.admit(transaction('c', 0))).toEqual(['admitted', 'admitted c0']);
    expect(run.admit(transaction('d', 0))).toEqual(['MEMPOOL_FULL']);
  });
});

describe('refusals', () => {
  test('each name a field and what to do', () => {
    const advice: readonly [string, { readonly field: string; readonly remedy: string }][] = Object.entries(ADMISSION_REFUSALS);
    const incomplete = advice.filter(([, { field, remedy }]) => field === '' || !/^[A-Z].*\.$/.test(remedy));
    expect(incomplete).toEqual([]);
    expect(refusalOf('NONCE_TOO_LOW')).toEqual({
      code: 'NONCE_TOO_LOW',
      field: 'nonce',
      remedy: "Sign again with the account's pending nonce.",
    });
  });

  test('are faults of a peer only where no state could excuse it', () => {
    const faults = (Object.keys(ADMISSION_REFUSALS) as (keyof typeof ADMISSION_REFUSALS)[]).filter((code) => isPeerFault(refusalOf(code)));
    expect(faults).toEqual(['MALFORMED', 'BAD_SIGNATURE']);
  });

  test('are none for codes that only a block decides', () => {
    expect(() => ledgerRefusal('DFSM_ILLEGAL')).toThrow('DFSM_ILLEGAL is decided in a block');
  });
});

test('the pending nonce is the first that nothing has', () => {
  const run = new MempoolRun();
  run.ledger.setNonce('a', 7);
  const nonces = [run.pool.pendingNonce(addressOf('a'))];
  for (const nonce of [7, 8, 10]) {
    run.admit(transaction('a', nonce));
    nonces.push(run.pool.pendingNonce(addressOf('a')));
  }
  expect(nonces).toEqual([7, 8, 9, 9]);
});

test('the same calls give the same answers', () => {
  const play = (): unknown => {
    const run = new MempoolRun(ROOM_LIMITS);
    const sent: readonly PoolTransaction[] = ROOM_ROWS.map(([, each]) => each);
    return [run.admit(a0), run.commit([a0]), sent.map((each) => run.pool.screen(each as NamedTransaction, PEER)), run.pool.sizes];
  };
  expect(play()).toEqual(play());
});
