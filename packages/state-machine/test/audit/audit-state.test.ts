import {
  type Account,
  type Asset,
  type ChainStatus,
  type Debt,
  encodeHex,
  type Holding,
  type Lot,
  type LotId,
  type Membership,
  STATE_NAMESPACES,
} from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import {
  accountTable,
  assetTable,
  auditState,
  bridgeEscrow,
  chainStatusTable,
  dailyLimitRaiseTable,
  debtTable,
  externalReferenceTable,
  feeEscrow,
  holdingTable,
  INVARIANTS,
  LEDGER_INVARIANTS,
  lotTable,
  membershipTable,
  releaseScheduleTable,
  SCHEDULE_KINDS,
  type StateEntry,
  type StateKey,
  StateOverlay,
  type Table,
  validatorSetTable,
  withdrawalDayTable,
} from '../../src/index.ts';
import { addressOf, cryptography } from '../support/test-chain.ts';
import { createBusyChain } from './busy-chain.ts';

/*
 * Goal: an auditor finds nothing in a state that blocks have led to, and names the entry whatever is changed behind the ledger's back.
 * Method: one busy chain; each case changes one entry of a copy and states what the audit has to say.
 */

const busy = createBusyChain();
const { chain } = busy;
const context = { cryptography, nativeSupply: chain.supply('MTN') };
const entries: readonly StateEntry[] = [...chain.state.entries()];

/** What the audit says after an edit of the busy chain's state. */
function auditAfter(edit: (state: StateOverlay) => void): readonly string[] {
  const changed = new Map(entries.map(({ key, value }) => [key, value]));
  const overlay = new StateOverlay(chain.state);
  edit(overlay);
  for (const { key, value } of overlay.changes()) {
    if (value === undefined) changed.delete(key);
    else changed.set(key, value);
  }
  return auditState(
    [...changed].map(([key, value]) => ({ key, value })),
    context,
  );
}

const edit =
  <Key, Value>(table: Table<Key, Value>, key: Key, change: Partial<Value>) =>
  (state: StateOverlay): void => {
    const known = state.get(table, key);
    if (known === undefined) throw new Error(`no such ${table.name}`);
    state.set(table, key, { ...known, ...change });
  };

const lot = (id: LotId, change: Partial<Lot>) => edit(lotTable, id, change);
const holding = (owner: string, asset: string, change: Partial<Holding>) => edit(holdingTable, { owner: addressOf(owner), asset }, change);
const account = (name: string, change: Partial<Account>) => edit(accountTable, addressOf(name), change);
const asset = (id: string, change: Partial<Asset>) => edit(assetTable, id, change);
const debt = (change: Partial<Debt>) => edit(debtTable, busy.debt, change);
const membership = (change: Partial<Membership>) => edit(membershipTable, addressOf('newcomer'), change);
const status = (change: Partial<ChainStatus>) => edit(chainStatusTable, undefined, change);
const hex = encodeHex;
const address = (name: string): string => hex(addressOf(name));
const reference = (external: string): Uint8Array => cryptography.sha256(new Uint8Array(Buffer.from(`mUSD\0${external}`)));
const MTN_OF_FEES = { owner: feeEscrow(cryptography), asset: 'MTN' };
const LOCKED = new Uint8Array(20).fill(0x77) as never;

test('a state that blocks have led to has no violation', () => {
  expect(auditState(entries, context)).toEqual([]);
});

type Case = readonly [what: string, edit: (state: StateOverlay) => void, said: readonly string[]];

