import type { LedgerModule } from '../module.ts';
import { confirmTransfer } from './confirm-transfer.ts';
import { delegatedTransfer, setDelegate } from './delegation.ts';
import { rejectTransfer } from './reject-transfer.ts';
import { requestTransfer } from './request-transfer.ts';
import { transfer } from './transfer.ts';
import { transferLots } from './transfers-invariants.ts';

/** Money from member to member: E04, E05, E06. */
export const transfersModule: LedgerModule = {
  name: 'transfers',
  operations: {
    Transfer: transfer,
    RequestTransfer: requestTransfer,
    ConfirmTransfer: confirmTransfer,
    RejectTransfer: rejectTransfer,
    SetDelegate: setDelegate,
    DelegatedTransfer: delegatedTransfer,
  },
  scheduledWork: {},
  invariants: [transferLots],
};
