import { addressOf } from '../accounts.ts';
import { cents } from '../money.ts';
import type { Plan } from '../plan.ts';

/** What no block takes: these leave no trace and cost nothing. */
export function admission(plan: Plan): void {
  plan.chapter('At the door', 'What cannot stand in a block never enters one: no receipt, no fee.');
  const pay = { to: addressOf('bob'), asset: 'mUSD', amount: cents('1'), memo: '' };
  plan.send('alice', 'Transfer', pay, { note: 'alice is ready to pay one base unit in fees', expected: 'FEE_TOO_LOW', maxFee: 1n });
  plan.send('alice', 'Transfer', pay, { note: 'a transaction of yesterday', expected: 'EXPIRED', validUntil: plan.nowSec });
  plan.send('alice', 'Transfer', pay, { note: 'the one before it is missing', expected: 'NONCE_TOO_HIGH', nonceAhead: 1 });
  plan.send('alice', 'Transfer', pay, { note: 'one that has been used', expected: 'NONCE_TOO_LOW', nonceAhead: -1 });
  plan.send('alice', 'Transfer', pay, {
    note: 'somebody changed the amount after alice had signed',
    expected: 'BAD_SIGNATURE',
    forged: (json) => ({ ...json, message: { ...(json['message'] as object), amount: '99900' } }),
  });
}
