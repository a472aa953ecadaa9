import * as z from 'zod';
import { addressJson, amountJson, countJson, hashJson, textJson } from './common-json.ts';

/** What a borrower owes. */
export type DebtJson = {
  /** Also the id of the lot that the credit was asked for with. */
  readonly id: string;
  readonly lender: string;
  readonly borrower: string;
  readonly asset: string;
  readonly principal: string;
  readonly outstanding: string;
  readonly termsHash: string;
  /** Unix seconds. */
  readonly dueAt: number;
};

/** Shape of `DebtJson`. */
export const debtJson: z.ZodType<DebtJson> = z.strictObject({
  id: hashJson,
  lender: addressJson,
  borrower: addressJson,
  asset: textJson,
  principal: amountJson,
  outstanding: amountJson,
  termsHash: hashJson,
  dueAt: countJson,
});
