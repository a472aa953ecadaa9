import {
  type Address,
  assertInvariant,
  type Bytes32,
  type Input,
  type LedgerRecord,
  type LotId,
  type State,
  transition,
} from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { ZERO_ADDRESS, ZERO_ID } from './known-addresses.ts';

/** What a step of the ledger says about itself; everything else of a record follows from the execution. */
export type RecordedStep = {
  /** State of the lot before the input. */
  readonly state: State;
  readonly input: Input;
  readonly lot: LotId;
  readonly asset: string;
  readonly amount: bigint;
  readonly from?: Address | undefined;
  readonly to?: Address | undefined;
  readonly revision?: number | undefined;
  readonly product?: string | undefined;
  readonly productId?: Uint8Array | undefined;
  readonly action?: string | undefined;
  readonly reason?: string | undefined;
  readonly memo?: string | undefined;
  readonly externalRef?: string | undefined;
  readonly parentLot?: LotId | undefined;
};

/** Appends the four-part record of one input; the only place that makes records. Asserts that δ has the cell. */
export function emitRecord(execution: Execution, step: RecordedStep): void {
  assertInvariant(transition(step.state, step.input) !== undefined, `no transition for ${step.input} in ${step.state}`);
  const record: LedgerRecord = {
    state: step.state,
    input: step.input,
    transaction: {
      lot: step.lot,
      asset: step.asset,
      amount: step.amount,
      from: step.from ?? ZERO_ADDRESS,
      to: step.to ?? ZERO_ADDRESS,
      revision: step.revision ?? 0,
      actor: execution.actor,
      txId: execution.transactionId,
      height: execution.height,
      index: execution.transactionIndex,
    },
    business: {
      product: step.product ?? '',
      productId: (step.productId ?? ZERO_ID) as Bytes32,
      action: step.action ?? '',
      reason: step.reason ?? '',
      memo: step.memo ?? '',
      externalRef: step.externalRef ?? '',
      parentLot: step.parentLot ?? (ZERO_ID as Uint8Array as LotId),
    },
  };
  execution.records.push(record);
}
