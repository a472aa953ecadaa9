import { NATIVE_ASSET, STATE_NAMESPACES } from '@mutual-chain/protocol';
import { bridgeEscrow, feeEscrow, systemAddress } from '../ledger/known-addresses.ts';
import type { Invariant } from '../modules/module.ts';
import { accountTable, holdingTable } from '../state/tables.ts';
import { assetOfHolding, nameOfEntry, ownerKeyOfHolding } from './entry-name.ts';

/** Between two blocks no fees are on their way, and the system, which only names an actor, has nothing. */
export const emptyEscrows: Invariant = {
  name: 'empty escrows',
  violations: (state) => {
    const { cryptography } = state.context;
    const violations: string[] = [];
    for (const owner of [feeEscrow(cryptography), systemAddress(cryptography)]) {
      const key = holdingTable.keyOf({ owner, asset: NATIVE_ASSET });
      const amount = state.get(holdingTable, { owner, asset: NATIVE_ASSET })?.amount ?? 0n;
      if (amount !== 0n) violations.push(`${nameOfEntry(key)}: holds ${amount} between two blocks`);
    }
    return violations;
  },
};

/** Addresses nobody has a key for act in nothing; the ledger's own, the bridge among them, hold MTN only. */
export const keylessAccounts: Invariant = {
  name: 'keyless accounts',
  violations: (state) => {
    const violations: string[] = [];
    const bridge = accountTable.keyOf(bridgeEscrow(state.context.cryptography));
    for (const { key, value } of state.rows(STATE_NAMESPACES.account, accountTable)) {
      const acts = value.nonce !== 0 || value.level !== 0 || value.roles !== 0 || value.openDebts !== 0;
      if (value.escrow && acts) violations.push(`${nameOfEntry(key)}: an escrow has a nonce, level, role or debt`);
      if (key === bridge && !value.escrow) violations.push(`${nameOfEntry(key)}: the bridge is not marked as an escrow`);
    }
    for (const { key } of state.rows(STATE_NAMESPACES.holding, holdingTable)) {
      if (ownerKeyOfHolding(key) === bridge && assetOfHolding(key) !== NATIVE_ASSET) {
        violations.push(`${nameOfEntry(key)}: the bridge holds MTN only, everything else is burned`);
      }
    }
    return violations;
  },
};
