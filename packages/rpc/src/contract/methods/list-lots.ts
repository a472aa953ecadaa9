import { type Address, STATES, type State } from '@mutual-chain/protocol';
import * as z from 'zod';
import type { Method } from '../method.ts';
import type { PageJson } from '../shapes/common-json.ts';
import { type LotJson, lotPageJson } from '../shapes/lot-json.ts';
import { addressParameter, assetParameter, PAGE_FIELDS, type PageRequest } from '../shapes/parameters.ts';

/** Which lots are asked for: those that fit every field given. */
export type LotFilter = {
  readonly owner?: Address;
  readonly counterparty?: Address;
  readonly asset?: string;
  readonly state?: State;
};

const filterShape: z.ZodType<LotFilter & PageRequest> = z
  .strictObject({
    owner: addressParameter.exactOptional(),
    counterparty: addressParameter.exactOptional(),
    asset: assetParameter.exactOptional(),
    state: z.enum(STATES).exactOptional(),
    ...PAGE_FIELDS,
  })
  .prefault({});

/** `mutual_listLots`. */
export const listLots: Method<{ readonly filter: LotFilter & PageRequest }, PageJson<LotJson>> = {
  name: 'mutual_listLots',
  summary: 'Lots that carry requests, by owner, counterparty, asset and state.',
  parameters: { filter: { description: 'Which lots, and which page of them.', shape: filterShape, isSpread: true } },
  result: { description: 'A page of lots.', shape: lotPageJson },
  errors: ['CURSOR_INVALID'],
};
