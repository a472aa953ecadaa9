import type { PublicKey } from '../bytes/branded.ts';
import { equalBytes } from '../bytes/byte-order.ts';
import { centred } from './proposer-selection.ts';
import { inSetOrder, totalPower, type Validator, type ValidatorSet } from './validator-set.ts';

/** A validator with its new power; power 0 removes it. */
export type ValidatorChange = Omit<Validator, 'priority'>;

/**
 * The set after changes, in order. A joiner starts at −1.125 × the new total power (rounded toward zero), so that leaving and joining again gains no
 * turn; who stays keeps its priority. Undefined when nobody would be left.
 */
export function applyValidatorChanges(set: ValidatorSet, changes: readonly ValidatorChange[]): ValidatorSet | undefined {
  if (changes.length === 0) return set;
  let validators = [...set.validators];
  const joined: PublicKey[] = [];
  for (const change of changes) {
    const known = validators.find((each) => equalBytes(each.publicKey, change.publicKey));
    validators = validators.filter((each) => each !== known);
    if (change.power === 0n) continue;
    if (known === undefined) joined.push(change.publicKey);
    validators.push({ ...change, priority: known?.priority ?? 0n });
  }
  if (validators.length === 0) return undefined;
  const total = totalPower({ validators });
  const start = -(total + total / 8n);
  const placed = validators.map((each) => (joined.some((key) => equalBytes(key, each.publicKey)) ? { ...each, priority: start } : each));
  return centred({ validators: inSetOrder(placed) });
}
