import { encodeHex } from '@mutual-chain/protocol';
import { getDebt } from '../../contract/index.ts';
import { found } from '../found.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_getDebt`. */
export const serveGetDebt: ServedMethod = serve(getDebt, async ({ chain, addressText }, parameters) => {
  const { id, debt } = found(await chain.debt(parameters.id));
  return {
    id: encodeHex(id),
    lender: addressText(debt.lender),
    borrower: addressText(debt.borrower),
    asset: debt.asset,
    principal: String(debt.principal),
    outstanding: String(debt.outstanding),
    termsHash: encodeHex(debt.termsHash),
    dueAt: debt.dueAt,
  };
});
