import type { Method } from '../method.ts';
import { type ParametersAtJson, parametersAtJson } from '../shapes/governance-json.ts';
import { type HeightOrLatest, heightOrLatestParameter } from '../shapes/parameters.ts';

/** `mutual_getParameters`. */
export const getParameters: Method<{ readonly height: HeightOrLatest }, ParametersAtJson> = {
  name: 'mutual_getParameters',
  summary: 'The parameters a height was executed under.',
  parameters: { height: { description: 'Which height; the last one when it is not given.', shape: heightOrLatestParameter } },
  result: { description: 'All parameters as texts by name.', shape: parametersAtJson },
  errors: ['UNKNOWN_BLOCK', 'HEIGHT_PRUNED'],
};
