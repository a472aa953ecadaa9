import { equalBytes, type LotId, type ResultCode, type TransactionMessage } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { availableOf, changePending, creditHolding, debitHolding } from '../../ledger/holdings.ts';
import { emitRecord } from '../../ledger/records.ts';
import {
  amendLot,
  checkAmendable,
  checkExpiryField,
  checkNotExpired,
  checkOpenLots,
  isZero,
  knownLot,
  lotOf,
  openedLotId,
} from '../../ledger/requests.ts';
import { checkCounterparty, checkSpender, checkSpending } from '../../ledger/spending.ts';
import type { Operation } from '../module.ts';
import { holdForPayee } from './transfer.ts';

/** Asks a payee to accept money (S5 –E04→ S2), or amends such a request (S2 –E04→ S2, revision + 1). */
export const requestTransfer: Operation<'RequestTransfer'> = {
  check: (execution, message) => (isZero(message.lot) ? checkOpening(execution, message) : checkAmendment(execution, message)),
  execute: (execution, message) => {
    if (!isZero(message.lot)) {
      amend(execution, message);
      return;
    }
    const { from: payer, to, asset, amount, memo, expiresAt } = message;
    holdForPayee(execution, openedLotId(execution), { payer, to, asset, amount, memo, expiresAt }, 'request');
  },
};

function checkOpening(execution: Execution, message: TransactionMessage<'RequestTransfer'>): ResultCode {
  const spending = checkSpending(execution, message.from, message.asset, 'transfer');
  if (spending !== 'OK') return spending;
  if (message.expiresAt !== 0 && message.expiresAt <= execution.nowSec) return 'REQUEST_EXPIRED';
  if (availableOf(execution, message.from, message.asset) < message.amount) return 'INSUFFICIENT_BALANCE';
  const openLots = checkOpenLots(execution, message.from);
  if (openLots !== 'OK') return openLots;
  return checkTerms(execution, message);
}

function checkAmendment(execution: Execution, message: TransactionMessage<'RequestTransfer'>): ResultCode {
  const spender = checkSpender(execution, message.from, 'transfer');
  if (spender !== 'OK') return spender;
  const lot = lotOf(execution, message.lot);
  const amendable = checkAmendable(lot, 'E04');
  if (amendable !== 'OK' || lot === undefined) return amendable;
  if (!equalBytes(lot.requester, message.from)) return 'NOT_PERMITTED';
  const spending = checkSpending(execution, message.from, lot.asset, 'transfer');
  if (spending !== 'OK') return spending;
  const open = checkNotExpired(execution, lot);
  if (open !== 'OK') return open;
  if (message.expiresAt !== 0 && message.expiresAt <= execution.nowSec) return 'REQUEST_EXPIRED';
  if (availableOf(execution, message.from, lot.asset) + lot.amount < message.amount) return 'INSUFFICIENT_BALANCE';
  const terms = checkTerms(execution, message);
  if (terms !== 'OK') return terms;
  return message.asset === lot.asset ? 'OK' : 'INVALID_FIELD';
}

function checkTerms(execution: Execution, message: TransactionMessage<'RequestTransfer'>): ResultCode {
  if (message.amount === 0n) return 'AMOUNT_INVALID';
  const counterparty = checkCounterparty(execution, message.from, message.to);
  return counterparty === 'OK' ? checkExpiryField(execution, message.expiresAt) : counterparty;
}

function amend(execution: Execution, message: TransactionMessage<'RequestTransfer'>): void {
  const id = message.lot as Uint8Array as LotId;
  const lot = knownLot(execution, id);
  const { from, to, asset, amount, memo, expiresAt } = message;
  if (amount > lot.amount) debitHolding(execution, from, asset, amount - lot.amount);
  else creditHolding(execution, from, asset, lot.amount - amount);
  changePending(execution, from, asset, { out: amount - lot.amount });
  changePending(execution, lot.counterparty, asset, { in: -lot.requested });
  changePending(execution, to, asset, { in: amount });
  const amended = amendLot(execution, id, lot, { amount, requested: amount, counterparty: to, expiresAt, reference: memo });
  emitRecord(execution, {
    state: 'S2',
    input: 'E04',
    lot: id,
    asset,
    amount,
    from,
    to,
    revision: amended.revision,
    action: 'amend',
    memo,
  });
}
