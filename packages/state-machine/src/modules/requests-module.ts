import type { LotId } from '@mutual-chain/protocol';
import { rejectRequest } from '../ledger/rejection.ts';
import { isClaimed, lotOf } from '../ledger/requests.ts';
import { SCHEDULE_KINDS } from '../state/schedule.ts';
import { lotTable } from '../state/tables.ts';
import { claimRequest } from './claim-request.ts';
import type { LedgerModule, ScheduledWork } from './module.ts';
import { activeMainLots, oneRequestPerLot, openLotCounts, scheduledLots } from './requests-invariants.ts';

/** At a request's `expiresAt` the system rejects it (E02, E05, E08, E11), unless it is closed, amended to a later time, or in processing. */
const expireRequest: ScheduledWork = (execution, { dueSec, id }) => {
  const lot = lotOf(execution, id);
  if (lot === undefined || lot.state < 1 || lot.state > 4 || lot.expiresAt !== dueSec || isClaimed(lot)) return;
  rejectRequest(execution, id as LotId, lot, 'expired');
};

/** A closed lot has been kept long enough. */
const purgeClosedLot: ScheduledWork = (execution, { id }) => {
  const lot = lotOf(execution, id);
  if (lot !== undefined && (lot.state === 0 || lot.state >= 5)) execution.state.delete(lotTable, id as LotId);
};

/** What all kinds of requests share: processing by gateways, expiry, forgetting. */
export const requestsModule: LedgerModule = {
  name: 'requests',
  operations: { ClaimRequest: claimRequest },
  scheduledWork: { [SCHEDULE_KINDS.lotExpiry]: expireRequest, [SCHEDULE_KINDS.closedLotPurge]: purgeClosedLot },
  invariants: [oneRequestPerLot, activeMainLots, openLotCounts, scheduledLots],
};
