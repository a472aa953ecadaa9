import type { Address } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { assetOf, isGateway } from '../../ledger/assets.ts';
import { pairKey } from '../../ledger/pair-key.ts';
import { depositAuthorizationTable } from '../../state/tables.ts';
import type { Operation } from '../module.ts';

/** Lets a gateway open deposits in the sender's name, or takes that leave back. */
export const authorizeDeposits: Operation<'AuthorizeDeposits'> = {
  check: (execution, message) => {
    const asset = assetOf(execution, message.asset);
    if (asset === undefined) return 'UNKNOWN_ASSET';
    return message.allowed && !isGateway(asset, message.gateway) ? 'INVALID_COUNTERPARTY' : 'OK';
  },
  execute: (execution, message) => {
    const key = pairKey(execution, message.from, message.gateway, message.asset);
    if (!message.allowed) {
      execution.state.delete(depositAuthorizationTable, key);
      return;
    }
    const { from: owner, gateway, asset, allowed } = message;
    execution.state.set(depositAuthorizationTable, key, { owner, gateway, asset, allowed });
  },
};

/** Whether the owner has authorised the gateway for the asset. */
export function isDepositAuthorized(execution: Execution, owner: Address, gateway: Address, asset: string): boolean {
  return execution.state.get(depositAuthorizationTable, pairKey(execution, owner, gateway, asset))?.allowed === true;
}
