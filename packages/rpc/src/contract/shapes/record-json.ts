import { INPUTS, type Input, STATES, type State } from '@mutual-chain/protocol';
import * as z from 'zod';
import { addressJson, amountJson, countJson, hashJson, type PageJson, pageJson, textJson } from './common-json.ts';

/** A record of the ledger in its four parts: state code, input code, transaction data, business data. */
export type RecordJson = {
  /** State of the lot before the input. */
  readonly state: State;
  readonly input: Input;
  readonly transaction: {
    readonly lot: string;
    readonly asset: string;
    readonly amount: string;
    /** Payer; zeros for the outside world. */
    readonly from: string;
    /** Payee; zeros for the outside world. */
    readonly to: string;
    readonly revision: number;
    /** Who submitted the input; the system's address for scheduled work. */
    readonly actor: string;
    /** Zeros for scheduled work. */
    readonly txId: string;
    readonly height: number;
    /** Position of the transaction in its block. */
    readonly index: number;
  };
  readonly business: {
    readonly product: string;
    readonly productId: string;
    readonly action: string;
    readonly reason: string;
    readonly memo: string;
    readonly externalRef: string;
    /** Lot this one was split from, or zeros. */
    readonly parentLot: string;
  };
};

/** Shape of `RecordJson`. */
export const recordJson: z.ZodType<RecordJson> = z.strictObject({
  state: z.enum(STATES),
  input: z.enum(INPUTS),
  transaction: z.strictObject({
    lot: hashJson,
    asset: textJson,
    amount: amountJson,
    from: addressJson,
    to: addressJson,
    revision: countJson,
    actor: addressJson,
    txId: hashJson,
    height: countJson,
    index: countJson,
  }),
  business: z.strictObject({
    product: textJson,
    productId: hashJson,
    action: textJson,
    reason: textJson,
    memo: textJson,
    externalRef: textJson,
    parentLot: hashJson,
  }),
});

/** Shape of a page of records. */
export const recordPageJson: z.ZodType<PageJson<RecordJson>> = pageJson(recordJson);
