import { accountOf, hasRole, updateAccount } from '../../ledger/accounts.ts';
import { isZero } from '../../ledger/requests.ts';
import { membershipTable } from '../../state/tables.ts';
import type { Operation } from '../module.ts';
import { EMPTY_MEMBERSHIP } from './join.ts';

/** Highest membership level: institutions. */
const LEVEL_MAX = 3;

/** A registrar sets what an account may do, from what it has seen; personal data stays with the registrar, the chain keeps a hash. */
export const setMember: Operation<'SetMember'> = {
  check: (execution, message) => {
    if (!hasRole(accountOf(execution, message.from), 'registrar')) return 'NOT_PERMITTED';
    if (isZero(message.member) || accountOf(execution, message.member).escrow) return 'INVALID_COUNTERPARTY';
    const expired = message.levelExpiresAt !== 0 && message.levelExpiresAt <= execution.nowSec;
    return message.level > LEVEL_MAX || expired ? 'INVALID_FIELD' : 'OK';
  },
  execute: (execution, message) => {
    const { from: registrar, member, level, levelExpiresAt, credentialHash, jurisdiction } = message;
    updateAccount(execution, member, { level, levelExpiresAt });
    const membership = execution.state.get(membershipTable, member) ?? EMPTY_MEMBERSHIP;
    execution.state.set(membershipTable, member, { ...membership, credentialHash, jurisdiction, registrar });
  },
};
