import { type Account, type Address, EMPTY_ACCOUNT, ROLES, type Role } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { accountTable } from '../state/tables.ts';

/** The account, or what an address is before anything happened to it. */
export function accountOf(execution: Execution, address: Address): Account {
  return execution.state.get(accountTable, address) ?? EMPTY_ACCOUNT;
}

/** Replaces some fields of an account. */
export function updateAccount(execution: Execution, address: Address, change: Partial<Account>): void {
  execution.state.set(accountTable, address, { ...accountOf(execution, address), ...change });
}

/**
 * Level that counts now. A level that has expired leaves level 1: what is on file may pay premiums, not move money freely.
 * Due at t means: expired from the first block with nowSec ≥ t.
 */
export function effectiveLevel(account: Account, nowSec: number): number {
  const expired = account.levelExpiresAt !== 0 && nowSec >= account.levelExpiresAt;
  return expired && account.level > 1 ? 1 : account.level;
}

/** Whether the account holds the role. */
export function hasRole(account: Account, role: Role): boolean {
  return (account.roles & ROLES[role]) !== 0;
}

/** Lowest level for each purpose of spending. Receiving, holding and reading need none. */
export const SPENDING_LEVELS = {
  /** Paying the joining stake. */
  join: 0,
  /** Premiums and other debits of a product inside a mandate, and repaying what is owed. */
  premium: 1,
  /** Plain transfers, offers of credit. */
  transfer: 2,
  /** Cash-out at a gateway. */
  withdrawal: 2,
} as const;

/** Why money is being spent: decides which level is enough. */
export type SpendingPurpose = keyof typeof SPENDING_LEVELS;
