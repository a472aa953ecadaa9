import { type Address, equalBytes, type LotId, type ResultCode, type TransactionMessage } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { availableOf, changePending, creditHolding, debitHolding } from '../../ledger/holdings.ts';
import { emitRecord } from '../../ledger/records.ts';
import {
  amendLot,
  checkAmendable,
  checkExpiryField,
  checkNotExpired,
  checkOpenLots,
  isClaimed,
  isZero,
  knownLot,
  lotOf,
  newLot,
  openedLotId,
  openLot,
} from '../../ledger/requests.ts';
import { checkSpender, checkSpending, definedAsset } from '../../ledger/spending.ts';
import type { Operation } from '../module.ts';
import { countWithdrawal, isWithinDailyLimit } from './daily-limit.ts';

/** Asks a gateway to pay out (S5 –E10→ S4), or amends such a request (S4 –E10→ S4). Only what is requested ever reaches S6. */
export const requestWithdrawal: Operation<'RequestWithdrawal'> = {
  check: (execution, message) => (isZero(message.lot) ? checkOpening(execution, message) : checkAmendment(execution, message)),
  execute: (execution, message) => {
    if (!isZero(message.lot)) {
      amend(execution, message);
      return;
    }
    const { from, asset, amount, destination, expiresAt } = message;
    openWithdrawal(execution, { owner: from, asset, amount, destination, expiresAt, closes: false, action: 'request' });
  },
};

/** A withdrawal to open: of a named amount, or of everything to close the main lot. */
export type WithdrawalOpening = {
  readonly owner: Address;
  readonly asset: string;
  readonly amount: bigint;
  readonly destination: string;
  readonly expiresAt: number;
  readonly closes: boolean;
  readonly action: string;
};

/** Splits the amount off the main lot into a lot that waits for the gateway. */
export function openWithdrawal(execution: Execution, opening: WithdrawalOpening): void {
  const { owner, asset, amount, destination, expiresAt, closes, action } = opening;
  const id = openedLotId(execution);
  debitHolding(execution, owner, asset, amount);
  changePending(execution, owner, asset, { out: amount });
  countWithdrawal(execution, owner, asset, amount);
  openLot(
    execution,
    id,
    newLot({ owner, requester: owner, asset, amount, state: 4, requested: amount, expiresAt, reference: destination, closes }),
  );
  emitRecord(execution, { state: 'S5', input: 'E10', lot: id, asset, amount, from: owner, action, memo: destination });
}

function checkOpening(execution: Execution, message: TransactionMessage<'RequestWithdrawal'>): ResultCode {
  const spending = checkSpending(execution, message.from, message.asset, 'withdrawal');
  if (spending !== 'OK') return spending;
  if (message.expiresAt !== 0 && message.expiresAt <= execution.nowSec) return 'REQUEST_EXPIRED';
  if (availableOf(execution, message.from, message.asset) < message.amount) return 'INSUFFICIENT_BALANCE';
  if (!isWithinDailyLimit(execution, message.from, message.asset, message.amount)) return 'LIMIT_EXCEEDED';
  const openLots = checkOpenLots(execution, message.from);
  if (openLots !== 'OK') return openLots;
  if (message.amount === 0n) return 'AMOUNT_INVALID';
  if (definedAsset(execution, message.asset).gateways.length === 0 || message.destination === '') return 'INVALID_FIELD';
  return checkExpiryField(execution, message.expiresAt);
}

function checkAmendment(execution: Execution, message: TransactionMessage<'RequestWithdrawal'>): ResultCode {
  const spender = checkSpender(execution, message.from, 'withdrawal');
  if (spender !== 'OK') return spender;
  const lot = lotOf(execution, message.lot);
  const amendable = checkAmendable(lot, 'E10');
  if (amendable !== 'OK' || lot === undefined) return amendable;
  if (!equalBytes(lot.requester, message.from)) return 'NOT_PERMITTED';
  const spending = checkSpending(execution, message.from, lot.asset, 'withdrawal');
  if (spending !== 'OK') return spending;
  const open = checkNotExpired(execution, lot);
  if (open !== 'OK') return open;
  if (message.expiresAt !== 0 && message.expiresAt <= execution.nowSec) return 'REQUEST_EXPIRED';
  if (availableOf(execution, message.from, lot.asset) + lot.amount < message.amount) return 'INSUFFICIENT_BALANCE';
  const raised = message.amount > lot.amount ? message.amount - lot.amount : 0n;
  if (raised > 0n && !isWithinDailyLimit(execution, message.from, lot.asset, raised)) return 'LIMIT_EXCEEDED';
  if (message.amount === 0n) return 'AMOUNT_INVALID';
  if (isClaimed(lot)) return 'ALREADY_CLAIMED';
  if (message.asset !== lot.asset || message.destination === '') return 'INVALID_FIELD';
  return checkExpiryField(execution, message.expiresAt);
}

function amend(execution: Execution, message: TransactionMessage<'RequestWithdrawal'>): void {
  const id = message.lot as Uint8Array as LotId;
  const lot = knownLot(execution, id);
  const { from, asset, amount, destination, expiresAt } = message;
  if (amount > lot.amount) {
    debitHolding(execution, from, asset, amount - lot.amount);
    countWithdrawal(execution, from, asset, amount - lot.amount);
  } else creditHolding(execution, from, asset, lot.amount - amount);
  changePending(execution, from, asset, { out: amount - lot.amount });
  const amended = amendLot(execution, id, lot, { amount, requested: amount, expiresAt, reference: destination, closes: false });
  emitRecord(execution, {
    state: 'S4',
    input: 'E10',
    lot: id,
    asset,
    amount,
    from,
    revision: amended.revision,
    action: 'amend',
    memo: destination,
  });
}
