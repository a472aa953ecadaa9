import { listLots } from '../../contract/index.ts';
import { found } from '../found.ts';
import { lotToJson } from '../json/lot-to-json.ts';
import { pageToJson } from '../json/page-to-json.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_listLots`. */
export const serveListLots: ServedMethod = serve(listLots, async ({ chain, addressText }, { filter }) =>
  pageToJson(found(await chain.lots(filter)), (each) => lotToJson(each, addressText)),
);
