import { addressOf } from '../accounts.ts';
import { cents, mtn } from '../money.ts';
import { NEW_LOT, type Plan } from '../plan.ts';

/** Money moves between members: E04, and E05 or E06. */
export function transfers(plan: Plan): void {
  plan.chapter(
    'Transfers',
    'At once where asset and payee allow it, otherwise as a request that the payee confirms: S5 –E04→ S2 –E06→ S5.',
  );
  plan.send(
    'alice',
    'Transfer',
    { to: addressOf('bob'), asset: 'mUSD', amount: cents('30'), memo: 'dinner' },
    { note: 'mUSD moves at once' },
  );
  plan.send(
    'alice',
    'Transfer',
    { to: addressOf('carol'), asset: 'MTN', amount: mtn('12.5'), memo: '' },
    { note: 'so does MTN, which is native' },
  );
  const bond = plan.send(
    'alice',
    'Transfer',
    { to: addressOf('bob'), asset: 'mBOND', amount: cents('250'), memo: '' },
    { note: 'mBOND waits for the payee' },
  );
  const partial = plan.send(
    'carol',
    'RequestTransfer',
    { lot: NEW_LOT, to: addressOf('dave'), asset: 'mUSD', amount: cents('40'), expiresAt: 0, memo: 'invoice 12' },
    { note: 'a request can be made of any asset' },
  );
  const declined = plan.send(
    'erin',
    'RequestTransfer',
    { lot: NEW_LOT, to: addressOf('frank'), asset: 'mUSD', amount: cents('15'), expiresAt: 0, memo: '' },
    { note: 'erin asks frank to take 15.00 mUSD' },
  );
  const amended = plan.send(
    'bob',
    'RequestTransfer',
    { lot: NEW_LOT, to: addressOf('carol'), asset: 'mUSD', amount: cents('30'), expiresAt: 0, memo: 'rent' },
    { note: 'bob asks carol to take 30.00 mUSD' },
  );

  plan.block();
  plan.send(
    'alice',
    'ConfirmTransfer',
    { lot: bond, revision: 0, amount: cents('250') },
    { note: 'the payer never confirms', expected: 'NOT_PERMITTED' },
  );
  plan.send('bob', 'ConfirmTransfer', { lot: bond, revision: 0, amount: cents('250') }, { note: 'bob takes the bonds' });
  plan.send(
    'dave',
    'ConfirmTransfer',
    { lot: partial, revision: 0, amount: cents('25') },
    { note: 'dave takes 25.00 of 40.00: the rest goes back in the same step' },
  );
  plan.send('frank', 'RejectTransfer', { lot: declined, revision: 0, reason: 'not mine' }, { note: 'frank declines' });
  plan.send(
    'bob',
    'RequestTransfer',
    { lot: amended, to: addressOf('carol'), asset: 'mUSD', amount: cents('40'), expiresAt: 0, memo: 'rent and heating' },
    { note: 'bob amends 30.00 to 40.00' },
  );
  plan.send(
    'carol',
    'ConfirmTransfer',
    { lot: amended, revision: 0, amount: cents('30') },
    { note: 'carol quotes what she saw before', expected: 'STALE_REVISION' },
  );
  plan.send('carol', 'ConfirmTransfer', { lot: amended, revision: 1, amount: cents('40') }, { note: 'and then what is there now' });

  refusals(plan, amended);
  agents(plan);
}

function refusals(plan: Plan, settled: ReturnType<Plan['send']>): void {
  plan.block();
  const pay = { to: addressOf('bob'), asset: 'mUSD', amount: cents('1'), memo: '' };
  plan.send('alice', 'Transfer', { ...pay, amount: cents('1000000') }, { note: 'more than alice has', expected: 'INSUFFICIENT_BALANCE' });
  plan.send('alice', 'Transfer', { ...pay, to: addressOf('alice') }, { note: 'to herself', expected: 'INVALID_COUNTERPARTY' });
  plan.send('alice', 'Transfer', { ...pay, amount: 0n }, { note: 'nothing at all', expected: 'AMOUNT_INVALID' });
  plan.send('alice', 'Transfer', { ...pay, asset: 'mXYZ' }, { note: 'of an asset nobody has defined', expected: 'UNKNOWN_ASSET' });
  const unknown = new Uint8Array(32).fill(0xee) as typeof settled;
  plan.send('bob', 'ConfirmTransfer', { lot: unknown, revision: 0, amount: 1n }, { note: 'a lot that never was', expected: 'UNKNOWN_LOT' });
  plan.send(
    'carol',
    'ConfirmTransfer',
    { lot: settled, revision: 1, amount: cents('40') },
    { note: 'a transfer that is done', expected: 'DFSM_ILLEGAL' },
  );
}

function agents(plan: Plan): void {
  plan.block();
  plan.send('frank', 'SetAccount', { autoAccept: false, dailyLimit: 0n }, { note: 'frank wants to be asked before money comes' });
  const asked = plan.send(
    'alice',
    'Transfer',
    { to: addressOf('frank'), asset: 'mUSD', amount: cents('5'), memo: 'surprise' },
    { note: 'so what alice sends him waits' },
  );
  plan.send(
    'dave',
    'SetDelegate',
    { delegate: addressOf('erin'), asset: 'mUSD', dailyLimit: cents('100'), expiresAt: 0 },
    { note: 'erin may spend 100.00 mUSD of dave a day' },
  );
  plan.block();
  plan.send('arbiter', 'RejectTransfer', { lot: asked, revision: 0, reason: 'disputed' }, { note: 'an arbiter ends a disputed request' });
  plan.send(
    'erin',
    'DelegatedTransfer',
    { owner: addressOf('dave'), to: addressOf('carol'), asset: 'mUSD', amount: cents('80'), memo: 'for dave' },
    { note: 'erin pays for dave' },
  );
  plan.send(
    'erin',
    'DelegatedTransfer',
    { owner: addressOf('dave'), to: addressOf('carol'), asset: 'mUSD', amount: cents('30'), memo: 'again' },
    { note: 'beyond the daily limit', expected: 'LIMIT_EXCEEDED' },
  );
  plan.send('frank', 'SetAccount', { autoAccept: true, dailyLimit: 0n });
}
