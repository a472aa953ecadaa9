import type { LedgerModule } from '../module.ts';
import { confirmCredit } from './confirm-credit.ts';
import { creditLots, debts } from './credit-invariants.ts';
import { rejectCredit } from './reject-credit.ts';
import { repayCredit } from './repay-credit.ts';
import { requestCredit } from './request-credit.ts';

/** Credit between members and the debts it leaves: E07, E08, E09. */
export const creditModule: LedgerModule = {
  name: 'credit',
  operations: { RequestCredit: requestCredit, ConfirmCredit: confirmCredit, RejectCredit: rejectCredit, RepayCredit: repayCredit },
  scheduledWork: {},
  invariants: [creditLots, debts],
};
