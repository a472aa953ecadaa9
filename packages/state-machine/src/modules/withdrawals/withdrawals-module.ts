import type { LedgerModule } from '../module.ts';
import { closeHolding } from './close-holding.ts';
import { confirmWithdrawal } from './confirm-withdrawal.ts';
import { rejectWithdrawal } from './reject-withdrawal.ts';
import { requestWithdrawal } from './request-withdrawal.ts';
import { dailyLimitRaises, withdrawalDays, withdrawalLots } from './withdrawals-invariants.ts';

/** Money out through gateways: E10, E11, E12. */
export const withdrawalsModule: LedgerModule = {
  name: 'withdrawals',
  operations: {
    RequestWithdrawal: requestWithdrawal,
    CloseHolding: closeHolding,
    ConfirmWithdrawal: confirmWithdrawal,
    RejectWithdrawal: rejectWithdrawal,
  },
  scheduledWork: {},
  invariants: [withdrawalLots, withdrawalDays, dailyLimitRaises],
};
