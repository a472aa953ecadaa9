import * as z from 'zod';
import type { Method } from '../method.ts';
import { type BlockJson, blockJson } from '../shapes/block-json.ts';
import { type BlockName, blockNameParameter } from '../shapes/parameters.ts';

/** How much of the transactions a block is given with. */
export type BlockOptions = { readonly transactions: 'ids' | 'full' };

const optionsShape: z.ZodType<BlockOptions> = z
  .strictObject({ transactions: z.enum(['ids', 'full']).default('ids').describe('Ids alone, or all of each transaction') })
  .prefault({});

/** `mutual_getBlock`. */
export const getBlock: Method<{ readonly heightOrHash: BlockName; readonly options: BlockOptions }, BlockJson> = {
  name: 'mutual_getBlock',
  summary: 'A committed block with the certificate that makes it final.',
  parameters: {
    heightOrHash: { description: 'Which block.', shape: blockNameParameter },
    options: { description: 'How much of its transactions.', shape: optionsShape, isSpread: true },
  },
  result: { description: 'The block.', shape: blockJson },
  errors: ['UNKNOWN_BLOCK', 'HEIGHT_PRUNED'],
};
