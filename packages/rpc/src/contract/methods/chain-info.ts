import type { Method } from '../method.ts';
import { type ChainInfoJson, chainInfoJson } from '../shapes/chain-json.ts';

/** `mutual_chainInfo`. */
export const chainInfo: Method<Readonly<Record<never, never>>, ChainInfoJson> = {
  name: 'mutual_chainInfo',
  summary: 'Which chain this is, and the typed-data domain that every signature is made for.',
  parameters: {},
  result: { description: 'The chain.', shape: chainInfoJson },
  errors: [],
};
