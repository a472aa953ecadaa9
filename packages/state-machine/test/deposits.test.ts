import { describe, expect, test } from 'vitest';
import { accountTable, assetTable, bridgeEscrow, holdingTable } from '../src/index.ts';
import { enact } from './support/consortium.ts';
import { askDeposit, askWithdrawal, fund, lotField, lotFigures, UNKNOWN_ID } from './support/requests.ts';
import { addressOf, cryptography, NEW_LOT, type OwnFields, TestChain, type TestRun } from './support/test-chain.ts';

/*
 * Goal: money from outside: who may announce, confirm and reject it, what is minted, and how several gateways agree.
 * Method: codes, records, lots and figures compared; statements of two gateways in every combination.
 */

const openLots = (chain: TestChain, name: string) => chain.read(accountTable, addressOf(name))?.openLots;

const confirm = (chain: TestChain, id: Uint8Array, change: Partial<OwnFields<'ConfirmDeposit'>> = {}, name = 'gateway'): TestRun =>
  chain.run(name, 'ConfirmDeposit', { lot: lotField(id), revision: 0, amount: 100n, externalRef: 'bank-1', ...change });

describe('RequestDeposit', () => {
  test('opens an empty lot and promises nothing but the counter', () => {
    const chain = new TestChain();
    const { id, code, records } = askDeposit(chain, 'alice');
    expect([code, records, lotFigures(chain, id), openLots(chain, 'alice')]).toEqual(['OK', ['S0 E01 100 mUSD request'], [1, 0n, 0], 1]);
    expect(chain.lot(id)).toMatchObject({ owner: addressOf('alice'), requester: addressOf('alice'), requested: 100n, reference: 'wire' });
    expect(chain.blocks[0]?.records[0]?.business.memo).toBe('wire');
  });

  const start = new TestChain().nowSec + 1;
  test.each<[string, Partial<OwnFields<'RequestDeposit'>>, string]>([
    ['of an unknown asset', { asset: 'mNONE' }, 'UNKNOWN_ASSET'],
    ['of nothing', { amount: 0n }, 'AMOUNT_INVALID'],
    ['expired now', { expiresAt: start }, 'REQUEST_EXPIRED'],
    ['expiring in a second', { expiresAt: start + 1 }, 'OK'],
    ['expiring after a year', { expiresAt: start + 31_536_001 }, 'INVALID_FIELD'],
    ['of nothing, expired', { amount: 0n, expiresAt: start }, 'REQUEST_EXPIRED'],
    ['of nothing, expiring after a year', { amount: 0n, expiresAt: start + 31_536_001 }, 'AMOUNT_INVALID'],
    ['of an unknown lot', { lot: UNKNOWN_ID }, 'UNKNOWN_LOT'],
  ])('%s', (_name, change, code) => {
    const fields = { lot: NEW_LOT, asset: 'mUSD', amount: 100n, reference: '', expiresAt: 0 };
    expect(new TestChain().run('alice', 'RequestDeposit', { ...fields, ...change }).code).toBe(code);
  });

  test('of an asset without gateways, and with too many requests open', () => {
    const chain = new TestChain();
    enact(chain, 'ProposeAsset', {
      asset: 'mOLD',
      name: 'Old',
      decimals: 2,
      gateways: [],
      threshold: 0,
      minLevel: 0,
      transferMode: 'IMMEDIATE',
      activationHeight: 0,
    });
    expect(askDeposit(chain, 'alice', { asset: 'mOLD' }).code).toBe('INVALID_FIELD');
    chain.write((state) => {
      const account = state.get(accountTable, addressOf('alice'));
      if (account !== undefined) state.set(accountTable, addressOf('alice'), { ...account, openLots: 64 });
    });
    expect([askDeposit(chain, 'alice').code, askDeposit(chain, 'alice', { amount: 0n }).code]).toEqual([
      'LIMIT_EXCEEDED',
      'LIMIT_EXCEEDED',
    ]);
  });
});

