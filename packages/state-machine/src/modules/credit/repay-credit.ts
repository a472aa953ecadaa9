import { assertInvariant, equalBytes } from '@mutual-chain/protocol';
import { accountOf, updateAccount } from '../../ledger/accounts.ts';
import { blocksReceipts, freezeOf } from '../../ledger/freezes.ts';
import { availableOf } from '../../ledger/holdings.ts';
import { moveNow } from '../../ledger/movement.ts';
import { openedLotId } from '../../ledger/requests.ts';
import { checkSpending, definedAsset } from '../../ledger/spending.ts';
import { debtTable } from '../../state/tables.ts';
import type { Operation } from '../module.ts';

/** Pays back part or all of a debt: E04 and E06 from borrower to lender, quoting the debt. Level 1 is enough to pay what one owes. */
export const repayCredit: Operation<'RepayCredit'> = {
  check: (execution, message) => {
    const debt = execution.state.get(debtTable, message.debt);
    if (debt === undefined) return 'UNKNOWN_DEBT';
    if (!equalBytes(debt.borrower, message.from)) return 'NOT_PERMITTED';
    const spending = checkSpending(execution, debt.borrower, debt.asset, 'premium');
    if (spending !== 'OK') return spending;
    if (blocksReceipts(freezeOf(execution, debt.lender, debt.asset, definedAsset(execution, debt.asset)))) return 'FROZEN';
    if (availableOf(execution, debt.borrower, debt.asset) < message.amount) return 'INSUFFICIENT_BALANCE';
    return message.amount === 0n || message.amount > debt.outstanding ? 'AMOUNT_INVALID' : 'OK';
  },
  execute: (execution, message) => {
    const debt = execution.state.get(debtTable, message.debt);
    assertInvariant(debt !== undefined, 'the check found the debt');
    const { borrower: from, lender: to, asset } = debt;
    const outstanding = debt.outstanding - message.amount;
    moveNow(execution, {
      lot: openedLotId(execution),
      from,
      to,
      asset,
      amount: message.amount,
      product: 'credit',
      productId: message.debt,
      action: 'repay',
    });
    execution.state.set(debtTable, message.debt, { ...debt, outstanding });
    if (outstanding > 0n) return;
    for (const party of [from, to]) updateAccount(execution, party, { openDebts: accountOf(execution, party).openDebts - 1 });
  },
};
