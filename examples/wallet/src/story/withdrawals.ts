import { cents } from '../money.ts';
import { NEW_LOT, type Plan } from '../plan.ts';

/** Money goes out: E10, and E11 or E12 by the gateway. */
export function withdrawals(plan: Plan): void {
  plan.chapter('Withdrawals', 'A member asks for a payout, the gateway pays outside and burns: S5 –E10→ S4 –E12→ S6.');
  const request = { lot: NEW_LOT, asset: 'mUSD', destination: 'IBAN CH93', expiresAt: 0 } as const;
  const paid = plan.send('alice', 'RequestWithdrawal', { ...request, amount: cents('40') }, { note: 'alice asks for 40.00 mUSD' });
  const rejected = plan.send(
    'carol',
    'RequestWithdrawal',
    { ...request, amount: cents('60'), destination: 'IBAN closed' },
    { note: 'carol asks for 60.00 to an account that is closed' },
  );
  const amended = plan.send('dave', 'RequestWithdrawal', { ...request, amount: cents('100') }, { note: 'dave asks for 100.00' });
  plan.send('erin', 'SetAccount', { autoAccept: true, dailyLimit: cents('200') }, { note: 'erin limits herself to 200.00 a day' });
  plan.send(
    'erin',
    'RequestWithdrawal',
    { ...request, amount: cents('201') },
    { note: 'and the chain holds her to it', expected: 'LIMIT_EXCEEDED' },
  );

  plan.block();
  plan.send(
    'gateway',
    'RejectWithdrawal',
    { lot: rejected, revision: 0, reason: 'account closed' },
    { note: 'rejected: what was held is back in the main lot' },
  );
  plan.send(
    'dave',
    'RequestWithdrawal',
    { ...request, lot: amended, amount: cents('90') },
    { note: 'dave lowers his request: 10.00 return at once' },
  );
  plan.send(
    'gateway',
    'ClaimRequest',
    { lot: amended, revision: 0 },
    { note: 'the gateway claims what it saw before', expected: 'STALE_REVISION' },
  );
  plan.send('gateway', 'ClaimRequest', { lot: amended, revision: 1 }, { note: 'and then what is there' });
  plan.send(
    'dave',
    'RequestWithdrawal',
    { ...request, lot: amended, amount: cents('80') },
    { note: 'from now on dave cannot amend', expected: 'ALREADY_CLAIMED' },
  );
  plan.send(
    'alice',
    'ConfirmWithdrawal',
    { lot: paid, revision: 0, externalRef: 'swift-1' },
    {
      note: 'alice cannot say that she was paid',
      expected: 'NOT_PERMITTED',
    },
  );
  plan.send('gateway', 'ConfirmWithdrawal', { lot: paid, revision: 0, externalRef: 'swift-1' }, { note: 'paid: the lot is burned' });

  plan.block();
  plan.send(
    'gateway',
    'ConfirmWithdrawal',
    { lot: amended, revision: 1, externalRef: 'swift-1' },
    { note: 'a payment settles one request', expected: 'REFERENCE_USED' },
  );
  plan.send('gateway', 'ConfirmWithdrawal', { lot: amended, revision: 1, externalRef: 'swift-2' }, { note: 'paid with its own reference' });
  const closing = plan.send(
    'frank',
    'CloseHolding',
    { asset: 'mBOND', destination: 'IBAN FR76' },
    { note: 'frank takes all his bonds out' },
  );
  plan.block();
  plan.send(
    'gateway',
    'ConfirmWithdrawal',
    { lot: closing, revision: 0, externalRef: 'swift-3' },
    { note: 'and his holding is closed: S6' },
  );
  plan.send(
    'frank',
    'CloseHolding',
    { asset: 'mBOND', destination: 'IBAN FR76' },
    { note: 'there is nothing left', expected: 'AMOUNT_INVALID' },
  );
}
