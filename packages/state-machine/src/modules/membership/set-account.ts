import { updateAccount } from '../../ledger/accounts.ts';
import type { Operation } from '../module.ts';
import { setDailyLimit } from '../withdrawals/daily-limit.ts';

/** Sets what an account decides for itself: whether transfers need its confirm, and its daily withdrawal limit, raised from tomorrow on. */
export const setAccount: Operation<'SetAccount'> = {
  check: () => 'OK',
  execute: (execution, { from, autoAccept, dailyLimit }) => {
    updateAccount(execution, from, { autoAccept });
    setDailyLimit(execution, from, dailyLimit);
  },
};
