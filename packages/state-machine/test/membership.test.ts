import { EMPTY_ACCOUNT, FREEZE, ROLES } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { accountTable, membershipTable, stakeEscrow } from '../src/index.ts';
import { enact } from './support/consortium.ts';
import { askDeposit, askTransfer, fund, lotField } from './support/requests.ts';
import { addressOf, cryptography, START_SEC, TestChain, testGenesis } from './support/test-chain.ts';

/*
 * Goal: who may join and leave, what that does to stake and level, and what a registrar may set.
 * Method: one chain a rule; code, records and every entry that changes are compared.
 */

const MTN = 10n ** 18n;
const ZERO = new Uint8Array(20) as never;
const HASH = new Uint8Array(32).fill(5) as never;
const escrow = stakeEscrow(cryptography);

const member = (name: string, level: number, levelExpiresAt = 0) => ({
  member: addressOf(name),
  level,
  levelExpiresAt,
  credentialHash: HASH,
  jurisdiction: 'CH',
});

describe('Join', () => {
  test('locks the stake with two records and raises a newcomer to level 1', () => {
    const chain = new TestChain();
    const joined = chain.run('newcomer', 'Join', {});
    expect([joined.code, joined.records]).toEqual(['OK', [`S5 E04 ${MTN} MTN join`, `S2 E06 ${MTN} MTN join`]]);
    expect(chain.read(accountTable, addressOf('newcomer'))).toEqual({ ...EMPTY_ACCOUNT, nonce: 1, level: 1 });
    expect(chain.read(membershipTable, addressOf('newcomer'))).toEqual({
      stake: MTN,
      joinedAt: START_SEC + 1,
      credentialHash: new Uint8Array(32),
      jurisdiction: '',
      registrar: ZERO,
    });
    expect([chain.amount('newcomer', 'MTN'), chain.supply('MTN')]).toEqual([999n * MTN, 14_000n * MTN]);
    const [out, into] = chain.blocks[0]?.records ?? [];
    expect([out?.transaction.from, out?.transaction.to, into?.transaction.to, into?.business.product]).toEqual([
      addressOf('newcomer'),
      escrow,
      escrow,
      'membership',
    ]);
  });

  test('leaves a higher level and what is on file as they are', () => {
    const chain = new TestChain();
    chain.run('registrar', 'SetMember', member('alice', 2, START_SEC + 9999));
    chain.run('alice', 'Join', {});
    expect(chain.read(accountTable, addressOf('alice'))?.level).toBe(2);
    expect(chain.read(membershipTable, addressOf('alice'))).toMatchObject({ stake: MTN, jurisdiction: 'CH', credentialHash: HASH });
  });

  test('twice is ALREADY_MEMBER', () => {
    const chain = new TestChain();
    expect([chain.run('newcomer', 'Join', {}).code, chain.run('newcomer', 'Join', {})]).toMatchObject([
      'OK',
      { code: 'ALREADY_MEMBER', records: [] },
    ]);
  });

  test('needs the stake', () => {
    const chain = new TestChain();
    expect([chain.run('stranger', 'Join', {}).code]).toEqual(['INSUFFICIENT_BALANCE']);
    const dear = new TestChain(
      testGenesis({ parameters: { feePerTransaction: '0', feePerByte: '0', joiningStake: String(1000n * MTN + 1n) } }),
    );
    expect(dear.run('newcomer', 'Join', {}).code).toBe('INSUFFICIENT_BALANCE');
    const exact = new TestChain(
      testGenesis({ parameters: { feePerTransaction: '0', feePerByte: '0', joiningStake: String(1000n * MTN) } }),
    );
    expect([exact.run('newcomer', 'Join', {}).code, exact.amount('newcomer', 'MTN')]).toEqual(['OK', 0n]);
  });

  test('where admission is the registrar’s, needs a level first', () => {
    const chain = new TestChain(testGenesis({ parameters: { feePerTransaction: '0', feePerByte: '0', admission: 'registrar' } }));
    expect(chain.run('newcomer', 'Join', {}).code).toBe('LEVEL_TOO_LOW');
    chain.run('registrar', 'SetMember', member('newcomer', 1));
    expect(chain.run('newcomer', 'Join', {}).code).toBe('OK');
  });

  test('is a way out of an account, so any freeze forbids it', () => {
    const chain = new TestChain();
    enact(chain, 'ProposeFreeze', {
      account: addressOf('newcomer'),
      asset: '',
      frozen: true,
      deep: false,
      legalHold: false,
      activationHeight: 0,
    });
    expect(chain.run('newcomer', 'Join', {}).code).toBe('FROZEN');
  });
});

