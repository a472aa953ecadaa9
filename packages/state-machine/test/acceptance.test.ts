import { describe, expect, test } from 'vitest';
import { addressOf, NEW_LOT, TestChain } from './support/test-chain.ts';

/* Goal: the acceptance scenarios of the ledger, each as its user would tell it. Method: one chain a scenario, every record compared. */

const deposit = (chain: TestChain, name: string, amount: bigint, externalRef: string, asset = 'mUSD') => {
  const request = chain.run(name, 'RequestDeposit', { lot: NEW_LOT, asset, amount, reference: 'wire', expiresAt: 0 });
  const confirm = chain.run('gateway', 'ConfirmDeposit', { lot: request.id as never, revision: 0, amount, externalRef });
  return { request, confirm };
};

const requestTransfer = (chain: TestChain, amount: bigint, expiresAt = 0) =>
  chain.run('alice', 'RequestTransfer', { lot: NEW_LOT, to: addressOf('bob'), asset: 'mUSD', amount, expiresAt, memo: 'rent' });

describe('ledger scenarios', () => {
  test('D1 a deposit of 100 that is confirmed leaves S5 and 100', () => {
    const chain = new TestChain();
    const { request, confirm } = deposit(chain, 'alice', 100n, 'bank-1');
    expect([request.code, request.records, confirm.code, confirm.records]).toEqual([
      'OK',
      ['S0 E01 100 mUSD request'],
      'OK',
      ['S1 E03 100 mUSD confirm'],
    ]);
    expect(chain.holding('alice', 'mUSD')).toEqual({ amount: 100n, state: 5, pendingIn: 0n, pendingOut: 0n });
    expect(chain.supply('mUSD')).toBe(100n);
    expect(chain.lot(request.id)).toMatchObject({ state: 5, amount: 0n });
  });

  test('D2 a rejected deposit leaves S0 and no supply, and a retry works', () => {
    const chain = new TestChain();
    const request = chain.run('alice', 'RequestDeposit', { lot: NEW_LOT, asset: 'mUSD', amount: 100n, reference: '', expiresAt: 0 });
    expect(chain.holding('alice', 'mUSD')).toEqual({ amount: 0n, state: 0, pendingIn: 100n, pendingOut: 0n });
    const reject = chain.run('gateway', 'RejectDeposit', { lot: request.id as never, revision: 0, reason: 'no money came' });
    expect(reject.records).toEqual(['S1 E02 100 mUSD reject (no money came)']);
    expect(chain.holding('alice', 'mUSD')).toEqual({ amount: 0n, state: 0, pendingIn: 0n, pendingOut: 0n });
    expect([chain.supply('mUSD'), chain.lot(request.id)?.state]).toEqual([0n, 0]);
    expect(deposit(chain, 'alice', 100n, 'bank-2').confirm.code).toBe('OK');
    expect(chain.amount('alice', 'mUSD')).toBe(100n);
  });

  test('D3 a rejected top-up of 50 leaves the 100 that were there', () => {
    const chain = new TestChain();
    deposit(chain, 'alice', 100n, 'bank-1');
    const topUp = chain.run('alice', 'RequestDeposit', { lot: NEW_LOT, asset: 'mUSD', amount: 50n, reference: '', expiresAt: 0 });
    expect(topUp.records).toEqual(['S5 E01 50 mUSD request']);
    chain.run('gateway', 'RejectDeposit', { lot: topUp.id as never, revision: 0, reason: 'bounced' });
    expect(chain.holding('alice', 'mUSD')).toEqual({ amount: 100n, state: 5, pendingIn: 0n, pendingOut: 0n });
  });

  test('D4 of two deposits in flight one is confirmed and one rejected', () => {
    const chain = new TestChain();
    const fifty = chain.run('alice', 'RequestDeposit', { lot: NEW_LOT, asset: 'mUSD', amount: 50n, reference: 'a', expiresAt: 0 });
    const seventy = chain.run('alice', 'RequestDeposit', { lot: NEW_LOT, asset: 'mUSD', amount: 70n, reference: 'b', expiresAt: 0 });
    expect(chain.holding('alice', 'mUSD').pendingIn).toBe(120n);
    chain.run('gateway', 'ConfirmDeposit', { lot: seventy.id as never, revision: 0, amount: 70n, externalRef: 'bank-70' });
    chain.run('gateway', 'RejectDeposit', { lot: fifty.id as never, revision: 0, reason: 'unknown sender' });
    expect(chain.holding('alice', 'mUSD')).toEqual({ amount: 70n, state: 5, pendingIn: 0n, pendingOut: 0n });
  });

  test('D5 a transfer of 30 of 100 gives 100 when rejected, 70 and 30 when confirmed', () => {
    const chain = new TestChain();
    deposit(chain, 'alice', 100n, 'bank-1');
    const first = requestTransfer(chain, 30n);
    expect([chain.holding('alice', 'mUSD'), chain.holding('bob', 'mUSD')]).toEqual([
      { amount: 70n, state: 5, pendingIn: 0n, pendingOut: 30n },
      { amount: 0n, state: 0, pendingIn: 30n, pendingOut: 0n },
    ]);
    const reject = chain.run('bob', 'RejectTransfer', { lot: first.id as never, revision: 0, reason: 'not mine' });
    expect(reject.records).toEqual(['S2 E05 30 mUSD reject (not mine)']);
    expect(chain.amount('alice', 'mUSD')).toBe(100n);
    const second = requestTransfer(chain, 30n);
    const confirm = chain.run('bob', 'ConfirmTransfer', { lot: second.id as never, revision: 0, amount: 30n });
    expect(confirm.records).toEqual(['S2 E06 30 mUSD confirm']);
    expect([chain.amount('alice', 'mUSD'), chain.amount('bob', 'mUSD'), chain.supply('mUSD')]).toEqual([70n, 30n, 100n]);
  });

  test('D6 a confirm that quotes revision 0 after an amendment is STALE_REVISION', () => {
    const chain = new TestChain();
    deposit(chain, 'alice', 100n, 'bank-1');
    const { id } = requestTransfer(chain, 30n);
    const amend = { lot: id as never, to: addressOf('bob'), asset: 'mUSD', amount: 40n, expiresAt: 0, memo: 'rent and heat' };
    expect(chain.run('alice', 'RequestTransfer', amend).records).toEqual(['S2 E04 40 mUSD amend']);
    expect(chain.holding('alice', 'mUSD')).toEqual({ amount: 60n, state: 5, pendingIn: 0n, pendingOut: 40n });
    expect(chain.run('bob', 'ConfirmTransfer', { lot: id as never, revision: 0, amount: 40n }).code).toBe('STALE_REVISION');
    expect(chain.run('bob', 'ConfirmTransfer', { lot: id as never, revision: 1, amount: 40n }).code).toBe('OK');
    expect([chain.amount('alice', 'mUSD'), chain.amount('bob', 'mUSD')]).toEqual([60n, 40n]);
  });

  test('D7 a confirm of 25 of 40 gives 25 to the payee and 15 back', () => {
    const chain = new TestChain();
    deposit(chain, 'alice', 100n, 'bank-1');
    const { id } = requestTransfer(chain, 40n);
    const confirm = chain.run('bob', 'ConfirmTransfer', { lot: id as never, revision: 0, amount: 25n });
    expect(confirm.records).toEqual(['S2 E06 25 mUSD confirm', 'S2 E05 15 mUSD partial (not accepted)']);
    expect([chain.holding('alice', 'mUSD'), chain.holding('bob', 'mUSD')]).toEqual([
      { amount: 75n, state: 5, pendingIn: 0n, pendingOut: 0n },
      { amount: 25n, state: 5, pendingIn: 0n, pendingOut: 0n },
    ]);
  });

  test('D8 the payer cannot confirm his own transfer', () => {
    const chain = new TestChain();
    deposit(chain, 'alice', 100n, 'bank-1');
    const { id } = requestTransfer(chain, 40n);
    expect(chain.run('alice', 'ConfirmTransfer', { lot: id as never, revision: 0, amount: 40n })).toMatchObject({
      code: 'NOT_PERMITTED',
      records: [],
    });
    expect(chain.lot(id)?.state).toBe(2);
  });

  test('D9 at its expiry a request is rejected by the system and a confirm fails', () => {
    const chain = new TestChain();
    deposit(chain, 'alice', 100n, 'bank-1');
    const expiresAt = chain.nowSec + 10;
    const { id } = requestTransfer(chain, 40n, expiresAt);
    const confirm = chain.transaction('bob', 'ConfirmTransfer', { lot: id as never, revision: 0, amount: 40n });
    const block = chain.block([confirm], 9);
    expect(chain.nowSec).toBe(expiresAt);
    expect(block.receipts.map(({ code }) => code)).toEqual(['DFSM_ILLEGAL']);
    expect(block.records.map(({ state, input, business }) => [state, input, business.reason])).toEqual([['S2', 'E05', 'expired']]);
    expect(chain.holding('alice', 'mUSD')).toEqual({ amount: 100n, state: 5, pendingIn: 0n, pendingOut: 0n });
  });

  test('D10 a withdrawal of 40 of 100 ends in S6, leaves 60 and a supply of 60', () => {
    const chain = new TestChain();
    deposit(chain, 'alice', 100n, 'bank-1');
    const fields = { lot: NEW_LOT, asset: 'mUSD', amount: 40n, destination: 'IBAN 1', expiresAt: 0 };
    const request = chain.run('alice', 'RequestWithdrawal', fields);
    expect(chain.holding('alice', 'mUSD')).toEqual({ amount: 60n, state: 5, pendingIn: 0n, pendingOut: 40n });
    const confirm = chain.run('gateway', 'ConfirmWithdrawal', { lot: request.id as never, revision: 0, externalRef: 'out-1' });
    expect([request.records, confirm.records]).toEqual([['S5 E10 40 mUSD request'], ['S4 E12 40 mUSD confirm']]);
    expect(chain.lot(request.id)).toMatchObject({ state: 6, amount: 40n });
    expect([chain.holding('alice', 'mUSD'), chain.supply('mUSD')]).toEqual([{ amount: 60n, state: 5, pendingIn: 0n, pendingOut: 0n }, 60n]);
  });

  test('D12 an external reference settles one request only', () => {
    const chain = new TestChain();
    deposit(chain, 'alice', 100n, 'bank-1');
    const lots = [40n, 20n].map((amount) =>
      chain.run('alice', 'RequestWithdrawal', { lot: NEW_LOT, asset: 'mUSD', amount, destination: 'IBAN 1', expiresAt: 0 }),
    );
    const codes = lots.map(
      ({ id }) => chain.run('gateway', 'ConfirmWithdrawal', { lot: id as never, revision: 0, externalRef: 'out-1' }).code,
    );
    expect(codes).toEqual(['OK', 'REFERENCE_USED']);
    expect(chain.supply('mUSD')).toBe(60n);
  });
});