describe('an amendment of a deposit', () => {
  const fields = { asset: 'mUSD', amount: 70n, reference: 'new', expiresAt: 0 };
  const start = new TestChain().nowSec;

  test('replaces amount, reference and expiry', () => {
    const chain = new TestChain();
    const { id } = askDeposit(chain, 'alice');
    const { code, records } = chain.run('alice', 'RequestDeposit', { ...fields, lot: lotField(id), expiresAt: start + 50 });
    expect([code, records, chain.holding('alice', 'mUSD').pendingIn]).toEqual(['OK', ['S1 E01 70 mUSD amend'], 70n]);
    expect(chain.lot(id)).toMatchObject({ state: 1, amount: 0n, requested: 70n, revision: 1, reference: 'new', expiresAt: start + 50 });
    expect([confirm(chain, id, { amount: 70n }).code, confirm(chain, id, { amount: 70n, revision: 1 }).code]).toEqual([
      'STALE_REVISION',
      'OK',
    ]);
  });

  test.each<[string, string, Partial<OwnFields<'RequestDeposit'>>, string]>([
    ['by a stranger', 'bob', {}, 'NOT_PERMITTED'],
    ['by the gateway', 'gateway', {}, 'NOT_PERMITTED'],
    ['to nothing', 'alice', { amount: 0n }, 'AMOUNT_INVALID'],
    ['to another asset', 'alice', { asset: 'mBOND' }, 'INVALID_FIELD'],
    ['to a time that is past', 'alice', { expiresAt: start }, 'REQUEST_EXPIRED'],
    ['to a time too far', 'alice', { expiresAt: start + 40_000_000 }, 'INVALID_FIELD'],
  ])('%s', (_name, who, change, code) => {
    const chain = new TestChain();
    const { id } = askDeposit(chain, 'alice');
    expect(chain.run(who, 'RequestDeposit', { ...fields, lot: lotField(id), ...change }).code).toBe(code);
    expect(lotFigures(chain, id)).toEqual([1, 0n, 0]);
  });
});

describe('ConfirmDeposit', () => {
  test.each<[string, string, Partial<OwnFields<'ConfirmDeposit'>>, string]>([
    ['all', 'gateway', {}, 'OK'],
    ['a part', 'gateway', { amount: 1n }, 'OK'],
    ['nothing', 'gateway', { amount: 0n }, 'AMOUNT_INVALID'],
    ['more than requested', 'gateway', { amount: 101n }, 'AMOUNT_INVALID'],
    ['another revision', 'gateway', { revision: 1 }, 'STALE_REVISION'],
    ['no reference', 'gateway', { externalRef: '' }, 'INVALID_FIELD'],
    ['no reference and nothing', 'gateway', { externalRef: '', amount: 0n }, 'AMOUNT_INVALID'],
    ['a used reference', 'gateway', { externalRef: 'in-1' }, 'REFERENCE_USED'],
    ['a used reference and nothing', 'gateway', { externalRef: 'in-1', amount: 0n }, 'REFERENCE_USED'],
    ['by the owner', 'alice', {}, 'NOT_PERMITTED'],
    ['by a gateway of another asset', 'gateway2', {}, 'NOT_PERMITTED'],
    ['by an arbiter', 'arbiter', {}, 'NOT_PERMITTED'],
  ])('%s', (_name, who, change, code) => {
    const chain = new TestChain();
    fund(chain, 'bob', 5n);
    const { id } = askDeposit(chain, 'alice');
    expect(confirm(chain, id, change, who).code).toBe(code);
    const minted = code === 'OK' ? (change.amount ?? 100n) : 0n;
    expect([chain.amount('alice', 'mUSD'), chain.supply('mUSD'), chain.lot(id)?.state]).toEqual([
      minted,
      minted + 5n,
      code === 'OK' ? 5 : 1,
    ]);
  });

  test('of a part ends the whole request', () => {
    const chain = new TestChain();
    const { id } = askDeposit(chain, 'alice');
    const { records } = confirm(chain, id, { amount: 60n });
    expect([records, chain.holding('alice', 'mUSD'), openLots(chain, 'alice')]).toEqual([
      ['S1 E03 60 mUSD confirm'],
      { amount: 60n, state: 5, pendingIn: 0n, pendingOut: 0n },
      0,
    ]);
    expect(chain.blocks.at(-1)?.records[0]?.business.externalRef).toBe('bank-1');
  });

  test('the same reference may settle another asset', () => {
    const chain = new TestChain();
    expect(confirm(chain, askDeposit(chain, 'alice').id).code).toBe('OK');
    expect(confirm(chain, askDeposit(chain, 'alice', { asset: 'mBOND' }).id).code).toBe('OK');
  });

  test('a reference of a deposit settles no withdrawal either', () => {
    const chain = new TestChain();
    confirm(chain, askDeposit(chain, 'alice').id);
    const { id } = askWithdrawal(chain);
    expect(chain.run('gateway', 'ConfirmWithdrawal', { lot: lotField(id), revision: 0, externalRef: 'bank-1' }).code).toBe(
      'REFERENCE_USED',
    );
  });

  test.each([
    [-1, 'OK'],
    [0, 'DFSM_ILLEGAL'],
    [1, 'DFSM_ILLEGAL'],
  ])('at expiry %i s is %s', (offset, code) => {
    const chain = new TestChain();
    const expiresAt = chain.nowSec + 10;
    const { id } = askDeposit(chain, 'alice', { expiresAt });
    const late = chain.transaction('gateway', 'ConfirmDeposit', { lot: lotField(id), revision: 0, amount: 100n, externalRef: 'x' });
    const block = chain.block([late], expiresAt + offset - chain.nowSec);
    expect([block.receipts[0]?.code, chain.supply('mUSD')]).toEqual([code, code === 'OK' ? 100n : 0n]);
    if (code !== 'OK') expect(block.records.map(({ state, input }) => [state, input])).toEqual([['S1', 'E02']]);
  });
});

