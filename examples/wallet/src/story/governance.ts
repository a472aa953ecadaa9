import { type AccountName, addressOf, OPERATORS } from '../accounts.ts';
import { cents, mtn } from '../money.ts';
import type { Plan } from '../plan.ts';

/** The consortium changes a parameter and freezes an account, by vote. */
export function governance(plan: Plan): void {
  plan.chapter(
    'Governance',
    'Operators propose, and more than two thirds of the voting power accept. A change takes effect two blocks later.',
  );
  const raise = { name: 'feePerTransaction', value: String(mtn('0.002')), activationHeight: 0 };
  plan.send('alice', 'ProposeParameter', raise, { note: 'alice operates no validator', expected: 'NOT_PERMITTED' });
  const fee = plan.send('operator0', 'ProposeParameter', raise, { note: 'operator0 proposes a fee of 0.002 MTN a transaction' });
  plan.send(
    'operator0',
    'ProposeParameter',
    { ...raise, name: 'feePerMinute' },
    { note: 'a parameter that does not exist', expected: 'INVALID_FIELD' },
  );
  const freeze = plan.send(
    'operator1',
    'ProposeFreeze',
    { account: addressOf('frank'), asset: 'mUSD', frozen: true, deep: false, legalHold: false, activationHeight: 0 },
    { note: 'operator1 proposes to freeze the mUSD of frank' },
  );

  plan.block();
  const vote = (name: AccountName, proposal: typeof fee, note: string) =>
    plan.send(name, 'CastVote', { proposal, approve: true }, { note });
  vote('operator0', fee, 'one vote of four');
  vote('operator1', fee, 'two of four');
  plan.send('bob', 'CastVote', { proposal: fee, approve: true }, { note: 'bob has no vote', expected: 'NOT_PERMITTED' });
  vote('operator2', fee, 'three of four: accepted');
  plan.send('operator3', 'CastVote', { proposal: fee, approve: false }, { note: 'too late to object', expected: 'PROPOSAL_CLOSED' });
  for (const name of OPERATORS.slice(0, 3)) plan.send(name, 'CastVote', { proposal: freeze, approve: true });

  plan.block();
  const pay = { to: addressOf('bob'), asset: 'mUSD', amount: cents('1'), memo: '' };
  plan.send('frank', 'Transfer', pay, { note: 'one block later nothing has changed yet: frank pays the old fee' });
  plan.block();
  plan.send('frank', 'Transfer', pay, { note: 'two blocks later his mUSD are frozen, and the fee is the new one', expected: 'FROZEN' });
  plan.send('alice', 'Transfer', pay, { note: 'others pay as before, but 0.001 MTN more in fees' });
}
