import type { Bytes32 } from '@mutual-chain/protocol';
import { addressOf } from '../accounts.ts';
import { cents } from '../money.ts';
import { NEW_LOT, type Plan } from '../plan.ts';

const OPEN_SEC = 300;

/** Requests that nobody answers end at their second: the system issues E02, E05, E08 and E11. */
export function expiries(plan: Plan): void {
  plan.chapter(
    'Expiry',
    'Four requests expire at the same second t. Nothing happens at t − 1; in the first block at t the system ends them.',
  );
  const expiresAt = plan.nowSec + OPEN_SEC;
  plan.send(
    'alice',
    'RequestDeposit',
    { lot: NEW_LOT, asset: 'mUSD', amount: cents('10'), reference: 'never sent', expiresAt },
    { note: 'a deposit that will not come' },
  );
  const late = plan.send(
    'bob',
    'RequestTransfer',
    { lot: NEW_LOT, to: addressOf('carol'), asset: 'mUSD', amount: cents('20'), expiresAt, memo: '' },
    { note: 'a transfer that carol will see too late' },
  );
  const inTime = plan.send(
    'bob',
    'RequestTransfer',
    { lot: NEW_LOT, to: addressOf('dave'), asset: 'mUSD', amount: cents('21'), expiresAt, memo: '' },
    { note: 'one that dave takes at t − 1' },
  );
  plan.send(
    'carol',
    'RequestCredit',
    {
      lot: NEW_LOT,
      lender: addressOf('carol'),
      borrower: addressOf('erin'),
      asset: 'mUSD',
      amount: cents('30'),
      termsHash: new Uint8Array(32).fill(1) as Bytes32,
      dueAt: expiresAt + OPEN_SEC,
      expiresAt,
    },
    { note: 'an offer of credit that erin forgets' },
  );
  plan.send(
    'dave',
    'RequestWithdrawal',
    { lot: NEW_LOT, asset: 'mUSD', amount: cents('40'), destination: 'IBAN CH93', expiresAt },
    { note: 'a withdrawal the gateway does not get to' },
  );
  plan.send(
    'erin',
    'RequestTransfer',
    { lot: NEW_LOT, to: addressOf('frank'), asset: 'mUSD', amount: cents('1'), expiresAt: plan.nowSec, memo: '' },
    { note: 'a request that has expired when it is made', expected: 'REQUEST_EXPIRED' },
  );

  plan.blockAt(expiresAt - 1);
  plan.send('dave', 'ConfirmTransfer', { lot: inTime, revision: 0, amount: cents('21') }, { note: 'at t − 1 dave still can' });
  plan.blockAt(expiresAt);
  plan.send(
    'carol',
    'ConfirmTransfer',
    { lot: late, revision: 0, amount: cents('20') },
    { note: 'at t it is too late: the request has ended', expected: 'DFSM_ILLEGAL' },
  );
}