describe('Leave', () => {
  test('returns the stake with two records and ends level 1', () => {
    const chain = new TestChain();
    chain.run('newcomer', 'Join', {});
    const left = chain.run('newcomer', 'Leave', {});
    expect([left.code, left.records]).toEqual(['OK', [`S5 E04 ${MTN} MTN leave`, `S2 E06 ${MTN} MTN leave`]]);
    expect(chain.read(accountTable, addressOf('newcomer'))).toEqual({ ...EMPTY_ACCOUNT, nonce: 2 });
    expect(chain.read(membershipTable, addressOf('newcomer'))).toMatchObject({ stake: 0n, joinedAt: 0 });
    expect(chain.amount('newcomer', 'MTN')).toBe(1000n * MTN);
    expect([chain.run('newcomer', 'Leave', {}).code, chain.run('newcomer', 'Join', {}).code]).toEqual(['NOT_A_MEMBER', 'OK']);
  });

  test('returns what was staked, not what joining costs by now', () => {
    const chain = new TestChain();
    chain.run('newcomer', 'Join', {});
    enact(chain, 'ProposeParameter', { name: 'joiningStake', value: String(5n * MTN), activationHeight: 0 });
    chain.run('newcomer', 'Leave', {});
    expect(chain.amount('newcomer', 'MTN')).toBe(1000n * MTN);
  });

  test('keeps a level that rests on the registrar’s finding', () => {
    const chain = new TestChain();
    chain.run('alice', 'Join', {});
    chain.run('alice', 'Leave', {});
    expect(chain.read(accountTable, addressOf('alice'))?.level).toBe(2);
  });

  test('by somebody who has not joined is NOT_A_MEMBER', () => {
    expect(new TestChain().run('alice', 'Leave', {}).code).toBe('NOT_A_MEMBER');
  });

  const joinedAlice = (): TestChain => {
    const chain = new TestChain();
    chain.run('alice', 'Join', {});
    fund(chain, 'alice');
    return chain;
  };

  test('waits for an open request', () => {
    const chain = joinedAlice();
    const { id } = askTransfer(chain);
    const open = chain.run('alice', 'Leave', {}).code;
    chain.run('alice', 'RejectTransfer', { lot: lotField(id), revision: 0, reason: '' });
    expect([open, chain.run('alice', 'Leave', {}).code]).toEqual(['OBLIGATIONS_OPEN', 'OK']);
  });

  test('waits for debts, on either side', () => {
    const chain = joinedAlice();
    chain.run('bob', 'Join', {});
    const parties = { lender: addressOf('alice'), borrower: addressOf('bob') };
    const terms = { asset: 'mUSD', amount: 40n, termsHash: HASH, dueAt: chain.nowSec + 1000, expiresAt: 0 };
    const { id } = chain.run('alice', 'RequestCredit', { lot: lotField(new Uint8Array(32)), ...parties, ...terms });
    chain.run('bob', 'ConfirmCredit', { lot: lotField(id), revision: 0, termsHash: HASH });
    const during = ['alice', 'bob'].map((name) => chain.run(name, 'Leave', {}).code);
    chain.run('bob', 'RepayCredit', { debt: lotField(id), amount: 39n });
    const almost = ['alice', 'bob'].map((name) => chain.run(name, 'Leave', {}).code);
    chain.run('bob', 'RepayCredit', { debt: lotField(id), amount: 1n });
    const after = ['alice', 'bob'].map((name) => chain.run(name, 'Leave', {}).code);
    expect([during, almost, after]).toEqual([
      ['OBLIGATIONS_OPEN', 'OBLIGATIONS_OPEN'],
      ['OBLIGATIONS_OPEN', 'OBLIGATIONS_OPEN'],
      ['OK', 'OK'],
    ]);
  });

  test('waits until roles are given back', () => {
    const chain = new TestChain();
    chain.run('arbiter', 'Join', {});
    const before = chain.run('arbiter', 'Leave', {}).code;
    enact(chain, 'ProposeRole', { account: addressOf('arbiter'), role: 'arbiter', grant: false });
    expect([before, chain.run('arbiter', 'Leave', {}).code]).toEqual(['OBLIGATIONS_OPEN', 'OK']);
  });

  test.each([
    ['shallow', { deep: false, legalHold: false }, 'OK'],
    ['deep', { deep: true, legalHold: false }, 'FROZEN'],
    ['legal hold', { deep: false, legalHold: true }, 'FROZEN'],
  ])('under a %s freeze is %s: the stake would be a payment in', (_name, depth, code) => {
    const chain = new TestChain();
    chain.run('newcomer', 'Join', {});
    enact(chain, 'ProposeFreeze', { account: addressOf('newcomer'), asset: '', frozen: true, ...depth, activationHeight: 0 });
    expect(chain.run('newcomer', 'Leave', {}).code).toBe(code);
  });
});

