import { discover } from '../../contract/index.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `rpc.discover`. */
export const serveDiscover: ServedMethod = serve(discover, async ({ document }) => document());
