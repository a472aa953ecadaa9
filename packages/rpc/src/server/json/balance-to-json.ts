import type { BalanceJson } from '../../contract/index.ts';
import type { BalanceView } from '../ports.ts';

/** Writes a balance. */
export function balanceToJson({ available, locked, pendingIn, pendingOut }: BalanceView): BalanceJson {
  return { available: String(available), locked: String(locked), pendingIn: String(pendingIn), pendingOut: String(pendingOut) };
}
