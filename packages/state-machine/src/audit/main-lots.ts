import { FREEZE, STATE_NAMESPACES } from '@mutual-chain/protocol';
import type { Invariant } from '../modules/module.ts';
import { holdingTable } from '../state/tables.ts';
import { nameOfEntry } from './entry-name.ts';

/** A main lot rests in S0, S5 or S6; only an active one (S5) holds anything, and one in S0 has never been closed. */
export const mainLots: Invariant = {
  name: 'main lots',
  violations: (state) => {
    const violations: string[] = [];
    for (const { key, value } of state.rows(STATE_NAMESPACES.holding, holdingTable)) {
      const { amount, state: digit, generation, freeze } = value;
      if (digit !== 0 && digit !== 5 && digit !== 6) violations.push(`${nameOfEntry(key)}: a main lot is never in S${digit}`);
      if (digit !== 5 && amount !== 0n) violations.push(`${nameOfEntry(key)}: holds ${amount} in S${digit}`);
      if (digit === 0 && generation !== 0) violations.push(`${nameOfEntry(key)}: in S0 after ${generation} closings`);
      if (freeze > FREEZE.legalHold) violations.push(`${nameOfEntry(key)}: freeze ${freeze} is not known`);
    }
    return violations;
  },
};
