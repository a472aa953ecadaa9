import { chainStatusTable } from '../../state/tables.ts';
import type { Change } from './change.ts';
import { currentStatus } from './proposal-rules.ts';

/** Puts a higher protocol version in force from a height; nodes that do not know it stop there and say so. */
export const changeUpgrade: Change<'ProposeUpgrade'> = {
  check: (execution, message) => (message.protocolVersion > currentStatus(execution).protocolVersion ? 'OK' : 'INVALID_FIELD'),
  apply: (execution, message) => {
    const { protocolVersion } = message;
    execution.state.set(chainStatusTable, undefined, { ...currentStatus(execution), protocolVersion });
  },
};
