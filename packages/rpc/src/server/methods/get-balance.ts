import { getBalance } from '../../contract/index.ts';
import { found } from '../found.ts';
import { balanceToJson } from '../json/balance-to-json.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_getBalance`. */
export const serveGetBalance: ServedMethod = serve(getBalance, async ({ chain }, { address, asset }) =>
  balanceToJson(found(await chain.balance(address, asset))),
);
