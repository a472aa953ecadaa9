import type { Method } from '../method.ts';
import { type StatusJson, statusJson } from '../shapes/chain-json.ts';

/** `mutual_status`. */
export const status: Method<Readonly<Record<never, never>>, StatusJson> = {
  name: 'mutual_status',
  summary: 'What this node has: its last block, its peers, whether it is still syncing.',
  parameters: {},
  result: { description: 'The node as of its last block.', shape: statusJson },
  errors: ['NOT_READY'],
};
