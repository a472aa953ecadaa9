import { describe, expect, test } from 'vitest';
import { assetTable } from '../src/index.ts';
import { askDeposit, askTransfer, askWithdrawal, fund, lotField, UNKNOWN_ID } from './support/requests.ts';
import { addressOf, NEW_LOT, TestChain } from './support/test-chain.ts';

/*
 * Goal: a request that a gateway is processing cannot be amended, cancelled or expire, and a claim that has grown old can be decided by an
 * arbiter. Method: a deposit and a withdrawal, claimed; then everything that anybody may try.
 */

const PROCESSING_SEC = 604_800;

const funded = (): TestChain => {
  const chain = new TestChain();
  fund(chain, 'alice');
  return chain;
};

/** Alice's 100 mUSD where a second gateway settles requests as well, each of the two alone. */
const withTwoGateways = (): TestChain => {
  const chain = funded();
  chain.write((state) => {
    const asset = state.get(assetTable, 'mUSD');
    const gateways = ['gateway', 'gateway2'].map((name) => ({ address: addressOf(name) }));
    if (asset !== undefined) state.set(assetTable, 'mUSD', { ...asset, gateways });
  });
  return chain;
};

const claim = (chain: TestChain, id: Uint8Array, name = 'gateway', revision = 0) =>
  chain.run(name, 'ClaimRequest', { lot: lotField(id), revision }).code;

type Kind = 'deposit' | 'withdrawal';
const ask = (chain: TestChain, kind: Kind, expiresAt = 0) =>
  (kind === 'deposit' ? askDeposit(chain, 'alice', { expiresAt }) : askWithdrawal(chain, { expiresAt })).id;
const reject = (chain: TestChain, kind: Kind, name: string, id: Uint8Array, reason = '') =>
  chain.run(name, kind === 'deposit' ? 'RejectDeposit' : 'RejectWithdrawal', { lot: lotField(id), revision: 0, reason }).code;
const amend = (chain: TestChain, kind: Kind, id: Uint8Array, amount = 5n) =>
  (kind === 'deposit'
    ? chain.run('alice', 'RequestDeposit', { lot: lotField(id), asset: 'mUSD', amount, reference: '', expiresAt: 0 })
    : chain.run('alice', 'RequestWithdrawal', { lot: lotField(id), asset: 'mUSD', amount, destination: 'x', expiresAt: 0 })
  ).code;
const confirm = (chain: TestChain, kind: Kind, name: string, id: Uint8Array, revision = 0) =>
  (kind === 'deposit'
    ? chain.run(name, 'ConfirmDeposit', { lot: lotField(id), revision, amount: 100n, externalRef: 'ref' })
    : chain.run(name, 'ConfirmWithdrawal', { lot: lotField(id), revision, externalRef: 'ref' })
  ).code;