describe('RejectDeposit', () => {
  test.each([
    ['the gateway with a reason', 'gateway', 0, 'no', 'OK'],
    ['the gateway without a reason', 'gateway', 0, '', 'INVALID_FIELD'],
    ['the owner', 'alice', 0, '', 'OK'],
    ['a stranger', 'bob', 0, 'no', 'NOT_PERMITTED'],
    ['an arbiter, while nothing is claimed', 'arbiter', 0, 'no', 'NOT_PERMITTED'],
    ['a gateway of another asset', 'gateway2', 0, 'no', 'NOT_PERMITTED'],
    ['the gateway, another revision', 'gateway', 1, 'no', 'STALE_REVISION'],
    ['the gateway, another revision and no reason', 'gateway', 1, '', 'STALE_REVISION'],
  ])('by %s', (_name, who, revision, reason, code) => {
    const chain = new TestChain();
    const { id } = askDeposit(chain, 'alice');
    expect(chain.run(who, 'RejectDeposit', { lot: lotField(id), revision, reason }).code).toBe(code);
    expect([chain.lot(id)?.state, chain.holding('alice', 'mUSD').pendingIn]).toEqual(code === 'OK' ? [0, 0n] : [1, 100n]);
  });

  test('of an unknown lot', () => {
    expect(new TestChain().run('gateway', 'RejectDeposit', { lot: UNKNOWN_ID, revision: 0, reason: 'x' }).code).toBe('UNKNOWN_LOT');
  });
});

