import { STATES, type State } from '@mutual-chain/protocol';
import * as z from 'zod';
import { addressJson, amountJson, countJson, hashJson, type PageJson, pageJson, textJson } from './common-json.ts';

/** A lot that carries a request. Zeros stand for nobody and nothing. */
export type LotJson = {
  readonly id: string;
  readonly owner: string;
  readonly asset: string;
  /** What the lot holds. */
  readonly amount: string;
  readonly state: State;
  readonly revision: number;
  readonly requester: string;
  readonly counterparty: string;
  /** What was asked for. */
  readonly requested: string;
  /** Unix seconds; 0 means never. */
  readonly expiresAt: number;
  readonly termsHash: string;
  /** Unix seconds. */
  readonly dueAt: number;
  /** Memo, payment reference or payout destination. */
  readonly reference: string;
  readonly claimedBy: string;
  /** Unix seconds. */
  readonly claimedAt: number;
  readonly revocable: boolean;
  readonly closes: boolean;
  readonly confirmations: readonly {
    readonly gateway: string;
    readonly revision: number;
    readonly amount: string;
    readonly externalRef: string;
  }[];
  readonly product: string;
  readonly productId: string;
  readonly parentLot: string;
};

/** Shape of `LotJson`. */
export const lotJson: z.ZodType<LotJson> = z.strictObject({
  id: hashJson,
  owner: addressJson,
  asset: textJson,
  amount: amountJson,
  state: z.enum(STATES),
  revision: countJson,
  requester: addressJson,
  counterparty: addressJson,
  requested: amountJson,
  expiresAt: countJson,
  termsHash: hashJson,
  dueAt: countJson,
  reference: textJson,
  claimedBy: addressJson,
  claimedAt: countJson,
  revocable: z.boolean(),
  closes: z.boolean(),
  confirmations: z
    .array(z.strictObject({ gateway: addressJson, revision: countJson, amount: amountJson, externalRef: textJson }))
    .readonly(),
  product: textJson,
  productId: hashJson,
  parentLot: hashJson,
});

/** Shape of a page of lots. */
export const lotPageJson: z.ZodType<PageJson<LotJson>> = pageJson(lotJson);
