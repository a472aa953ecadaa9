import type { Invariant } from '../modules/module.ts';
import { INVARIANTS } from '../modules/registry.ts';
import type { StateEntry } from '../view/memory-state.ts';
import { type AuditContext, AuditedState } from './audited-state.ts';
import { canonicalEntries } from './canonical-entries.ts';
import { conservation } from './conservation.ts';
import { emptyEscrows, keylessAccounts } from './escrows.ts';
import { externalReferences } from './external-references.ts';
import { mainLots } from './main-lots.ts';
import { pendingCounters } from './pending-counters.ts';
import { releaseSchedules } from './release-schedules.ts';

/** What holds for the ledger as a whole, whatever its modules. */
export const LEDGER_INVARIANTS: readonly Invariant[] = [
  conservation,
  pendingCounters,
  mainLots,
  emptyEscrows,
  keylessAccounts,
  releaseSchedules,
  externalReferences,
];

/**
 * The full check of a committed state: each entry's form, then the invariants of the ledger and of all its modules.
 *
 * Returns each violation in words that name the invariant and the entry; none for a state that blocks have led to. Entries whose form is
 * wrong are all that is reported when there are any.
 */
export function auditState(entries: Iterable<StateEntry>, context: AuditContext): readonly string[] {
  const state = new AuditedState(entries, context);
  const malformed = canonicalEntries(state);
  if (malformed.length > 0) return malformed.map((violation) => `canonical entries: ${violation}`);
  return [...LEDGER_INVARIANTS, ...INVARIANTS].flatMap(({ name, violations }) =>
    violations(state).map((violation) => `${name}: ${violation}`),
  );
}
