import { gatewayRejection } from '../../ledger/gateway-rejection.ts';
import type { Operation } from '../module.ts';

/** Ends a withdrawal request: S4 –E11→ S5, what was held returns to the main lot. Freezes do not matter. */
export const rejectWithdrawal: Operation<'RejectWithdrawal'> = gatewayRejection('E11');
