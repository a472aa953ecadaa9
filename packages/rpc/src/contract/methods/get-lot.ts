import type { LotId } from '@mutual-chain/protocol';
import type { Method } from '../method.ts';
import { type LotJson, lotJson } from '../shapes/lot-json.ts';
import { lotIdParameter } from '../shapes/parameters.ts';

/** `mutual_getLot`. */
export const getLot: Method<{ readonly id: LotId }, LotJson> = {
  name: 'mutual_getLot',
  summary: 'A lot that carries a request, open or closed a while ago.',
  parameters: { id: { description: 'Which lot.', shape: lotIdParameter } },
  result: { description: 'The lot.', shape: lotJson },
  errors: ['UNKNOWN_LOT'],
};
