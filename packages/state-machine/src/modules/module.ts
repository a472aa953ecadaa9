import type { ResultCode, TransactionMessage, TransactionType, VerifiedTransaction } from '@mutual-chain/protocol';
import type { AuditedState } from '../audit/audited-state.ts';
import type { Execution } from '../block/execution.ts';
import type { ScheduleItem } from '../state/schedule.ts';

/**
 * One transaction type's rules.
 *
 * `check` answers with the first code, in the documented order, that keeps the operation from being applied, and changes nothing.
 * `execute` runs only after `check` said OK in the same state: it may assert, it may not fail for reasons of the user.
 */
export type Operation<Type extends TransactionType> = {
  readonly check: (execution: Execution, message: TransactionMessage<Type>, transaction: VerifiedTransaction<Type>) => ResultCode;
  readonly execute: (execution: Execution, message: TransactionMessage<Type>, transaction: VerifiedTransaction<Type>) => void;
};

/** Does one piece of due work. Never throws for what users did: work whose reason is gone does nothing. */
export type ScheduledWork = (execution: Execution, item: ScheduleItem) => void;

/** A statement about the whole state that holds after every block. Returns what breaks it in words that name the entry, none when it holds. */
export type Invariant = { readonly name: string; readonly violations: (state: AuditedState) => readonly string[] };

/**
 * A part of the ledger with its own operations, scheduled work and invariants. Products are modules like the ledger's own ones; all of
 * them are listed in `registry.ts` and nowhere else.
 */
export type LedgerModule = {
  readonly name: string;
  readonly operations: { readonly [Type in TransactionType]?: Operation<Type> };
  /** By `SCHEDULE_KINDS` number. */
  readonly scheduledWork: Readonly<Record<number, ScheduledWork>>;
  readonly invariants: readonly Invariant[];
};
