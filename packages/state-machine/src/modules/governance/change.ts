import type { Address, ResultCode, TransactionMessage, TransactionType, ValidatorSet } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';

/** Transaction types that propose a change. */
export type ProposalType = Extract<TransactionType, `Propose${string}`>;

/**
 * When a change is judged: as it is proposed, or as it comes into force at the end of a height. Then `inForce` is the set that has decided
 * that height, before anything else due with the change, and `leaving` are those whom evidence removes together with it.
 */
export type ChangeMoment =
  | { readonly kind: 'proposed' }
  | { readonly kind: 'applied'; readonly inForce: ValidatorSet; readonly leaving: readonly Address[] };

/** The moment at which a change is proposed. */
export const PROPOSED: ChangeMoment = { kind: 'proposed' };

/**
 * One kind of change. `check` runs when it is proposed and again when it is applied, so that a change which has become impossible is
 * refused then too, alike on every node; `apply` runs only after it said OK.
 */
export type Change<Type extends ProposalType> = {
  readonly check: (execution: Execution, message: TransactionMessage<Type>, moment: ChangeMoment) => ResultCode;
  readonly apply: (execution: Execution, message: TransactionMessage<Type>) => void;
};
