import { STATE_NAMESPACES } from '@mutual-chain/protocol';
import { nameOfEntry } from '../../audit/entry-name.ts';
import { isZero } from '../../ledger/requests.ts';
import { dailyLimitRaiseTable, lotTable, withdrawalDayTable } from '../../state/tables.ts';
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

/** A daily limit was raised on a day that has begun, above one that there was. */
export const dailyLimitRaises: Invariant = {
  name: 'daily limit raises',
  violations: (state) => {
    const violations: string[] = [];
    const today = utcDay(state.nowSec);
    for (const { key, value } of state.rows(STATE_NAMESPACES.dailyLimitRaise, dailyLimitRaiseTable)) {
      if (value.day > today) violations.push(`${nameOfEntry(key)}: day ${value.day} lies ahead`);
      if (value.limitThatDay === 0n) violations.push(`${nameOfEntry(key)}: there was no limit to raise`);
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
