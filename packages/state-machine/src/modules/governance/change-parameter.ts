import { withParameter } from '@mutual-chain/protocol';
import { parametersTable } from '../../state/tables.ts';
import type { Change } from './change.ts';

/** Sets one parameter, in the range of the table of parameters and in agreement with the others. */
export const changeParameter: Change<'ProposeParameter'> = {
  check: (execution, message) => {
    const next = withParameter(execution.state.get(parametersTable, undefined) ?? execution.parameters, message.name, message.value);
    return next === undefined ? 'INVALID_FIELD' : 'OK';
  },
  apply: (execution, message) => {
    const next = withParameter(execution.state.get(parametersTable, undefined) ?? execution.parameters, message.name, message.value);
    if (next !== undefined) execution.state.set(parametersTable, undefined, next);
  },
};
