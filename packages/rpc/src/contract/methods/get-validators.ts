import type { Method } from '../method.ts';
import { type ValidatorsJson, validatorsJson } from '../shapes/governance-json.ts';
import { type HeightOrLatest, heightOrLatestParameter } from '../shapes/parameters.ts';

/** `mutual_getValidators`. */
export const getValidators: Method<{ readonly height: HeightOrLatest }, ValidatorsJson> = {
  name: 'mutual_getValidators',
  summary: 'Who decides a height, in the order of positions in its certificate.',
  parameters: { height: { description: 'Which height; the last one when it is not given.', shape: heightOrLatestParameter } },
  result: { description: 'The validators of that height.', shape: validatorsJson },
  errors: ['UNKNOWN_BLOCK', 'HEIGHT_PRUNED'],
};
