import { type Address, equalBytes, type LotId, type ResultCode, type TransactionMessage, transition } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { fitsPendingIn } from '../../ledger/amount-range.ts';
import { availableOf, changePending, creditHolding, debitHolding, mainLotState } from '../../ledger/holdings.ts';
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
  newLot,
  openedLotId,
  openLot,
} from '../../ledger/requests.ts';
import { checkCounterparty, checkSpender, checkSpending } from '../../ledger/spending.ts';
import type { Operation } from '../module.ts';

type CreditMessage = TransactionMessage<'RequestCredit'>;

/**
 * Proposes credit (S5 –E07→ S3), or amends the proposal (S3 –E07→ S3). A lender's offer holds the money at once; a borrower's
 * application holds nothing until the lender confirms, but is split from a main lot all the same: one that is not active (S5) has no E07.
 */
export const requestCredit: Operation<'RequestCredit'> = {
  check: (execution, message) => {
    if (!equalBytes(message.from, message.lender) && !equalBytes(message.from, message.borrower)) return 'NOT_PERMITTED';
    return isZero(message.lot) ? checkOpening(execution, message) : checkAmendment(execution, message);
  },
  execute: (execution, message) => {
    if (isZero(message.lot)) open(execution, message);
    else amend(execution, message);
  },
};

function checkOpening(execution: Execution, message: CreditMessage): ResultCode {
  const spending = checkSpending(execution, message.from, message.asset, 'transfer');
  if (spending !== 'OK') return spending;
  if (!isOffer(message) && transition(mainLotState(execution, message.from, message.asset), 'E07') === undefined) return 'DFSM_ILLEGAL';
  if (message.expiresAt !== 0 && message.expiresAt <= execution.nowSec) return 'REQUEST_EXPIRED';
  if (isOffer(message) && availableOf(execution, message.from, message.asset) < message.amount) return 'INSUFFICIENT_BALANCE';
  const openLots = checkOpenLots(execution, message.from);
  return openLots === 'OK' ? checkTerms(execution, message, message.asset, 0n) : openLots;
}

function checkAmendment(execution: Execution, message: CreditMessage): ResultCode {
  const spender = checkSpender(execution, message.from, 'transfer');
  if (spender !== 'OK') return spender;
  const lot = lotOf(execution, message.lot);
  const amendable = checkAmendable(lot, 'E07');
  if (amendable !== 'OK' || lot === undefined) return amendable;
  if (!equalBytes(lot.requester, message.from)) return 'NOT_PERMITTED';
  const spending = checkSpending(execution, message.from, lot.asset, 'transfer');
  if (spending !== 'OK') return spending;
  const open = checkNotExpired(execution, lot);
  if (open !== 'OK') return open;
  if (message.expiresAt !== 0 && message.expiresAt <= execution.nowSec) return 'REQUEST_EXPIRED';
  if (isOffer(message) && availableOf(execution, message.from, lot.asset) + lot.amount < message.amount) return 'INSUFFICIENT_BALANCE';
  const terms = checkTerms(execution, message, lot.asset, lot.requested);
  if (terms !== 'OK') return terms;
  const sameSide = isOffer(message) === lot.amount > 0n;
  return message.asset === lot.asset && sameSide ? 'OK' : 'INVALID_FIELD';
}

/** `asset` is one that is defined; what the message of an amendment calls the asset has not been compared yet. */
function checkTerms(execution: Execution, message: CreditMessage, asset: string, replaced: bigint): ResultCode {
  const { amount, from } = message;
  if (amount === 0n) return 'AMOUNT_INVALID';
  if (!isOffer(message) && !fitsPendingIn(execution, from, asset, amount, replaced)) return 'AMOUNT_INVALID';
  const counterparty = checkCounterparty(execution, message.from, otherSide(message));
  if (counterparty !== 'OK') return counterparty;
  if (message.dueAt <= execution.nowSec) return 'INVALID_FIELD';
  return checkExpiryField(execution, message.expiresAt);
}

/** The lender opened it: money is held from the start. */
function isOffer(message: CreditMessage): boolean {
  return equalBytes(message.from, message.lender);
}

function otherSide(message: CreditMessage): Address {
  return isOffer(message) ? message.borrower : message.lender;
}

function open(execution: Execution, message: CreditMessage): void {
  const { from, lender, borrower, asset, amount, termsHash, dueAt, expiresAt } = message;
  const id = openedLotId(execution);
  const held = isOffer(message) ? amount : 0n;
  debitHolding(execution, from, asset, held);
  if (held > 0n) changePending(execution, from, asset, { out: held });
  changePending(execution, borrower, asset, { in: amount });
  openLot(
    execution,
    id,
    newLot({
      owner: from,
      requester: from,
      counterparty: otherSide(message),
      asset,
      amount: held,
      state: 3,
      requested: amount,
      expiresAt,
      termsHash,
      dueAt,
    }),
  );
  emitRecord(execution, {
    state: 'S5',
    input: 'E07',
    lot: id,
    asset,
    amount,
    from: lender,
    to: borrower,
    action: held > 0n ? 'offer' : 'apply',
  });
}

function amend(execution: Execution, message: CreditMessage): void {
  const { from, lender, borrower, asset, amount, termsHash, dueAt, expiresAt } = message;
  const id = message.lot as Uint8Array as LotId;
  const lot = knownLot(execution, id);
  const held = isOffer(message) ? amount : 0n;
  if (held > lot.amount) debitHolding(execution, from, asset, held - lot.amount);
  else creditHolding(execution, from, asset, lot.amount - held);
  if (held > 0n) changePending(execution, from, asset, { out: held - lot.amount });
  changePending(execution, lot.amount > 0n ? lot.counterparty : lot.owner, asset, { in: -lot.requested });
  changePending(execution, borrower, asset, { in: amount });
  const amended = amendLot(execution, id, lot, {
    amount: held,
    requested: amount,
    counterparty: otherSide(message),
    termsHash,
    dueAt,
    expiresAt,
  });
  emitRecord(execution, {
    state: 'S3',
    input: 'E07',
    lot: id,
    asset,
    amount,
    from: lender,
    to: borrower,
    revision: amended.revision,
    action: 'amend',
  });
}
