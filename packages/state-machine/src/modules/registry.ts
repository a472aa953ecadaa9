import type { CommonFields, ResultCode, TransactionType, VerifiedTransaction } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { assetsModule } from './assets/assets-module.ts';
import { creditModule } from './credit/credit-module.ts';
import { depositsModule } from './deposits/deposits-module.ts';
import { governanceModule } from './governance/governance-module.ts';
import { membershipModule } from './membership/membership-module.ts';
import type { Invariant, LedgerModule, ScheduledWork } from './module.ts';
import { requestsModule } from './requests-module.ts';
import { transfersModule } from './transfers/transfers-module.ts';
import { withdrawalsModule } from './withdrawals/withdrawals-module.ts';

/** Every module of the ledger, in order. A new product is added here and nowhere else. */
export const MODULES: readonly LedgerModule[] = [
  requestsModule,
  transfersModule,
  depositsModule,
  withdrawalsModule,
  creditModule,
  membershipModule,
  assetsModule,
  governanceModule,
];

/** An operation as the block executor sees it: the message fits because it was looked up by the transaction's own type. */
export type AnyOperation = {
  readonly check: (execution: Execution, message: CommonFields, transaction: VerifiedTransaction) => ResultCode;
  readonly execute: (execution: Execution, message: CommonFields, transaction: VerifiedTransaction) => void;
};

const OPERATIONS: ReadonlyMap<TransactionType, AnyOperation> = new Map(
  MODULES.flatMap((module) => Object.entries(module.operations)).map(([type, operation]) => [
    type as TransactionType,
    operation as unknown as AnyOperation,
  ]),
);

const SCHEDULED_WORK: ReadonlyMap<number, ScheduledWork> = new Map(
  MODULES.flatMap((module) => Object.entries(module.scheduledWork)).map(([kind, work]) => [Number(kind), work]),
);

/** The operation of a transaction type, or undefined when no module has one. */
export function operationOf(type: TransactionType): AnyOperation | undefined {
  return OPERATIONS.get(type);
}

/** What to do for a kind of scheduled work, or undefined when no module knows it. */
export function scheduledWorkOf(kind: number): ScheduledWork | undefined {
  return SCHEDULED_WORK.get(kind);
}

/** The invariants of all modules. */
export const INVARIANTS: readonly Invariant[] = MODULES.flatMap((module) => module.invariants);
