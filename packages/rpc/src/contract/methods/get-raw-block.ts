import type { Method } from '../method.ts';
import { type BlockName, blockNameParameter } from '../shapes/parameters.ts';
import { type RawBlockJson, rawBlockJson } from '../shapes/raw-block-json.ts';

/** `mutual_getRawBlock`. */
export const getRawBlock: Method<{ readonly heightOrHash: BlockName }, RawBlockJson> = {
  name: 'mutual_getRawBlock',
  summary: 'A committed block and its certificate as canonical bytes: enough to replay the chain.',
  parameters: { heightOrHash: { description: 'Which block.', shape: blockNameParameter } },
  result: { description: 'The bytes.', shape: rawBlockJson },
  errors: ['UNKNOWN_BLOCK', 'HEIGHT_PRUNED'],
};
