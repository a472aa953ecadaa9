import type { ResultCode, TransactionMessage, TransactionType } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';

/** Transaction types that propose a change. */
export type ProposalType = Extract<TransactionType, `Propose${string}`>;

/** When a change is judged: as it is proposed, or as it comes into force. */
export type ChangeMoment = 'proposed' | 'applied';

/**
 * One kind of change. `check` runs when it is proposed and again when it is applied, so that a change which has become impossible is
 * refused then too, alike on every node; `apply` runs only after it said OK.
 */
export type Change<Type extends ProposalType> = {
  readonly check: (execution: Execution, message: TransactionMessage<Type>, moment: ChangeMoment) => ResultCode;
  readonly apply: (execution: Execution, message: TransactionMessage<Type>) => void;
};
