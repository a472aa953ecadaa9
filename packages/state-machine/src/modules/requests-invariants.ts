import { type Lot, type LotId, STATE_NAMESPACES } from '@mutual-chain/protocol';
import type { AuditedRow, AuditedState } from '../audit/audited-state.ts';
import { nameOfEntry } from '../audit/entry-name.ts';
import { expiryOf, isClaimed, isOpen } from '../ledger/requests.ts';
import { SCHEDULE_KINDS, scheduledItem, scheduleKey } from '../state/schedule.ts';
import { accountTable, holdingTable, lotTable } from '../state/tables.ts';
import { type StateKey, stateKeyToBytes } from '../view/state-key.ts';
import type { Invariant } from './module.ts';

/** A lot carries one request while it is in S1 to S4 and none in S0, S5 or S6; what is closed holds nothing (S6 shows what was burned). */
export const oneRequestPerLot: Invariant = {
  name: 'one request per lot',
  violations: (state) => lotsOf(state).flatMap(({ key, value }) => faultsOf(value).map((fault) => `${nameOfEntry(key)}: ${fault}`)),
};

/** Transfers, credits and withdrawals in flight are split off a main lot that is active (S5): it is not closed before they are settled. */
export const activeMainLots: Invariant = {
  name: 'active main lots',
  violations: (state) => {
    const violations: string[] = [];
    for (const { key, value: lot } of lotsOf(state)) {
      if (!isOpen(lot) || lot.state === 1) continue;
      const main = state.get(holdingTable, lot)?.state ?? 0;
      if (main !== 5) violations.push(`${nameOfEntry(key)}: in S${lot.state} while its owner's main lot is in S${main}`);
    }
    return violations;
  },
};

/** Accounts count the open lots they own. */
export const openLotCounts: Invariant = {
  name: 'open lot counts',
  violations: (state) => {
    const counts = new Map<StateKey, number>();
    for (const { value: lot } of lotsOf(state)) {
      const owner = accountTable.keyOf(lot.owner);
      if (isOpen(lot)) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    const violations: string[] = [];
    for (const { key, value: account } of state.rows(STATE_NAMESPACES.account, accountTable)) {
      const count = counts.get(key) ?? 0;
      if (account.openLots !== count) violations.push(`${nameOfEntry(key)}: openLots is ${account.openLots}, it owns ${count}`);
      counts.delete(key);
    }
    for (const key of counts.keys()) violations.push(`${nameOfEntry(key)}: missing, though it owns open lots`);
    return violations;
  },
};

/** An open request that can expire is scheduled to, once and at its time; a claimed one is not; every closed lot will be forgotten once. */
export const scheduledLots: Invariant = {
  name: 'scheduled lots',
  violations: (state) => {
    const violations: string[] = [];
    const purges = new Map<StateKey, number>();
    for (const key of state.keys(STATE_NAMESPACES.schedule)) {
      const item = scheduledItem(key);
      const lot = state.get(lotTable, item.id as LotId);
      if (item.kind === SCHEDULE_KINDS.lotExpiry && !(lot !== undefined && canExpire(lot) && lot.expiresAt === item.dueSec)) {
        violations.push(`${nameOfEntry(key)}: there is no open and unclaimed lot that expires then`);
      }
      if (item.kind === SCHEDULE_KINDS.closedLotPurge) {
        const lotKey = lotTable.keyOf(item.id as LotId);
        purges.set(lotKey, (purges.get(lotKey) ?? 0) + 1);
        if (lot === undefined || isOpen(lot)) violations.push(`${nameOfEntry(key)}: there is no closed lot to forget`);
      }
    }
    for (const { key, value: lot } of lotsOf(state)) {
      const id = stateKeyToBytes(key).subarray(1) as LotId;
      if (canExpire(lot) && !state.has(scheduleKey(expiryOf(id, lot)))) violations.push(`${nameOfEntry(key)}: its expiry is not scheduled`);
      const planned = purges.get(key) ?? 0;
      if (!isOpen(lot) && planned !== 1) violations.push(`${nameOfEntry(key)}: closed, and to be forgotten ${planned} times`);
    }
    return violations;
  },
};

function lotsOf(state: AuditedState): readonly AuditedRow<Lot>[] {
  return [...state.rows(STATE_NAMESPACES.lot, lotTable)];
}

function canExpire(lot: Lot): boolean {
  return isOpen(lot) && lot.expiresAt !== 0 && !isClaimed(lot);
}

function faultsOf(lot: Lot): readonly string[] {
  const faults: string[] = [];
  if (lot.state > 6) faults.push(`state ${lot.state} is not known`);
  if (lot.requested === 0n) faults.push('nothing is requested');
  if (isOpen(lot)) {
    if (lot.amount !== 0n && lot.amount !== lot.requested) faults.push(`holds ${lot.amount} of ${lot.requested} requested`);
    if (isClaimed(lot) && lot.state !== 1 && lot.state !== 4) faults.push(`claimed by a gateway in S${lot.state}`);
    return faults;
  }
  if (lot.state !== 6 && lot.amount !== 0n) faults.push(`closed in S${lot.state} and still holds ${lot.amount}`);
  if (lot.confirmations.length > 0) faults.push('closed and still waits for confirms');
  return faults;
}
