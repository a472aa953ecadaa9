import { compareBytes } from '../bytes/byte-order.ts';
import { assertInvariant } from '../chain-error.ts';
import type { Validator, ValidatorSet } from './validator-set.ts';
import { totalPower } from './validator-set.ts';

/*
 * Weighted round robin. In one step every priority grows by its validator's power; the highest proposes and pays the total power.
 * Over time each validator proposes in proportion to its power. Priorities advance once a height, whatever round decided; round r of a
 * height is r further steps on a copy. Before a step priorities are scaled into a window of twice the total and centred on zero.
 */

/** Width of the window of priorities, in units of the total power. */
const WINDOW_FACTOR = 2n;

/**
 * The proposer of a round at the height of the set. Round 0 is the highest priority after one step.
 *
 * Takes one step a round, so ask only for rounds that are near; a round from outside has to be bounded first.
 */
export function proposerAt(set: ValidatorSet, round: number): Validator {
  let stepped = set;
  let proposer: Validator | undefined;
  for (let index = 0; index <= round; index++) ({ set: stepped, proposer } = step(stepped));
  assertInvariant(proposer !== undefined, 'a round is not negative');
  return proposer;
}

/** The set of the next height when nothing else changes: one step further. */
export function advanceHeight(set: ValidatorSet): ValidatorSet {
  return step(set).set;
}

/** Scales priorities into the window (integer division toward zero) and centres them on zero (average rounded down). */
export function centred(set: ValidatorSet): ValidatorSet {
  const scaled = scaledToWindow(set.validators, WINDOW_FACTOR * totalPower(set));
  let sum = 0n;
  for (const { priority } of scaled) sum += priority;
  const average = floorDivide(sum, BigInt(scaled.length));
  return { validators: scaled.map((each) => ({ ...each, priority: each.priority - average })) };
}

function step(set: ValidatorSet): { readonly set: ValidatorSet; readonly proposer: Validator } {
  const total = totalPower(set);
  const grown = centred(set).validators.map((each) => ({ ...each, priority: each.priority + each.power }));
  let highest = grown[0];
  assertInvariant(highest !== undefined, 'a validator set is not empty');
  for (const each of grown) {
    const lead = each.priority - highest.priority;
    if (lead > 0n || (lead === 0n && compareBytes(each.address, highest.address) < 0)) highest = each;
  }
  const proposer = highest;
  const paid = grown.map((each) => (each === proposer ? { ...each, priority: each.priority - total } : each));
  return { set: { validators: paid }, proposer };
}

function scaledToWindow(validators: readonly Validator[], window: bigint): readonly Validator[] {
  let lowest = validators[0]?.priority ?? 0n;
  let highest = lowest;
  for (const { priority } of validators) {
    if (priority < lowest) lowest = priority;
    if (priority > highest) highest = priority;
  }
  const spread = highest - lowest;
  if (spread <= window) return validators;
  const ratio = (spread + window - 1n) / window;
  return validators.map((each) => ({ ...each, priority: each.priority / ratio }));
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
