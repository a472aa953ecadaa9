import type { LedgerModule } from '../module.ts';
import { authorizeDeposits } from './authorize-deposits.ts';
import { confirmDeposit } from './confirm-deposit.ts';
import { depositLots } from './deposits-invariants.ts';
import { rejectDeposit } from './reject-deposit.ts';
import { requestDeposit, requestDepositFor } from './request-deposit.ts';

/** Money from outside through gateways: E01, E02, E03. */
export const depositsModule: LedgerModule = {
  name: 'deposits',
  operations: {
    RequestDeposit: requestDeposit,
    RequestDepositFor: requestDepositFor,
    ConfirmDeposit: confirmDeposit,
    RejectDeposit: rejectDeposit,
    AuthorizeDeposits: authorizeDeposits,
  },
  scheduledWork: {},
  invariants: [depositLots],
};
