import type { ReleaseSchedule } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { releaseScheduleTable } from '../../state/tables.ts';
import type { Change } from './change.ts';

/** Longest delay one change may make, seconds: ten years. */
const DELAY_SEC_MAX = 315_360_000;

/**
 * Delays the steps of a community release that are still to come. There is no change that hastens one, and none that touches what was promised
 * with an allocation: a cliff, steps of its own, a linear release.
 */
export const changeRelease: Change<'ProposeRelease'> = {
  check: (execution, message) => {
    const schedule = execution.state.get(releaseScheduleTable, message.account);
    if (schedule === undefined) return 'UNKNOWN_ACCOUNT';
    const possible = schedule.kind === 'COMMUNITY' && message.delaySec >= 1 && message.delaySec <= DELAY_SEC_MAX;
    return possible ? 'OK' : 'INVALID_FIELD';
  },
  apply: (execution, message) => {
    const schedule = execution.state.get(releaseScheduleTable, message.account);
    if (schedule === undefined) return;
    execution.state.set(releaseScheduleTable, message.account, delayed(execution, schedule, message.delaySec));
  },
};

function delayed(execution: Execution, schedule: ReleaseSchedule, delaySec: number): ReleaseSchedule {
  const steps = schedule.steps.map((step) => (step.atSec > execution.nowSec ? { ...step, atSec: step.atSec + delaySec } : step));
  return { ...schedule, steps };
}
