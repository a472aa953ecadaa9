import type { LotId } from '@mutual-chain/protocol';
import type { Method } from '../method.ts';
import { type DebtJson, debtJson } from '../shapes/debt-json.ts';
import { lotIdParameter } from '../shapes/parameters.ts';

/** `mutual_getDebt`. */
export const getDebt: Method<{ readonly id: LotId }, DebtJson> = {
  name: 'mutual_getDebt',
  summary: 'What a borrower owes from one credit, also after the last repayment.',
  parameters: { id: { description: 'Which debt: the id of the lot the credit was asked for with.', shape: lotIdParameter } },
  result: { description: 'The debt.', shape: debtJson },
  errors: ['UNKNOWN_DEBT'],
};
