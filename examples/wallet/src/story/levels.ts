import type { Bytes32 } from '@mutual-chain/protocol';
import { addressOf } from '../accounts.ts';
import { cents, mtn } from '../money.ts';
import { NEW_LOT, type Plan } from '../plan.ts';

const NO_CREDENTIALS = new Uint8Array(32) as Bytes32;
const HOUR_SEC = 3600;

/** Who may do what: levels, joining, and a fee that somebody else pays. */
export function levels(plan: Plan): void {
  plan.chapter(
    'Levels and fees',
    'What an account may do depends on what the registrar has on file. A newcomer without MTN can be sponsored.',
  );
  plan.send(
    'grace',
    'Transfer',
    { to: addressOf('bob'), asset: 'mUSD', amount: cents('10'), memo: '' },
    { note: 'level 1 holds money, but does not send it', expected: 'LEVEL_TOO_LOW' },
  );
  plan.send(
    'grace',
    'RequestWithdrawal',
    { lot: NEW_LOT, asset: 'mUSD', amount: cents('10'), destination: 'IBAN grace', expiresAt: 0 },
    { note: 'nor does it cash out', expected: 'LEVEL_TOO_LOW' },
  );
  const level2 = {
    member: addressOf('grace'),
    level: 2,
    levelExpiresAt: plan.nowSec + HOUR_SEC,
    credentialHash: NO_CREDENTIALS,
    jurisdiction: 'CH',
  };
  plan.send('alice', 'SetMember', level2, { note: 'only the registrar sets levels', expected: 'NOT_PERMITTED' });
  plan.send('registrar', 'SetMember', level2, { note: 'the registrar sets grace to level 2, for an hour' });
  const account = { autoAccept: true, dailyLimit: cents('50') };
  plan.send('newcomer', 'SetAccount', account, { note: 'a newcomer without MTN cannot pay a fee', expected: 'INSUFFICIENT_FEE_BALANCE' });
  plan.send('newcomer', 'SetAccount', account, { note: 'alice pays it for the newcomer', sponsor: 'alice' });

  plan.block();
  plan.send(
    'grace',
    'Transfer',
    { to: addressOf('newcomer'), asset: 'mUSD', amount: cents('10'), memo: 'welcome' },
    { note: 'now grace can pay' },
  );
  plan.send(
    'frank',
    'Transfer',
    { to: addressOf('newcomer'), asset: 'MTN', amount: mtn('3'), memo: 'for the stake' },
    { note: 'and frank gives the newcomer 3 MTN' },
  );
  plan.send('newcomer', 'Join', {}, { note: 'who joins: 1 MTN is locked as stake, and the level is 1' });
  plan.send('newcomer', 'Join', {}, { note: 'once', expected: 'ALREADY_MEMBER' });

  plan.block(HOUR_SEC);
  plan.send(
    'grace',
    'Transfer',
    { to: addressOf('bob'), asset: 'mUSD', amount: cents('10'), memo: '' },
    { note: 'an hour later the level of grace has expired', expected: 'LEVEL_TOO_LOW' },
  );
}
