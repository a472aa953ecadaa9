import type { AccountQueue } from './account-queue.ts';
import type { PoolTransaction } from './pool-transaction.ts';

/** How much a block takes of the mempool. */
export type CandidateLimits = { readonly transactionsMax: number; readonly bytesMax: number };

/**
 * Chooses transactions for a block: one of each account in turn, in the order of the accounts and of their nonces, until nothing more fits.
 *
 * A flood of one account takes what the others leave. Where a transaction does not fit, the later ones of its account are left out too.
 */
export function chooseCandidates<Verified extends PoolTransaction>(
  accounts: Iterable<AccountQueue<Verified>>,
  { transactionsMax, bytesMax }: CandidateLimits,
): readonly Verified[] {
  const chosen: Verified[] = [];
  let bytes = 0;
  let turn = 0;
  let waiting: Iterable<AccountQueue<Verified>> = accounts;
  for (let hasMore = true; hasMore; turn++) {
    const again: AccountQueue<Verified>[] = [];
    for (const account of waiting) {
      if (chosen.length >= transactionsMax) return chosen;
      const transaction = account.offered(account.base + turn);
      if (transaction === undefined || bytes + transaction.bytes.length > bytesMax) continue;
      chosen.push(transaction);
      bytes += transaction.bytes.length;
      again.push(account);
    }
    waiting = again;
    hasMore = again.length > 0;
  }
  return chosen;
}