describe.each<Kind>(['deposit', 'withdrawal'])('a claimed %s', (kind) => {
  test('names its gateway and time, without a record', () => {
    const chain = funded();
    const id = ask(chain, kind);
    const claimed = chain.run('gateway', 'ClaimRequest', { lot: lotField(id), revision: 0 });
    expect([claimed.code, claimed.records]).toEqual(['OK', []]);
    expect(chain.lot(id)).toMatchObject({ claimedBy: addressOf('gateway'), claimedAt: chain.nowSec, revision: 0 });
  });

  test('is neither amended nor cancelled by its owner', () => {
    const chain = funded();
    const id = ask(chain, kind);
    claim(chain, id);
    expect([amend(chain, kind, id), amend(chain, kind, id, 0n), reject(chain, kind, 'alice', id)]).toEqual([
      'ALREADY_CLAIMED',
      'AMOUNT_INVALID',
      'ALREADY_CLAIMED',
    ]);
  });

  test('is still confirmed or rejected by the gateway', () => {
    const confirmed = funded();
    const first = ask(confirmed, kind);
    claim(confirmed, first);
    expect(confirm(confirmed, kind, 'gateway', first)).toBe('OK');
    const rejected = funded();
    const second = ask(rejected, kind);
    claim(rejected, second);
    expect([reject(rejected, kind, 'gateway', second, 'no'), rejected.lot(second)?.state]).toEqual(['OK', kind === 'deposit' ? 0 : 5]);
  });

  test('does not expire, and is confirmed after its expiry', () => {
    const chain = funded();
    const expiresAt = chain.nowSec + 10;
    const id = ask(chain, kind, expiresAt);
    claim(chain, id);
    expect([chain.wait(20), chain.nowSec > expiresAt, amend(chain, kind, id)]).toEqual([[], true, 'ALREADY_CLAIMED']);
    expect(confirm(chain, kind, 'gateway', id)).toBe('OK');
  });

  test.each([
    [-1, 'OK', 'OK'],
    [0, 'DFSM_ILLEGAL', 'DFSM_ILLEGAL'],
    [1, 'DFSM_ILLEGAL', 'DFSM_ILLEGAL'],
  ])('could be claimed at its expiry %i s: %s', (offset, claimCode, confirmCode) => {
    const chain = funded();
    const expiresAt = chain.nowSec + 10;
    const id = ask(chain, kind, expiresAt);
    const late = chain.transaction('gateway', 'ClaimRequest', { lot: lotField(id), revision: 0 });
    expect(chain.block([late], expiresAt + offset - chain.nowSec).receipts[0]?.code).toBe(claimCode);
    expect(confirm(chain, kind, 'gateway', id)).toBe(confirmCode);
  });

  test.each([
    [-1, 'NOT_PERMITTED'],
    [0, 'OK'],
    [1, 'OK'],
  ])('is rejected by an arbiter at the end of processing %i s: %s', (offset, code) => {
    const chain = funded();
    const id = ask(chain, kind);
    claim(chain, id);
    const claimedAt = chain.nowSec;
    chain.wait(PROCESSING_SEC - 100);
    expect([reject(chain, kind, 'carol', id, 'no'), reject(chain, kind, 'alice', id, 'no')]).toEqual(['NOT_PERMITTED', 'ALREADY_CLAIMED']);
    const type = kind === 'deposit' ? 'RejectDeposit' : 'RejectWithdrawal';
    const decision = chain.transaction('arbiter', type, { lot: lotField(id), revision: 0, reason: 'gateway silent' });
    expect(chain.block([decision], claimedAt + PROCESSING_SEC + offset - chain.nowSec).receipts[0]?.code).toBe(code);
  });

  test('is rejected by the gateway that has claimed it only, until an arbiter may', () => {
    const chain = withTwoGateways();
    const id = ask(chain, kind);
    claim(chain, id, 'gateway2');
    const attempts = (): readonly string[] => [
      reject(chain, kind, 'gateway', id, 'no'),
      reject(chain, kind, 'gateway', id),
      reject(chain, kind, 'alice', id, 'no'),
      reject(chain, kind, 'bob', id, 'no'),
      reject(chain, kind, 'gateway2', id),
    ];
    const refusals = ['ALREADY_CLAIMED', 'ALREADY_CLAIMED', 'ALREADY_CLAIMED', 'NOT_PERMITTED', 'INVALID_FIELD'];
    expect([attempts(), reject(chain, kind, 'arbiter', id, 'no')]).toEqual([refusals, 'NOT_PERMITTED']);
    chain.wait(PROCESSING_SEC);
    expect([attempts(), reject(chain, kind, 'gateway2', id, 'no')]).toEqual([refusals, 'OK']);
    const late = ask(chain, kind);
    claim(chain, late, 'gateway2');
    chain.wait(PROCESSING_SEC);
    expect(reject(chain, kind, 'arbiter', late, 'gateway silent')).toBe('OK');
  });

  test('by a gateway removed since is left to the arbiter', () => {
    const chain = withTwoGateways();
    const id = ask(chain, kind);
    claim(chain, id, 'gateway2');
    chain.write((state) => {
      const asset = state.get(assetTable, 'mUSD');
      if (asset !== undefined) state.set(assetTable, 'mUSD', { ...asset, gateways: [{ address: addressOf('gateway') }] });
    });
    expect([reject(chain, kind, 'gateway2', id, 'no'), reject(chain, kind, 'gateway', id, 'no')]).toEqual([
      'NOT_PERMITTED',
      'ALREADY_CLAIMED',
    ]);
    chain.wait(PROCESSING_SEC);
    expect(reject(chain, kind, 'arbiter', id, 'gateway gone')).toBe('OK');
  });

  test('is rejected by an arbiter with a reason only', () => {
    const chain = funded();
    const id = ask(chain, kind);
    claim(chain, id);
    chain.wait(PROCESSING_SEC);
    expect([reject(chain, kind, 'arbiter', id), reject(chain, kind, 'alice', id), reject(chain, kind, 'arbiter', id, 'silent')]).toEqual([
      'INVALID_FIELD',
      'ALREADY_CLAIMED',
      'OK',
    ]);
  });
});

