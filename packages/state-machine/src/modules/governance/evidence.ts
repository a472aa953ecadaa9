import {
  type Address,
  accusedOf,
  applyValidatorChanges,
  type Bytes32,
  type Evidence,
  equalBytes,
  evidenceHeight,
  evidenceId,
  type Parameters,
  totalPower,
  type ValidatorSet,
  validatorAt,
  verifyEvidence,
} from '@mutual-chain/protocol';
import type { ChainContext, Execution } from '../../block/execution.ts';
import type { StateOverlay } from '../../state/state-overlay.ts';
import { chainStatusTable, evidenceTable, validatorHistoryTable } from '../../state/tables.ts';
import { ACTIVATION_DELAY_HEIGHTS, currentStatus, currentValidators } from './proposal-rules.ts';

/** Validators that must remain for evidence to remove one by itself. */
const VALIDATORS_AFTER_REMOVAL_MIN = 4;

/**
 * Position of the first piece of evidence that may not stand in a block of this height, or undefined: it must be of an earlier height, not
 * older than allowed, not committed before, and prove equivocation by a validator of its height. Age is measured in heights only.
 */
export function checkEvidence(
  state: StateOverlay,
  chain: ChainContext,
  parameters: Parameters,
  height: number,
  evidence: readonly Evidence[],
): number | undefined {
  const seen: Bytes32[] = [];
  for (const [index, each] of evidence.entries()) {
    const id = evidenceId(chain.cryptography, each);
    const at = evidenceHeight(each);
    const old = height - at > parameters.evidenceMaxAgeHeights;
    const known = state.get(evidenceTable, id) !== undefined || seen.some((other) => equalBytes(other, id));
    if (at >= height || at < 1 || old || known) return index;
    if (!verifyEvidence(chain.cryptography, chain.genesisHash, validatorsOf(state, at), each)) return index;
    seen.push(id);
  }
  return undefined;
}

/** The validators that decided a height, from the history of sets. */
function validatorsOf(state: StateOverlay, height: number): ValidatorSet {
  let since = state.get(chainStatusTable, undefined)?.validatorsSince ?? 0;
  let entry = state.get(validatorHistoryTable, since);
  while (entry !== undefined && since > height && entry.previousSince < since) {
    since = entry.previousSince;
    entry = state.get(validatorHistoryTable, since);
  }
  return entry?.set ?? { validators: [] };
}

/** Records evidence; where the parameter says so and the network can bear it, the accused is removed like by an accepted proposal. */
export function handleEvidence(execution: Execution, evidence: readonly Evidence[]): void {
  for (const each of evidence) {
    execution.state.set(evidenceTable, evidenceId(execution.chain.cryptography, each), execution.height);
    if (execution.parameters.evidenceAction === 'remove') scheduleRemoval(execution, accusedOf(each));
  }
}

/** Whether a set without some of its validators is still large enough: at least four, with more than two thirds of the power. */
export function bearsLoss(set: ValidatorSet, leaving: readonly Uint8Array[]): boolean {
  const remaining = set.validators.filter((each) => !leaving.some((address) => equalBytes(address, each.address)));
  const lost = totalPower(set) - totalPower({ validators: remaining });
  return remaining.length >= VALIDATORS_AFTER_REMOVAL_MIN && lost * 3n < totalPower(set);
}

/** The set without one validator; the same set when that is not in it, or alone in it. */
export function withoutValidator(set: ValidatorSet, address: Address): ValidatorSet {
  const validator = validatorAt(set, address);
  if (validator === undefined) return set;
  return applyValidatorChanges(set, [{ ...validator, power: 0n }]) ?? set;
}

/** The set after evidence has removed a validator; the same set when it could not bear the loss. */
export function withoutAccused(set: ValidatorSet, accused: Address): ValidatorSet {
  return bearsLoss(set, [accused]) ? withoutValidator(set, accused) : set;
}

function scheduleRemoval(execution: Execution, accused: Address): void {
  const status = currentStatus(execution);
  const set = currentValidators(execution);
  if (status.removals.some(({ validator }) => equalBytes(validator, accused))) return;
  const leaving = [...status.removals.map(({ validator }) => validator), accused];
  if (validatorAt(set, accused) === undefined || !bearsLoss(set, leaving)) return;
  const activationHeight = execution.height + ACTIVATION_DELAY_HEIGHTS;
  execution.state.set(chainStatusTable, undefined, { ...status, removals: [...status.removals, { activationHeight, validator: accused }] });
}
