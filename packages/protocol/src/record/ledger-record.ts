import type { Address, Bytes32, LotId, TransactionId } from '../bytes/branded.ts';
import type { Input } from '../dfsm/inputs.ts';
import type { State } from '../dfsm/states.ts';

/**
 * What the chain keeps of one input, in the white paper's four parts: state code, input code, transaction data, business data.
 *
 * `state` is the lot's state before the input.
 */
export type LedgerRecord = {
  readonly state: State;
  readonly input: Input;
  readonly transaction: {
    readonly lot: LotId;
    readonly asset: string;
    /** Smallest unit. */
    readonly amount: bigint;
    /** Payer; zeros for the outside world. */
    readonly from: Address;
    /** Payee; zeros for the outside world. */
    readonly to: Address;
    readonly revision: number;
    /** Who submitted the input; the system's address for scheduled work. */
    readonly actor: Address;
    /** Transaction that caused the input; zeros for scheduled work. */
    readonly txId: TransactionId;
    readonly height: number;
    /** Position of that transaction in its block. */
    readonly index: number;
  };
  readonly business: {
    /** Product the movement belongs to, or empty for the plain ledger. */
    readonly product: string;
    readonly productId: Bytes32;
    /** What the module calls this step. */
    readonly action: string;
    readonly reason: string;
    readonly memo: string;
    /** Reference of the outside world that settled a deposit or withdrawal. */
    readonly externalRef: string;
    /** The lot this one was split from, or zeros. */
    readonly parentLot: LotId;
  };
};