describe('two of two gateways', () => {
  const start = () => {
    const chain = new TestChain();
    const { id } = askDeposit(chain, 'alice', { asset: 'mBTC' });
    const say = (name: string, change: Partial<OwnFields<'ConfirmDeposit'>> = {}) => confirm(chain, id, change, name);
    return { chain, id, say };
  };

  test('mint with the second statement, which alone is recorded', () => {
    const { chain, id, say } = start();
    const first = say('gateway');
    expect([first.code, first.records, chain.lot(id)?.confirmations.length, chain.amount('alice', 'mBTC')]).toEqual(['OK', [], 1, 0n]);
    const second = say('gateway2');
    expect([second.code, second.records, lotFigures(chain, id), chain.lot(id)?.confirmations]).toEqual([
      'OK',
      ['S1 E03 100 mBTC confirm'],
      [5, 0n, 0],
      [],
    ]);
    expect([chain.amount('alice', 'mBTC'), chain.supply('mBTC')]).toEqual([100n, 100n]);
  });

  test.each<[string, Partial<OwnFields<'ConfirmDeposit'>>]>([
    ['amount', { amount: 99n }],
    ['reference', { externalRef: 'bank-2' }],
  ])('that differ in %s do not add up, until one of them says the same', (_name, change) => {
    const { chain, say } = start();
    say('gateway');
    expect([say('gateway2', change).code, chain.amount('alice', 'mBTC')]).toEqual(['OK', 0n]);
    expect([say('gateway', change).code, chain.amount('alice', 'mBTC')]).toEqual(['OK', change.amount ?? 100n]);
  });

  test('one gateway saying it twice is ALREADY_CLAIMED, and its newer statement replaces the older', () => {
    const { chain, id, say } = start();
    say('gateway');
    expect([say('gateway').code, say('gateway', { amount: 50n }).code]).toEqual(['ALREADY_CLAIMED', 'OK']);
    expect(chain.lot(id)?.confirmations.map(({ amount }) => amount)).toEqual([50n]);
    expect([say('gateway2').code, chain.amount('alice', 'mBTC')]).toEqual(['OK', 0n]);
    expect([say('gateway2', { amount: 50n }).code, chain.amount('alice', 'mBTC')]).toEqual(['OK', 50n]);
  });

  test('saying it twice with no amount is about the amount', () => {
    const { say } = start();
    expect([say('gateway').code, say('gateway', { amount: 0n }).code]).toEqual(['OK', 'AMOUNT_INVALID']);
  });

  test('an amendment voids what was said', () => {
    const { chain, id, say } = start();
    say('gateway');
    chain.run('alice', 'RequestDeposit', { lot: lotField(id), asset: 'mBTC', amount: 100n, reference: '', expiresAt: 0 });
    expect([
      chain.lot(id)?.confirmations,
      say('gateway2').code,
      say('gateway2', { revision: 1 }).code,
      chain.amount('alice', 'mBTC'),
    ]).toEqual([[], 'STALE_REVISION', 'OK', 0n]);
  });

  const change = { asset: 'mBTC', name: 'Bitcoin', decimals: 8, minLevel: 0, transferMode: 'IMMEDIATE', activationHeight: 0 };

  test('the statement of a gateway removed since counts no more', () => {
    const { chain, id, say } = start();
    chain.run('registrar', 'SetMember', {
      member: addressOf('bob'),
      level: 3,
      levelExpiresAt: 0,
      credentialHash: UNKNOWN_ID,
      jurisdiction: '',
    });
    say('gateway');
    enact(chain, 'ProposeAsset', { ...change, gateways: [addressOf('gateway2'), addressOf('bob')], threshold: 2 });
    expect([say('gateway').code, say('gateway2').code, chain.amount('alice', 'mBTC')]).toEqual(['NOT_PERMITTED', 'OK', 0n]);
    expect([say('bob').code, chain.amount('alice', 'mBTC'), chain.lot(id)?.state]).toEqual(['OK', 100n, 5]);
  });

  test('a lower threshold is enough for the next statement', () => {
    const { chain, say } = start();
    enact(chain, 'ProposeAsset', { ...change, gateways: [addressOf('gateway'), addressOf('gateway2')], threshold: 1 });
    expect([say('gateway').code, chain.amount('alice', 'mBTC')]).toEqual(['OK', 100n]);
  });

  const three = [addressOf('gateway'), addressOf('gateway2'), addressOf('bob')];
  test.each([
    ['to what has been said', 3, ['gateway', 'gateway2'], 2, three, 'gateway', 'OK'],
    ['below what has been said', 3, ['gateway', 'gateway2'], 1, three, 'gateway2', 'OK'],
    ['and one of two removed', 2, ['gateway'], 1, three.slice(0, 1), 'gateway', 'OK'],
    ['to more than has been said', 3, ['gateway'], 2, three, 'gateway', 'ALREADY_CLAIMED'],
    ['to more than the remaining gateways have said', 3, ['gateway', 'gateway2'], 2, three.slice(1), 'gateway2', 'ALREADY_CLAIMED'],
  ])('a threshold lowered %s lets who has spoken complete it', (_name, before, said, threshold, gateways, who, code) => {
    const { chain, id, say } = start();
    const institution = { member: addressOf('bob'), level: 3, levelExpiresAt: 0, credentialHash: UNKNOWN_ID, jurisdiction: '' };
    chain.run('registrar', 'SetMember', institution);
    enact(chain, 'ProposeAsset', { ...change, gateways: three, threshold: before });
    for (const name of said) say(name);
    enact(chain, 'ProposeAsset', { ...change, gateways, threshold });
    const done = code === 'OK';
    const run = say(who);
    expect([run.code, run.records, chain.lot(id)?.state, chain.supply('mBTC')]).toEqual([
      code,
      done ? ['S1 E03 100 mBTC confirm'] : [],
      done ? 5 : 1,
      done ? 100n : 0n,
    ]);
  });

  test('a lowered threshold lets a payout be completed by who has spoken', () => {
    const { chain, say } = start();
    say('gateway');
    say('gateway2');
    const { id } = askWithdrawal(chain, { asset: 'mBTC' });
    const pay = () => chain.run('gateway', 'ConfirmWithdrawal', { lot: lotField(id), revision: 0, externalRef: 'out' });
    expect([pay().code, pay().code]).toEqual(['OK', 'ALREADY_CLAIMED']);
    enact(chain, 'ProposeAsset', { ...change, gateways: [addressOf('gateway'), addressOf('gateway2')], threshold: 1 });
    expect([pay().records, chain.lot(id)?.state, chain.supply('mBTC')]).toEqual([['S4 E12 40 mBTC confirm'], 6, 60n]);
  });

  test('a reference used meanwhile settles nothing more', () => {
    const { chain, say } = start();
    const other = askDeposit(chain, 'bob', { asset: 'mBTC' }).id;
    say('gateway');
    confirm(chain, other, {}, 'gateway');
    confirm(chain, other, {}, 'gateway2');
    expect([say('gateway2').code, chain.supply('mBTC')]).toEqual(['REFERENCE_USED', 100n]);
  });

  test('pay out together as well', () => {
    const { chain, say } = start();
    say('gateway');
    say('gateway2');
    const { id } = askWithdrawal(chain, { asset: 'mBTC' });
    const pay = (name: string, externalRef = 'out') =>
      chain.run(name, 'ConfirmWithdrawal', { lot: lotField(id), revision: 0, externalRef });
    const first = pay('gateway');
    expect([first.code, first.records, pay('gateway').code, pay('gateway2', 'other').code, chain.lot(id)?.state]).toEqual([
      'OK',
      [],
      'ALREADY_CLAIMED',
      'OK',
      4,
    ]);
    expect([pay('gateway2').records, chain.lot(id)?.state, chain.supply('mBTC')]).toEqual([['S4 E12 40 mBTC confirm'], 6, 60n]);
  });
});

