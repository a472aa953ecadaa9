import { getLot } from '../../contract/index.ts';
import { found } from '../found.ts';
import { lotToJson } from '../json/lot-to-json.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_getLot`. */
export const serveGetLot: ServedMethod = serve(getLot, async ({ chain, addressText }, { id }) =>
  lotToJson(found(await chain.lot(id)), addressText),
);
