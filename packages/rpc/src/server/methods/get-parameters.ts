import { parametersToJson } from '@mutual-chain/protocol';
import { getParameters } from '../../contract/index.ts';
import { found } from '../found.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_getParameters`. */
export const serveGetParameters: ServedMethod = serve(getParameters, async ({ chain }, parameters) => {
  const at = found(await chain.parameters(parameters.height));
  return { height: at.height, parameters: parametersToJson(at.parameters) };
});