describe('an old claim', () => {
  test.each([
    [-1, 'NOT_PERMITTED'],
    [0, 'OK'],
    [1, 'OK'],
  ])('of a withdrawal is confirmed by an arbiter at the end of processing %i s: %s', (offset, code) => {
    const chain = funded();
    const { id } = askWithdrawal(chain);
    claim(chain, id);
    const claimedAt = chain.nowSec;
    chain.wait(PROCESSING_SEC - 100);
    const decision = chain.transaction('arbiter', 'ConfirmWithdrawal', { lot: lotField(id), revision: 0, externalRef: 'court' });
    const block = chain.block([decision], claimedAt + PROCESSING_SEC + offset - chain.nowSec);
    expect([block.receipts[0]?.code, chain.supply('mUSD')]).toEqual([code, code === 'OK' ? 60n : 100n]);
  });

  test('of a withdrawal through two gateways needs one arbiter', () => {
    const chain = new TestChain();
    const { id } = askDeposit(chain, 'alice', { asset: 'mBTC' });
    for (const name of ['gateway', 'gateway2']) confirm(chain, 'deposit', name, id);
    const out = askWithdrawal(chain, { asset: 'mBTC' }).id;
    claim(chain, out);
    chain.wait(PROCESSING_SEC);
    expect(chain.run('arbiter', 'ConfirmWithdrawal', { lot: lotField(out), revision: 0, externalRef: 'court' }).records).toEqual([
      'S4 E12 40 mBTC confirm',
    ]);
  });

  test('of a deposit is never confirmed by an arbiter: nothing is minted but by gateways', () => {
    const chain = new TestChain();
    const { id } = askDeposit(chain, 'alice');
    claim(chain, id);
    chain.wait(PROCESSING_SEC);
    expect(confirm(chain, 'deposit', 'arbiter', id)).toBe('NOT_PERMITTED');
  });
});

describe('ClaimRequest', () => {
  test.each([
    ['the gateway', 'gateway', 0, 'OK'],
    ['the gateway, another revision', 'gateway', 1, 'STALE_REVISION'],
    ['the owner', 'alice', 0, 'NOT_PERMITTED'],
    ['a gateway of another asset', 'gateway2', 0, 'NOT_PERMITTED'],
    ['an arbiter', 'arbiter', 0, 'NOT_PERMITTED'],
    ['a stranger, another revision', 'bob', 1, 'NOT_PERMITTED'],
  ])('by %s', (_name, who, revision, code) => {
    const chain = funded();
    expect(claim(chain, askWithdrawal(chain).id, who, revision)).toBe(code);
  });

  test('of what gateways do not settle, of closed lots, of unknown ones, and twice', () => {
    const chain = funded();
    const transfer = askTransfer(chain, { amount: 1n }).id;
    const closed = askDeposit(chain, 'alice').id;
    reject(chain, 'deposit', 'alice', closed);
    const open = askDeposit(chain, 'alice').id;
    expect([
      claim(chain, transfer),
      claim(chain, closed),
      claim(chain, UNKNOWN_ID),
      claim(chain, open),
      claim(chain, open),
      claim(chain, open, 'gateway', 1),
    ]).toEqual(['DFSM_ILLEGAL', 'DFSM_ILLEGAL', 'UNKNOWN_LOT', 'OK', 'ALREADY_CLAIMED', 'STALE_REVISION']);
  });

  test('blocks no other request of the owner', () => {
    const chain = funded();
    claim(chain, askWithdrawal(chain, { amount: 10n }).id);
    const fields = { lot: NEW_LOT, asset: 'mUSD', amount: 10n, destination: 'x', expiresAt: 0 };
    expect(chain.run('alice', 'RequestWithdrawal', fields).code).toBe('OK');
  });
});
