import { addressOf } from '../accounts.ts';
import { cents } from '../money.ts';
import { NEW_LOT, type Plan } from '../plan.ts';

/** Requests without an answer yet: what the balances at the end show as pending. */
export function leftOpen(plan: Plan): void {
  plan.chapter('Left open', 'Three requests that nobody has answered when the story ends.');
  plan.send(
    'alice',
    'Transfer',
    { to: addressOf('bob'), asset: 'mBOND', amount: cents('75.50'), memo: '' },
    { note: 'bonds that bob has not taken yet' },
  );
  plan.send(
    'carol',
    'RequestWithdrawal',
    { lot: NEW_LOT, asset: 'mUSD', amount: cents('120'), destination: 'IBAN CH93', expiresAt: 0 },
    { note: 'a payout the gateway has not made yet' },
  );
  plan.send(
    'dave',
    'RequestDeposit',
    { lot: NEW_LOT, asset: 'mUSD', amount: cents('640'), reference: 'wire 2001', expiresAt: 0 },
    { note: 'a deposit on its way' },
  );
}
