import type { Delegation } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { assetOf } from '../../ledger/assets.ts';
import { pairKey } from '../../ledger/pair-key.ts';
import { checkCounterparty } from '../../ledger/spending.ts';
import { delegationTable } from '../../state/tables.ts';
import type { Operation } from '../module.ts';
import { utcDay } from '../withdrawals/daily-limit.ts';
import { checkPlainTransfer, executePlainTransfer } from './transfer.ts';

/** Lets somebody transfer from one of the sender's holdings up to a daily limit; a limit of 0 takes that back. */
export const setDelegate: Operation<'SetDelegate'> = {
  check: (execution, message) => {
    if (assetOf(execution, message.asset) === undefined) return 'UNKNOWN_ASSET';
    const counterparty = checkCounterparty(execution, message.from, message.delegate);
    if (counterparty !== 'OK') return counterparty;
    return message.expiresAt !== 0 && message.expiresAt <= execution.nowSec ? 'INVALID_FIELD' : 'OK';
  },
  execute: (execution, message) => {
    const { from: owner, delegate, asset, dailyLimit, expiresAt } = message;
    const key = pairKey(execution, owner, delegate, asset);
    if (dailyLimit === 0n) {
      execution.state.delete(delegationTable, key);
      return;
    }
    const known = execution.state.get(delegationTable, key);
    const spent = known === undefined ? { day: 0, spentToday: 0n } : { day: known.day, spentToday: known.spentToday };
    execution.state.set(delegationTable, key, { owner, delegate, asset, dailyLimit, expiresAt, ...spent });
  },
};

/** Transfers from the holding of somebody who has named the sender a delegate. Level, freeze and balance are the owner's. */
export const delegatedTransfer: Operation<'DelegatedTransfer'> = {
  check: (execution, message) => {
    const delegation = execution.state.get(delegationTable, pairKey(execution, message.owner, message.from, message.asset));
    if (delegation === undefined || (delegation.expiresAt !== 0 && execution.nowSec >= delegation.expiresAt)) return 'NOT_PERMITTED';
    const code = checkPlainTransfer(execution, { ...message, payer: message.owner });
    const exceeds = spentToday(execution, delegation) + message.amount > delegation.dailyLimit;
    return exceeds && (code === 'OK' || code === 'AMOUNT_INVALID' || code === 'INVALID_COUNTERPARTY') ? 'LIMIT_EXCEEDED' : code;
  },
  execute: (execution, message) => {
    const key = pairKey(execution, message.owner, message.from, message.asset);
    const delegation = execution.state.get(delegationTable, key);
    if (delegation !== undefined) {
      const spent = spentToday(execution, delegation) + message.amount;
      execution.state.set(delegationTable, key, { ...delegation, day: utcDay(execution.nowSec), spentToday: spent });
    }
    executePlainTransfer(execution, { ...message, payer: message.owner }, 'delegated');
  },
};

function spentToday(execution: Execution, delegation: Delegation): bigint {
  return delegation.day === utcDay(execution.nowSec) ? delegation.spentToday : 0n;
}
