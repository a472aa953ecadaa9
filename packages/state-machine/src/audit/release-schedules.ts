import { lockedAmount, NATIVE_ASSET, STATE_NAMESPACES } from '@mutual-chain/protocol';
import type { Invariant } from '../modules/module.ts';
import { accountTable, holdingTable, releaseScheduleTable } from '../state/tables.ts';
import type { StateKey } from '../view/state-key.ts';
import { keyInNamespace, nameOfEntry } from './entry-name.ts';

/** What a release schedule still locks lies in the account's main lot, and accounts know whether they have a schedule. */
export const releaseSchedules: Invariant = {
  name: 'release schedules',
  violations: (state) => {
    const violations: string[] = [];
    const amounts = new Map<StateKey, bigint>();
    for (const { key, value } of state.rows(STATE_NAMESPACES.holding, holdingTable)) amounts.set(key, value.amount);
    for (const { key, value: schedule } of state.rows(STATE_NAMESPACES.releaseSchedule, releaseScheduleTable)) {
      const holding = (keyInNamespace(key, STATE_NAMESPACES.holding) + NATIVE_ASSET) as StateKey;
      const amount = amounts.get(holding) ?? 0n;
      const locked = lockedAmount(schedule, state.nowSec);
      if (locked > amount) violations.push(`${nameOfEntry(holding)}: holds ${amount}, of which ${locked} should be locked`);
    }
    for (const { key, value: account } of state.rows(STATE_NAMESPACES.account, accountTable)) {
      const has = state.has(keyInNamespace(key, STATE_NAMESPACES.releaseSchedule));
      if (account.scheduled !== has) violations.push(`${nameOfEntry(key)}: is ${account.scheduled ? '' : 'not '}marked as scheduled`);
    }
    return violations;
  },
};
