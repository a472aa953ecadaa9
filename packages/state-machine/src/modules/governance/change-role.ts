import { ROLES, type Role } from '@mutual-chain/protocol';
import { accountOf, updateAccount } from '../../ledger/accounts.ts';
import { isZero } from '../../ledger/requests.ts';
import type { Change } from './change.ts';

/** Grants a role to an account, or takes it. */
export const changeRole: Change<'ProposeRole'> = {
  check: (execution, message) => {
    if (isZero(message.account) || accountOf(execution, message.account).escrow) return 'INVALID_COUNTERPARTY';
    return Object.hasOwn(ROLES, message.role) ? 'OK' : 'INVALID_FIELD';
  },
  apply: (execution, message) => {
    const bit = ROLES[message.role as Role];
    const { roles } = accountOf(execution, message.account);
    updateAccount(execution, message.account, { roles: message.grant ? roles | bit : roles & ~bit });
  },
};
