import { type Address, equalBytes, type LotId, type ResultCode, type TransactionMessage } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { fitsPendingIn } from '../../ledger/amount-range.ts';
import { assetOf, isGateway } from '../../ledger/assets.ts';
import { changePending, mainLotState } from '../../ledger/holdings.ts';
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
import type { Operation } from '../module.ts';
import { isDepositAuthorized } from './authorize-deposits.ts';

/** A deposit request by its owner, or by a gateway the owner has authorised. */
type DepositRequest = {
  readonly requester: Address;
  readonly owner: Address;
  readonly lot: Uint8Array;
  readonly asset: string;
  readonly amount: bigint;
  readonly reference: string;
  readonly expiresAt: number;
};

const ownRequest = (message: TransactionMessage<'RequestDeposit'>): DepositRequest => ({
  ...message,
  requester: message.from,
  owner: message.from,
});

/** Announces a deposit (S0/S5 –E01→ S1) with an empty lot, or amends it (S1 –E01→ S1). */
export const requestDeposit: Operation<'RequestDeposit'> = {
  check: (execution, message) => checkDeposit(execution, ownRequest(message)),
  execute: (execution, message) => {
    executeDeposit(execution, ownRequest(message));
  },
};

/** The same by a gateway in the name of an owner who has authorised it. */
export const requestDepositFor: Operation<'RequestDepositFor'> = {
  check: (execution, message) => {
    const asset = assetOf(execution, message.asset);
    if (asset !== undefined && !isGateway(asset, message.from)) return 'NOT_PERMITTED';
    if (!isDepositAuthorized(execution, message.owner, message.from, message.asset)) return 'NOT_PERMITTED';
    return checkDeposit(execution, { ...message, requester: message.from });
  },
  execute: (execution, message) => {
    executeDeposit(execution, { ...message, requester: message.from });
  },
};

function checkDeposit(execution: Execution, request: DepositRequest): ResultCode {
  return isZero(request.lot) ? checkOpening(execution, request) : checkAmendment(execution, request);
}

function checkOpening(execution: Execution, request: DepositRequest): ResultCode {
  const asset = assetOf(execution, request.asset);
  if (asset === undefined) return 'UNKNOWN_ASSET';
  if (request.expiresAt !== 0 && request.expiresAt <= execution.nowSec) return 'REQUEST_EXPIRED';
  const openLots = checkOpenLots(execution, request.owner);
  if (openLots !== 'OK') return openLots;
  if (!isPossibleAmount(execution, request, request.asset, 0n)) return 'AMOUNT_INVALID';
  if (asset.gateways.length === 0) return 'INVALID_FIELD';
  return checkExpiryField(execution, request.expiresAt);
}

function checkAmendment(execution: Execution, request: DepositRequest): ResultCode {
  const lot = lotOf(execution, request.lot);
  const amendable = checkAmendable(lot, 'E01');
  if (amendable !== 'OK' || lot === undefined) return amendable;
  if (!equalBytes(lot.requester, request.requester) || !equalBytes(lot.owner, request.owner)) return 'NOT_PERMITTED';
  const open = checkNotExpired(execution, lot);
  if (open !== 'OK') return open;
  if (request.expiresAt !== 0 && request.expiresAt <= execution.nowSec) return 'REQUEST_EXPIRED';
  if (!isPossibleAmount(execution, request, lot.asset, lot.requested)) return 'AMOUNT_INVALID';
  if (isClaimed(lot)) return 'ALREADY_CLAIMED';
  if (request.asset !== lot.asset) return 'INVALID_FIELD';
  return checkExpiryField(execution, request.expiresAt);
}

/** `asset` is one that is defined; what the request of an amendment calls the asset has not been compared yet. */
function isPossibleAmount(execution: Execution, { owner, amount }: DepositRequest, asset: string, replaced: bigint): boolean {
  return amount > 0n && fitsPendingIn(execution, owner, asset, amount, replaced);
}

function executeDeposit(execution: Execution, request: DepositRequest): void {
  const { owner, requester, asset, amount, reference, expiresAt } = request;
  if (isZero(request.lot)) {
    const id = openedLotId(execution);
    changePending(execution, owner, asset, { in: amount });
    openLot(execution, id, newLot({ owner, requester, asset, amount: 0n, state: 1, requested: amount, expiresAt, reference }));
    emitRecord(execution, {
      state: mainLotState(execution, owner, asset),
      input: 'E01',
      lot: id,
      asset,
      amount,
      to: owner,
      action: 'request',
      memo: reference,
    });
    return;
  }
  const id = request.lot as LotId;
  const lot = knownLot(execution, id);
  changePending(execution, owner, asset, { in: amount - lot.requested });
  const amended = amendLot(execution, id, lot, { requested: amount, expiresAt, reference });
  emitRecord(execution, {
    state: 'S1',
    input: 'E01',
    lot: id,
    asset,
    amount,
    to: owner,
    revision: amended.revision,
    action: 'amend',
    memo: reference,
  });
}
