import { advanceHeight, equalBytes, type ValidatorSet, validatorSetCodec } from '@mutual-chain/protocol';
import { parametersTable, type StateChange, type StateView, validatorSetTable } from '@mutual-chain/state-machine';
import type { IndexEntry } from '../storage/state-store.ts';
import { heightPart, indexKeyOf } from './index-key.ts';
import { INDEX_FORM } from './limits.ts';

const PARAMETERS_KEY = parametersTable.keyOf(undefined);
const VALIDATORS_KEY = validatorSetTable.keyOf(undefined);

/**
 * Adds the parameters and the validators of the next height where they do not follow from those kept before; the view is that before the
 * changes of a height.
 */
export function addSettingEntries(entries: IndexEntry[], height: number, changes: readonly StateChange[], view: StateView): void {
  for (const { key, value } of changes) {
    if (value === undefined) continue;
    if (key === PARAMETERS_KEY) {
      const before = view.get(key);
      if (before !== undefined && equalBytes(before, value)) continue;
      // What genesis sets is in force at height 0 already.
      entries.push({ key: indexKeyOf('parameters', heightPart(before === undefined ? 0 : height + 1)), value });
    } else if (key === VALIDATORS_KEY && !follows(view.get(key), value, height + 1)) {
      entries.push({ key: indexKeyOf('validators', heightPart(height + 1)), value });
    }
  }
}

/** Whether the set of a height is found by taking turns in an entry not too far below. */
function follows(before: Uint8Array | undefined, after: Uint8Array, height: number): boolean {
  if (before === undefined || height % INDEX_FORM.validatorIntervalHeights === 0) return false;
  return equalBytes(validatorSetCodec.encode(advanceHeight(validatorSetCodec.decode(before))), after);
}

/** The set of a height, from that of a height at or below it since which nothing but turns has changed it. */
export function advanceTo(set: ValidatorSet, since: number, height: number): ValidatorSet {
  let current = set;
  for (let at = since; at < height; at++) current = advanceHeight(current);
  return current;
}
