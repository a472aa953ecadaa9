import { encodeHex, type LotId, STATE_NAMESPACES } from '@mutual-chain/protocol';
import type { Invariant } from '../modules/module.ts';
import { externalReferenceTable, lotTable } from '../state/tables.ts';
import { nameOfEntry } from './entry-name.ts';

/** A reference has settled one lot, a lot was settled by at most one reference, and nothing was burned without one. */
export const externalReferences: Invariant = {
  name: 'external references',
  violations: (state) => {
    const violations: string[] = [];
    const settled = new Set<string>();
    for (const { key, value: id } of state.rows(STATE_NAMESPACES.externalReference, externalReferenceTable)) {
      const name = encodeHex(id);
      if (settled.has(name)) violations.push(`${nameOfEntry(key)}: lot ${name} was settled by another reference already`);
      settled.add(name);
      const lot = state.get(lotTable, id as LotId);
      if (lot !== undefined && lot.state !== 5 && lot.state !== 6) violations.push(`${nameOfEntry(key)}: lot ${name} is in S${lot.state}`);
    }
    for (const { key, value: lot } of state.rows(STATE_NAMESPACES.lot, lotTable)) {
      const name = nameOfEntry(key);
      if (lot.state === 6 && !settled.has(name.slice('lot '.length))) violations.push(`${name}: in S6 without an external reference`);
    }
    return violations;
  },
};
