import type { Address, LotId } from '@mutual-chain/protocol';
import * as z from 'zod';
import type { Method } from '../method.ts';
import type { PageJson } from '../shapes/common-json.ts';
import { addressParameter, assetParameter, heightParameter, lotIdParameter, PAGE_FIELDS, type PageRequest } from '../shapes/parameters.ts';
import { type RecordJson, recordPageJson } from '../shapes/record-json.ts';

/** Which records are asked for: those that fit every field given. Heights are inclusive. */
export type RecordFilter = {
  readonly lot?: LotId;
  /** Payer or payee. */
  readonly account?: Address;
  readonly asset?: string;
  readonly fromHeight?: number;
  readonly toHeight?: number;
};

const filterShape: z.ZodType<RecordFilter & PageRequest> = z
  .strictObject({
    lot: lotIdParameter.exactOptional(),
    account: addressParameter.exactOptional(),
    asset: assetParameter.exactOptional(),
    fromHeight: heightParameter.exactOptional(),
    toHeight: heightParameter.exactOptional(),
    ...PAGE_FIELDS,
  })
  .prefault({});

/** `mutual_listRecords`. */
export const listRecords: Method<{ readonly filter: RecordFilter & PageRequest }, PageJson<RecordJson>> = {
  name: 'mutual_listRecords',
  summary: 'Records of the ledger in the order in which they were written, by lot, account, asset and height.',
  parameters: { filter: { description: 'Which records, and which page of them.', shape: filterShape, isSpread: true } },
  result: { description: 'A page of records.', shape: recordPageJson },
  errors: ['CURSOR_INVALID', 'HEIGHT_PRUNED'],
};
