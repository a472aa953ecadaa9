import { type AccountName, addressOf, MEMBERS } from '../accounts.ts';
import { cents } from '../money.ts';
import { NEW_LOT, type Plan } from '../plan.ts';

const DEPOSIT = { lot: NEW_LOT, expiresAt: 0 } as const;

/** Money comes in: E01, and E02 or E03 by the gateway. */
export function deposits(plan: Plan): void {
  plan.chapter('Deposits', 'A member announces money, the gateway sees it arrive at its bank and mints it: S0 –E01→ S1 –E03→ S5.');
  const first = plan.send(
    'alice',
    'RequestDeposit',
    { ...DEPOSIT, asset: 'mUSD', amount: cents('1000'), reference: 'wire 1001' },
    { note: 'alice announces 1000.00 mUSD' },
  );
  const short = plan.send(
    'bob',
    'RequestDeposit',
    { ...DEPOSIT, asset: 'mUSD', amount: cents('500'), reference: 'wire 1002' },
    { note: 'bob announces 500.00 mUSD' },
  );
  const wrong = plan.send(
    'carol',
    'RequestDeposit',
    { ...DEPOSIT, asset: 'mUSD', amount: cents('700'), reference: 'wire 1003' },
    { note: 'carol announces 700.00 mUSD, but nothing will arrive' },
  );
  const amended = plan.send(
    'dave',
    'RequestDeposit',
    { ...DEPOSIT, asset: 'mUSD', amount: cents('300'), reference: 'wire 1004' },
    { note: 'dave announces 300.00 mUSD' },
  );

  plan.block();
  plan.send(
    'alice',
    'ConfirmDeposit',
    { lot: first, revision: 0, amount: cents('1000'), externalRef: 'bank-1001' },
    { note: 'alice tries to confirm her own deposit', expected: 'NOT_PERMITTED' },
  );
  plan.send(
    'gateway',
    'ConfirmDeposit',
    { lot: first, revision: 0, amount: cents('1000'), externalRef: 'bank-1001' },
    { note: 'the gateway confirms it' },
  );
  plan.send(
    'gateway',
    'ConfirmDeposit',
    { lot: short, revision: 0, amount: cents('600'), externalRef: 'bank-1002' },
    { note: 'the gateway tries to mint more than was asked for', expected: 'AMOUNT_INVALID' },
  );
  plan.send(
    'gateway',
    'ConfirmDeposit',
    { lot: short, revision: 0, amount: cents('480'), externalRef: 'bank-1002' },
    { note: 'in part: 20.00 were lost in bank charges' },
  );
  plan.send('gateway', 'RejectDeposit', { lot: wrong, revision: 0, reason: 'no money arrived' }, { note: 'rejected, with a reason' });
  plan.send(
    'dave',
    'RequestDeposit',
    { lot: amended, asset: 'mUSD', amount: cents('350'), reference: 'wire 1004', expiresAt: 0 },
    { note: 'dave amends his request to 350.00: revision 1' },
  );
  plan.send(
    'gateway',
    'ConfirmDeposit',
    { lot: amended, revision: 0, amount: cents('300'), externalRef: 'bank-1004' },
    { note: 'a confirm that quotes revision 0 comes too late', expected: 'STALE_REVISION' },
  );

  plan.block();
  plan.send(
    'gateway',
    'ConfirmDeposit',
    { lot: amended, revision: 1, amount: cents('350'), externalRef: 'bank-1001' },
    { note: 'a reference of the bank counts once', expected: 'REFERENCE_USED' },
  );
  plan.send('gateway', 'ClaimRequest', { lot: amended, revision: 1 }, { note: 'the gateway takes the request into processing' });
  plan.send(
    'dave',
    'RejectDeposit',
    { lot: amended, revision: 1, reason: 'changed my mind' },
    { note: 'so dave can no longer take it back', expected: 'ALREADY_CLAIMED' },
  );
  plan.send(
    'gateway',
    'ConfirmDeposit',
    { lot: amended, revision: 1, amount: cents('350'), externalRef: 'bank-1004' },
    { note: 'confirmed with the revision it has' },
  );
  plan.send(
    'gateway',
    'ConfirmDeposit',
    { lot: amended, revision: 1, amount: cents('350'), externalRef: 'bank-1005' },
    { note: 'twice is not possible: the lot is in S5', expected: 'DFSM_ILLEGAL' },
  );
  plan.send(
    'erin',
    'AuthorizeDeposits',
    { gateway: addressOf('gateway'), asset: 'mUSD', allowed: true },
    { note: 'erin lets the gateway open deposits in her name' },
  );

  fund(plan);
}

/** Everybody else gets what the rest of the story needs. */
function fund(plan: Plan): void {
  plan.block();
  const opened: { readonly owner: AccountName; readonly asset: string; readonly lot: ReturnType<Plan['send']>; readonly amount: bigint }[] =
    [];
  const open = (owner: AccountName, asset: string, amount: bigint) => {
    const reference = `${owner} ${asset}`;
    opened.push({ owner, asset, amount, lot: plan.send(owner, 'RequestDeposit', { ...DEPOSIT, asset, amount, reference }) });
  };
  for (const name of MEMBERS) open(name, 'mBOND', cents('2000'));
  for (const name of ['bob', 'carol', 'dave', 'frank'] as const) open(name, 'mUSD', cents('5000'));
  open('grace', 'mUSD', cents('100'));
  const forErin = plan.send(
    'gateway',
    'RequestDepositFor',
    { owner: addressOf('erin'), ...DEPOSIT, asset: 'mUSD', amount: cents('5000'), reference: 'standing order' },
    { note: 'the gateway opens a deposit for erin' },
  );
  plan.send(
    'gateway',
    'RequestDepositFor',
    { owner: addressOf('frank'), ...DEPOSIT, asset: 'mUSD', amount: cents('5000'), reference: 'standing order' },
    { note: 'frank has not allowed that', expected: 'NOT_PERMITTED' },
  );

  plan.block();
  for (const { owner, asset, lot, amount } of opened) {
    plan.send('gateway', 'ConfirmDeposit', { lot, revision: 0, amount, externalRef: `bank ${owner} ${asset}` });
  }
  plan.send('gateway', 'ConfirmDeposit', { lot: forErin, revision: 0, amount: cents('5000'), externalRef: 'bank erin mUSD' });
}
