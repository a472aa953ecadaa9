import { availableOf, holdingOf } from '../../ledger/holdings.ts';
import { checkOpenLots } from '../../ledger/requests.ts';
import { checkSpending, definedAsset } from '../../ledger/spending.ts';
import type { Operation } from '../module.ts';
import { isWithinDailyLimit } from './daily-limit.ts';
import { openWithdrawal } from './request-withdrawal.ts';

/**
 * Withdraws everything of an asset; the gateway's confirm (E12) then closes the main lot: S6. A later deposit starts anew at S0. Nothing else
 * of the asset may be in flight to or from the owner (`OBLIGATIONS_OPEN`); what begins while the gateway pays keeps the main lot active.
 */
export const closeHolding: Operation<'CloseHolding'> = {
  check: (execution, message) => {
    const spending = checkSpending(execution, message.from, message.asset, 'withdrawal');
    if (spending !== 'OK') return spending;
    const holding = holdingOf(execution, message.from, message.asset);
    if (availableOf(execution, message.from, message.asset) < holding.amount) return 'INSUFFICIENT_BALANCE';
    if (!isWithinDailyLimit(execution, message.from, message.asset, holding.amount)) return 'LIMIT_EXCEEDED';
    const openLots = checkOpenLots(execution, message.from);
    if (openLots !== 'OK') return openLots;
    if (holding.amount === 0n) return 'AMOUNT_INVALID';
    if (definedAsset(execution, message.asset).gateways.length === 0 || message.destination === '') return 'INVALID_FIELD';
    return holding.pendingIn > 0n || holding.pendingOut > 0n ? 'OBLIGATIONS_OPEN' : 'OK';
  },
  execute: (execution, message) => {
    const { from, asset, destination } = message;
    const { amount } = holdingOf(execution, from, asset);
    openWithdrawal(execution, { owner: from, asset, amount, destination, expiresAt: 0, closes: true, action: 'close' });
  },
};
