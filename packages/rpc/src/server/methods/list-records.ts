import { listRecords } from '../../contract/index.ts';
import { found } from '../found.ts';
import { pageToJson } from '../json/page-to-json.ts';
import { recordToJson } from '../json/record-to-json.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_listRecords`. */
export const serveListRecords: ServedMethod = serve(listRecords, async ({ chain, addressText }, { filter }) =>
  pageToJson(found(await chain.records(filter)), (each) => recordToJson(each, addressText)),
);
