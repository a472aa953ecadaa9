import { FREEZE, type TransactionMessage } from '@mutual-chain/protocol';
import { accountOf, updateAccount } from '../../ledger/accounts.ts';
import { assetOf } from '../../ledger/assets.ts';
import { updateHolding } from '../../ledger/holdings.ts';
import { isZero } from '../../ledger/requests.ts';
import { assetTable } from '../../state/tables.ts';
import type { Change } from './change.ts';

/** Freezes or thaws an account (asset empty), an asset (account zero), or one account's asset (both given). */
export const changeFreeze: Change<'ProposeFreeze'> = {
  check: (execution, message) => {
    if (message.asset !== '' && assetOf(execution, message.asset) === undefined) return 'UNKNOWN_ASSET';
    if (isZero(message.account)) return message.asset === '' ? 'INVALID_FIELD' : 'OK';
    return accountOf(execution, message.account).escrow ? 'INVALID_COUNTERPARTY' : 'OK';
  },
  apply: (execution, message) => {
    const freeze = freezeFrom(message);
    if (message.asset === '') {
      updateAccount(execution, message.account, { freeze });
      return;
    }
    if (!isZero(message.account)) {
      updateHolding(execution, message.account, message.asset, { freeze });
      return;
    }
    const asset = assetOf(execution, message.asset);
    if (asset !== undefined) execution.state.set(assetTable, message.asset, { ...asset, freeze });
  },
};

function freezeFrom(message: TransactionMessage<'ProposeFreeze'>): number {
  if (!message.frozen) return FREEZE.none;
  if (message.legalHold) return FREEZE.legalHold;
  return message.deep ? FREEZE.deep : FREEZE.shallow;
}