describe('RequestDepositFor', () => {
  const fields = { owner: addressOf('alice'), lot: NEW_LOT, asset: 'mUSD', amount: 100n, reference: 'standing order', expiresAt: 0 };
  const authorize = (chain: TestChain, allowed = true, gateway = 'gateway', asset = 'mUSD') =>
    chain.run('alice', 'AuthorizeDeposits', { gateway: addressOf(gateway), asset, allowed }).code;

  test('opens a deposit in the name of who has allowed it', () => {
    const chain = new TestChain();
    expect(authorize(chain)).toBe('OK');
    const { id, code, records } = chain.run('gateway', 'RequestDepositFor', fields);
    expect([code, records, openLots(chain, 'alice'), chain.holding('alice', 'mUSD').pendingIn]).toEqual([
      'OK',
      ['S0 E01 100 mUSD request'],
      1,
      100n,
    ]);
    expect(chain.lot(id)).toMatchObject({ owner: addressOf('alice'), requester: addressOf('gateway') });
    expect(chain.blocks.at(-1)?.records[0]?.transaction).toMatchObject({ to: addressOf('alice'), actor: addressOf('gateway') });
  });

  test('is amended by the gateway, not by the owner, who may cancel it', () => {
    const chain = new TestChain();
    authorize(chain);
    const { id } = chain.run('gateway', 'RequestDepositFor', fields);
    const terms = { lot: lotField(id), asset: 'mUSD', amount: 50n, reference: '', expiresAt: 0 };
    expect(chain.run('alice', 'RequestDeposit', terms).code).toBe('NOT_PERMITTED');
    expect(chain.run('gateway', 'RequestDepositFor', { ...fields, ...terms }).records).toEqual(['S1 E01 50 mUSD amend']);
    expect(chain.run('gateway', 'RequestDeposit', terms).code).toBe('NOT_PERMITTED');
    expect(chain.run('alice', 'RejectDeposit', { lot: lotField(id), revision: 1, reason: '' }).code).toBe('OK');
  });

  test.each<[string, (chain: TestChain) => unknown, string, object, string]>([
    ['without leave', () => undefined, 'gateway', {}, 'NOT_PERMITTED'],
    ['with leave taken back', (chain) => [authorize(chain), authorize(chain, false)], 'gateway', {}, 'NOT_PERMITTED'],
    ['with leave for another asset', (chain) => authorize(chain, true, 'gateway', 'mBOND'), 'gateway', {}, 'NOT_PERMITTED'],
    ['with another gateway’s leave', (chain) => authorize(chain), 'gateway2', {}, 'NOT_PERMITTED'],
    ['for somebody else', (chain) => authorize(chain), 'gateway', { owner: addressOf('bob') }, 'NOT_PERMITTED'],
    ['of an unknown asset', (chain) => authorize(chain), 'gateway', { asset: 'mNONE' }, 'NOT_PERMITTED'],
    ['of nothing', (chain) => authorize(chain), 'gateway', { amount: 0n }, 'AMOUNT_INVALID'],
    ['of an unknown lot', (chain) => authorize(chain), 'gateway', { lot: UNKNOWN_ID }, 'UNKNOWN_LOT'],
  ])('%s', (_name, prepare, who, change, code) => {
    const chain = new TestChain();
    prepare(chain);
    expect(chain.run(who, 'RequestDepositFor', { ...fields, ...change }).code).toBe(code);
  });

  test('by a gateway that is none any more, though allowed', () => {
    const chain = new TestChain();
    authorize(chain);
    chain.write((state) => {
      const asset = state.get(assetTable, 'mUSD');
      if (asset !== undefined) state.set(assetTable, 'mUSD', { ...asset, gateways: [{ address: addressOf('gateway2') }] });
    });
    expect(chain.run('gateway', 'RequestDepositFor', fields).code).toBe('NOT_PERMITTED');
  });

  test.each([
    ['a gateway', 'gateway', 'mUSD', true, 'OK'],
    ['who is no gateway', 'bob', 'mUSD', true, 'INVALID_COUNTERPARTY'],
    ['a gateway of another asset', 'gateway2', 'mUSD', true, 'INVALID_COUNTERPARTY'],
    ['who is no gateway, taking it back', 'bob', 'mUSD', false, 'OK'],
    ['a gateway for an unknown asset', 'gateway', 'mNONE', true, 'UNKNOWN_ASSET'],
  ])('AuthorizeDeposits for %s', (_name, gateway, asset, allowed, code) => {
    expect(authorize(new TestChain(), allowed, gateway, asset)).toBe(code);
  });
});