describe('SetMember', () => {
  test('sets level, expiry and what is on file', () => {
    const chain = new TestChain();
    const set = chain.run('registrar', 'SetMember', member('newcomer', 2, START_SEC + 1000));
    expect([set.code, set.records]).toEqual(['OK', []]);
    expect(chain.read(accountTable, addressOf('newcomer'))).toEqual({ ...EMPTY_ACCOUNT, level: 2, levelExpiresAt: START_SEC + 1000 });
    expect(chain.read(membershipTable, addressOf('newcomer'))).toEqual({
      stake: 0n,
      joinedAt: 0,
      credentialHash: HASH,
      jurisdiction: 'CH',
      registrar: addressOf('registrar'),
    });
  });

  test('keeps stake and time of joining', () => {
    const chain = new TestChain();
    chain.run('newcomer', 'Join', {});
    chain.run('registrar', 'SetMember', member('newcomer', 2));
    expect(chain.read(membershipTable, addressOf('newcomer'))).toMatchObject({ stake: MTN, joinedAt: START_SEC + 1, jurisdiction: 'CH' });
  });

  test.each([
    ['a stranger', 'alice', member('newcomer', 2), 'NOT_PERMITTED'],
    ['an arbiter', 'arbiter', member('newcomer', 2), 'NOT_PERMITTED'],
    ['the registrar, level 3', 'registrar', member('newcomer', 3), 'OK'],
    ['the registrar, level 4', 'registrar', member('newcomer', 4), 'INVALID_FIELD'],
    ['the registrar, expired now', 'registrar', member('newcomer', 2, START_SEC + 1), 'INVALID_FIELD'],
    ['the registrar, expiring in a second', 'registrar', member('newcomer', 2, START_SEC + 2), 'OK'],
    ['the registrar, nobody', 'registrar', { ...member('newcomer', 2), member: ZERO }, 'INVALID_COUNTERPARTY'],
    ['the registrar, an escrow', 'registrar', { ...member('newcomer', 4), member: escrow }, 'INVALID_COUNTERPARTY'],
    ['a stranger, nobody', 'alice', { ...member('newcomer', 2), member: ZERO }, 'NOT_PERMITTED'],
  ])('by %s', (_name, sender, fields, code) => {
    expect(new TestChain().run(sender, 'SetMember', fields).code).toBe(code);
  });
});

test('SetAccount sets what an account decides for itself', () => {
  const chain = new TestChain();
  expect(chain.run('newcomer', 'SetAccount', { autoAccept: false, dailyLimit: 7n }).code).toBe('OK');
  expect(chain.read(accountTable, addressOf('newcomer'))).toEqual({ ...EMPTY_ACCOUNT, nonce: 1, autoAccept: false, dailyLimit: 7n });
});

test('roles at genesis and by governance are bits side by side', () => {
  const chain = new TestChain();
  enact(chain, 'ProposeRole', { account: addressOf('registrar'), role: 'auditor', grant: true });
  expect(chain.read(accountTable, addressOf('registrar'))?.roles).toBe(ROLES.registrar | ROLES.auditor);
  expect([chain.read(accountTable, addressOf('alice'))?.freeze, askDeposit(chain, 'stranger').code]).toEqual([FREEZE.none, 'OK']);
});
