import { gatewayRejection } from '../../ledger/gateway-rejection.ts';
import type { Operation } from '../module.ts';

/** Ends a deposit request: S1 –E02→ S0. The lot is empty, so a rejected top-up never touches money already there. */
export const rejectDeposit: Operation<'RejectDeposit'> = gatewayRejection('E02');