describe('MTN through its gateway', () => {
  const MTN = 10n ** 18n;
  const bridge = (chain: TestChain) => chain.read(holdingTable, { owner: bridgeEscrow(cryptography), asset: 'MTN' })?.amount ?? 0n;
  const out = (chain: TestChain, amount: bigint) => {
    const { id } = askWithdrawal(chain, { asset: 'MTN', amount });
    return chain.run('gateway', 'ConfirmWithdrawal', { lot: lotField(id), revision: 0, externalRef: `out-${chain.header.height}` });
  };

  test('is neither burned nor minted: it waits in the bridge escrow', () => {
    const chain = new TestChain();
    const supply = chain.supply('MTN');
    const gone = out(chain, 30n);
    expect([gone.code, gone.records, bridge(chain), chain.supply('MTN')]).toEqual(['OK', ['S4 E12 30 MTN confirm'], 30n, supply]);
    expect(chain.blocks.at(-1)?.records[0]?.transaction.to).toEqual(bridgeEscrow(cryptography));
    const { id } = askDeposit(chain, 'bob', { asset: 'MTN', amount: 30n });
    const back = confirm(chain, id, { amount: 20n });
    expect([back.code, bridge(chain), chain.supply('MTN'), chain.amount('bob', 'MTN')]).toEqual(['OK', 10n, supply, 1000n * MTN + 20n]);
    expect(chain.blocks.at(-1)?.records[0]?.transaction.from).toEqual(bridgeEscrow(cryptography));
  });

  test('comes back only as far as it went out', () => {
    const chain = new TestChain();
    out(chain, 30n);
    const { id } = askDeposit(chain, 'bob', { asset: 'MTN', amount: 40n });
    expect([confirm(chain, id, { amount: 31n }).code, confirm(chain, id, { amount: 31n, externalRef: '' }).code]).toEqual([
      'INSUFFICIENT_BALANCE',
      'INSUFFICIENT_BALANCE',
    ]);
    expect(confirm(chain, id, { amount: 30n }).code).toBe('OK');
  });
});