const CASES: readonly Case[] = [
  [
    'money out of nothing',
    holding('alice', 'mUSD', { amount: 1_000_000n }),
    [expect.stringMatching(/^conservation: asset mUSD: supply is 960, its lots hold 1000\d+$/)],
  ],
  ['a supply that is too small', asset('mUSD', { supply: 959n }), ['conservation: asset mUSD: supply is 959, its lots hold 960']],
  [
    'MTN out of nothing, supply and all',
    (state) => {
      const known = state.get(holdingTable, MTN_OF_FEES);
      const mtn = state.get(assetTable, 'MTN');
      if (known === undefined || mtn === undefined) throw new Error('no fees');
      state.set(holdingTable, MTN_OF_FEES, { ...known, amount: 5n });
      state.set(assetTable, 'MTN', { ...mtn, supply: mtn.supply + 5n });
    },
    [
      expect.stringMatching(/^conservation: asset MTN: its lots hold 14\d+5, genesis gave out 14\d+0$/),
      `empty escrows: holding ${hex(MTN_OF_FEES.owner)} MTN: holds 5 between two blocks`,
    ],
  ],
  [
    'pendingIn that nothing asks for',
    holding('bob', 'mUSD', { pendingIn: 1n }),
    [`pending counters: holding ${address('bob')} mUSD: pendingIn is 1, open lots ask for 220`],
  ],
  [
    'pendingOut that nothing holds',
    holding('alice', 'mUSD', { pendingOut: 7n }),
    [`pending counters: holding ${address('alice')} mUSD: pendingOut is 7, open lots hold 120`],
  ],
  [
    'a missing holding of somebody who waits for money',
    (state) => state.delete(holdingTable, { owner: addressOf('carol'), asset: 'mBTC' }),
    [`pending counters: holding ${address('carol')} mBTC: missing, though open lots count in it`],
  ],
  [
    'money in a main lot that is not active',
    holding('bob', 'mUSD', { state: 6 }),
    [
      expect.stringMatching(new RegExp(`^main lots: holding ${address('bob')} mUSD: holds \\d+ in S6$`)),
      expect.stringMatching(/^active main lots: lot 0x[0-9a-f]{64}: in S3 while its owner's main lot is in S6$/),
    ],
  ],
  ['a main lot in S3', holding('newcomer', 'MTN', { state: 3 }), [expect.stringMatching(/never in S3$/), expect.stringMatching(/in S3$/)]],
  [
    'open lots that nobody counts',
    account('alice', { openLots: 1 }),
    [`open lot counts: account ${address('alice')}: openLots is 1, it owns 3`],
  ],
  ['debts that nobody counts', account('bob', { openDebts: 0 }), [`debts: account ${address('bob')}: openDebts is 0, it has 1`]],
  ['more owed than lent', debt({ outstanding: 31n }), [`debts: debt ${hex(busy.debt)}: 31 owed of 30 lent`]],
  [
    'a deposit that holds something',
    lot(busy.deposit, { amount: 100n }),
    [
      expect.stringMatching(/^conservation: asset mUSD/),
      expect.stringMatching(/^pending counters: holding/),
      `deposit lots: lot ${hex(busy.deposit)}: holds 100 before anything was minted`,
    ],
  ],
  [
    'a transfer that holds less than it asks to accept',
    lot(busy.transfer, { requested: 41n }),
    [
      expect.stringMatching(/^pending counters: holding/),
      `one request per lot: lot ${hex(busy.transfer)}: holds 40 of 41 requested`,
      `transfer lots: lot ${hex(busy.transfer)}: holds 40 of 41 requested`,
    ],
  ],
  [
    'a transfer to its own payer',
    lot(busy.transfer, { counterparty: addressOf('alice') }),
    [expect.anything(), expect.anything(), `transfer lots: lot ${hex(busy.transfer)}: has no payee`],
  ],
  [
    'an offer without a borrower',
    lot(busy.offer, { counterparty: addressOf('alice') }),
    [expect.anything(), expect.anything(), `credit lots: lot ${hex(busy.offer)}: has no other party`],
  ],
  [
    'a claimed transfer',
    lot(busy.transfer, { claimedBy: addressOf('gateway') }),
    [`one request per lot: lot ${hex(busy.transfer)}: claimed by a gateway in S2`, expect.stringMatching(/^scheduled lots/)],
  ],
  [
    'a withdrawal with a payee',
    lot(busy.withdrawal, { counterparty: addressOf('bob') }),
    [`withdrawal lots: lot ${hex(busy.withdrawal)}: names a payee`],
  ],
  [
    'a finished lot that shows less than was burned',
    lot(busy.burned, { amount: 39n }),
    [`withdrawal lots: lot ${hex(busy.burned)}: holds 39 of 40 requested`],
  ],
  [
    'a closed lot that holds something',
    lot(busy.debt, { amount: 30n }),
    [`one request per lot: lot ${hex(busy.debt)}: closed in S5 and still holds 30`],
  ],
  [
    'an expiry that is not scheduled',
    (state) => state.unschedule({ dueSec: chain.lot(busy.transfer)?.expiresAt ?? 0, kind: SCHEDULE_KINDS.lotExpiry, id: busy.transfer }),
    [`scheduled lots: lot ${hex(busy.transfer)}: its expiry is not scheduled`],
  ],
  [
    'an expiry of a claimed lot',
    (state) => state.schedule({ dueSec: chain.lot(busy.withdrawal)?.expiresAt ?? 0, kind: SCHEDULE_KINDS.lotExpiry, id: busy.withdrawal }),
    [
      expect.stringMatching(
        /^scheduled lots: scheduled work of kind 1 at \d+ for 0x[0-9a-f]{64}: there is no open and unclaimed lot that expires then$/,
      ),
    ],
  ],
  [
    'a closed lot that is never forgotten',
    lot(busy.deposit, { state: 0 }),
    [
      expect.anything(),
      expect.anything(),
      expect.anything(),
      `scheduled lots: lot ${hex(busy.deposit)}: closed, and to be forgotten 0 times`,
    ],
  ],
  [
    'an open lot that is to be forgotten',
    (state) => state.schedule({ dueSec: chain.nowSec + 9, kind: SCHEDULE_KINDS.closedLotPurge, id: busy.deposit }),
    [expect.stringMatching(/^scheduled lots: .* there is no closed lot to forget$/)],
  ],
  [
    'a burned lot without a reference',
    (state) => state.delete(externalReferenceTable, reference('out-1')),
    [`external references: lot ${hex(busy.burned)}: in S6 without an external reference`],
  ],
  [
    'a lot settled twice',
    (state) => state.set(externalReferenceTable, new Uint8Array(32), busy.burned),
    [expect.stringMatching(/^external references: external reference 0x.* was settled by another reference already$/)],
  ],
  [
    'a reference to an open lot',
    (state) => state.set(externalReferenceTable, new Uint8Array(32), busy.deposit),
    [expect.stringMatching(/^external references: external reference 0x.* is in S1$/)],
  ],
  [
    'a stake that is not in escrow',
    membership({ stake: 5n }),
    [expect.stringMatching(/^stakes: holding 0x.* MTN: holds 10+, stakes are 5$/)],
  ],
  [
    'a stake of somebody who has not joined',
    membership({ joinedAt: 0 }),
    [`stakes: membership ${address('newcomer')}: has a stake and has not joined`],
  ],
  [
    'a member from the future',
    membership({ joinedAt: chain.nowSec + 1 }),
    [`stakes: membership ${address('newcomer')}: joined in the future`],
  ],
  ['an asset whose threshold nobody reaches', asset('mUSD', { threshold: 2 }), ['defined assets: asset mUSD: threshold 2 of 1 gateways']],
  [
    'a gateway named twice',
    asset('mUSD', { gateways: [0, 0].map(() => ({ address: addressOf('gateway') })) }),
    ['defined assets: asset mUSD: names a gateway twice'],
  ],
  ['a second native asset', asset('mUSD', { kind: 0 }), ['defined assets: asset mUSD: kind 0']],
  [
    'an asset that is gone',
    (state) => state.delete(assetTable, 'mBTC'),
    [
      `conservation: holding ${address('carol')} mBTC: asset mBTC is not defined`,
      expect.stringMatching(/^conservation: lot 0x.* asset mBTC is not defined$/),
    ],
  ],
  [
    'a locked holding that was spent',
    edit(holdingTable, { owner: LOCKED, asset: 'MTN' }, { amount: 999n }),
    [
      expect.stringMatching(/^conservation/),
      expect.stringMatching(/^conservation/),
      expect.stringMatching(/^release schedules: holding 0x77.* holds 999, of which 1000 should be locked$/),
    ],
  ],
  [
    'an account that forgot its schedule',
    edit(accountTable, LOCKED, { scheduled: false }),
    [expect.stringMatching(/^release schedules: account 0x77.* is not marked as scheduled$/)],
  ],
  [
    'an escrow that has signed',
    edit(accountTable, bridgeEscrow(cryptography), { nonce: 1 }),
    [expect.stringMatching(/^keyless accounts: account 0x.*: an escrow has a nonce, level, role or debt$/)],
  ],
  [
    'an escrow somebody could own',
    edit(accountTable, bridgeEscrow(cryptography), { escrow: false }),
    [expect.stringMatching(/^keyless accounts: account 0x.*: the bridge is not marked as an escrow$/)],
  ],
  [
    'no validators',
    (state) => state.set(validatorSetTable, undefined, { validators: [] }),
    ['validators: validator set: empty', expect.stringMatching(/^validators: validator history/)],
  ],
  [
    'validators out of order',
    (state) => {
      const set = state.get(validatorSetTable, undefined);
      state.set(validatorSetTable, undefined, { validators: [...(set?.validators ?? [])].reverse() });
    },
    [
      ...[1, 2, 3].map((index) => `validators: validator set: number ${index} is out of order`),
      expect.stringMatching(/^validators: validator history/),
    ],
  ],
  [
    'an open proposal without a deadline',
    (state) => {
      const dueSec = chain.nowSec + 604_800;
      state.unschedule({ dueSec, kind: SCHEDULE_KINDS.proposalDeadline, id: busy.proposal });
    },
    [`proposals: proposal ${hex(busy.proposal)}: its deadline is not scheduled`],
  ],
  [
    'an open proposal that waits for its height',
    status({ pending: [{ activationHeight: 1, proposal: busy.proposal as never }] }),
    [
      `proposals: proposal ${hex(busy.proposal)}: waits for its height and is not accepted`,
      expect.stringMatching(/^proposals: chain status: a change of height 1/),
    ],
  ],
  [
    'a withdrawal of tomorrow',
    (state) => state.set(withdrawalDayTable, { owner: addressOf('alice'), asset: 'mUSD' }, { day: 4_000_000, requested: 1n }),
    [`withdrawal days: withdrawal day ${address('alice')} mUSD: day 4000000 lies ahead`],
  ],
  [
    'a limit raised tomorrow from none',
    (state) => state.set(dailyLimitRaiseTable, addressOf('alice'), { day: 4_000_000, limitThatDay: 0n }),
    [
      `daily limit raises: daily limit raise ${address('alice')}: day 4000000 lies ahead`,
      `daily limit raises: daily limit raise ${address('alice')}: there was no limit to raise`,
    ],
  ],
];

describe('an audit names', () => {
  test.each(CASES)('%s', (_, change, said) => {
    expect(auditAfter(change)).toEqual(said);
  });
});

test('every invariant is broken by one of the cases', () => {
  const said = CASES.flatMap(([, change]) => auditAfter(change));
  const silent = [...LEDGER_INVARIANTS, ...INVARIANTS].filter(({ name }) => !said.some((violation) => violation.startsWith(`${name}: `)));
  expect(silent.map(({ name }) => name)).toEqual([]);
});

describe('the form of entries', () => {
  const withEntry = (key: string, value: Uint8Array): readonly string[] =>
    auditState([...entries.filter((entry) => entry.key !== key), { key: key as StateKey, value }], context);
  const NAMESPACE_OF_LOTS = String.fromCharCode(STATE_NAMESPACES.lot);

  test.each([
    ['a value that does not decode', `${NAMESPACE_OF_LOTS}${'x'.repeat(32)}`, Uint8Array.of(1), /^canonical entries: lot 0x7878/],
    ['a key that is too short', `${NAMESPACE_OF_LOTS}x`, new Uint8Array(), /^canonical entries: lot 0x78: key or value is not canonical$/],
    ['a namespace nobody knows', '\u00ffx', new Uint8Array(), /^canonical entries: entry of namespace 255 0x78/],
    [
      'scheduled work with another value',
      `\u0008${'\0'.repeat(8)}\u0001${'x'.repeat(32)}`,
      Uint8Array.of(2),
      /^canonical entries: scheduled work of kind 1 at 0 for 0x7878/,
    ],
  ])('is checked: %s', (_, key, value, said) => {
    expect(withEntry(key, value)).toEqual([expect.stringMatching(said)]);
  });

  test('includes that the singletons are there', () => {
    expect(auditState([], context)).toEqual(
      ['chain status', 'parameters', 'validator set'].map((name) => `canonical entries: ${name}: missing`),
    );
  });
});

test('the locked holding of the busy chain is locked', () => {
  expect(chain.read(releaseScheduleTable, LOCKED)).toMatchObject({ total: 1000n });
});
