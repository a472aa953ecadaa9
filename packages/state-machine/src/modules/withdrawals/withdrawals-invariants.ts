import { STATE_NAMESPACES } from '@mutual-chain/protocol';
import { nameOfEntry } from '../../audit/entry-name.ts';
import { isZero } from '../../ledger/requests.ts';
import { lotTable, withdrawalDayTable } from '../../state/tables.ts';
import type { Invariant } from '../module.ts';
import { utcDay } from './daily-limit.ts';

/** A withdrawal (S4) holds all of what is to be paid out, one that is finished (S6) shows all of it as burned, and nobody receives it. */
export const withdrawalLots: Invariant = {
  name: 'withdrawal lots',
  violations: (state) => {
    const violations: string[] = [];
    for (const { key, value: lot } of state.rows(STATE_NAMESPACES.lot, lotTable)) {
      if (lot.state !== 4 && lot.state !== 6) continue;
      if (lot.amount !== lot.requested) violations.push(`${nameOfEntry(key)}: holds ${lot.amount} of ${lot.requested} requested`);
      if (!isZero(lot.counterparty)) violations.push(`${nameOfEntry(key)}: names a payee`);
    }
    return violations;
  },
};

/** What is counted against a daily limit belongs to a day that has begun. */
export const withdrawalDays: Invariant = {
  name: 'withdrawal days',
  violations: (state) => {
    const today = utcDay(state.nowSec);
    const rows = [...state.rows(STATE_NAMESPACES.withdrawalDay, withdrawalDayTable)];
    return rows.filter(({ value }) => value.day > today).map(({ key, value }) => `${nameOfEntry(key)}: day ${value.day} lies ahead`);
  },
};
