import {
  addressOfPublicKey,
  applyValidatorChanges,
  assertInvariant,
  equalBytes,
  LIMITS,
  type PublicKey,
  type ResultCode,
  type TransactionMessage,
  type Validator,
  type ValidatorChange,
  type ValidatorSet,
  validatorAt,
  verifyPossession,
} from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { accountOf } from '../../ledger/accounts.ts';
import { isZero } from '../../ledger/requests.ts';
import { validatorSetTable } from '../../state/tables.ts';
import type { Change, ChangeMoment } from './change.ts';
import { pendingChanges } from './pending-changes.ts';
import { currentStatus, currentValidators } from './proposal-rules.ts';
import { judgeChange, type QuorumVerdict } from './quorum-guard.ts';

/** What both types that change a validator say. */
export type ValidatorMessage = TransactionMessage<'ProposeValidator'>;

/** Adds a validator, changes its power, or with power 0 removes it; refused where it would cost the network its tolerance of faults. */
export const changeValidator: Change<'ProposeValidator'> = {
  check: (execution, message, moment) => {
    const code = checkValidator(execution, message, moment);
    if (code !== 'OK') return code;
    return previewValidatorChange(execution, message, moment).refused ? 'QUORUM_GUARD' : 'OK';
  },
  apply,
};

/** The same with the guard knowingly overridden. A set never becomes empty, whoever asks. */
export const changeValidatorUnguarded: Change<'ProposeValidatorUnguarded'> = { check: checkValidator, apply };

/** What a change would make of the set, against the set it will meet: with everything already accepted counted as made. */
export function previewValidatorChange(execution: Execution, message: ValidatorMessage, moment: ChangeMoment): QuorumVerdict {
  const before = setBefore(execution, moment);
  const after = setAfter(execution, before, message);
  assertInvariant(after !== undefined, 'the change has been checked');
  return judgeChange(before, after);
}

/** The set that a change will meet: proposed ones meet all changes accepted before, and the removals that evidence has brought about. */
export function setBefore(execution: Execution, moment: ChangeMoment): ValidatorSet {
  let set = currentValidators(execution);
  if (moment === 'applied') return set;
  for (const pending of pendingChanges(execution)) {
    if (pending.type !== 'ProposeValidator' && pending.type !== 'ProposeValidatorUnguarded') continue;
    set = setAfter(execution, set, pending.message) ?? set;
  }
  for (const { validator } of currentStatus(execution).removals) {
    const accused = validatorAt(set, validator);
    if (accused !== undefined) set = applyValidatorChanges(set, [{ ...accused, power: 0n }]) ?? set;
  }
  return set;
}

function checkValidator(execution: Execution, message: ValidatorMessage, moment: ChangeMoment): ResultCode {
  const before = setBefore(execution, moment);
  const known = validatorWithKey(before, message.publicKey);
  if (message.power === 0) {
    const remains = before.validators.length > 1;
    return known !== undefined && remains ? 'OK' : 'INVALID_FIELD';
  }
  if (isZero(message.operator) || accountOf(execution, message.operator).escrow) return 'INVALID_COUNTERPARTY';
  if (known === undefined && before.validators.length >= LIMITS.validatorsMax) return 'LIMIT_EXCEEDED';
  const { cryptography, chainId } = execution.chain;
  const publicKey = message.publicKey as PublicKey;
  const possessed =
    publicKey.length === 33 && verifyPossession(cryptography, chainId, { publicKey, operator: message.operator }, message.possession);
  return possessed && message.peerId !== '' ? 'OK' : 'INVALID_FIELD';
}

function setAfter(execution: Execution, before: ValidatorSet, message: ValidatorMessage): ValidatorSet | undefined {
  return applyValidatorChanges(before, [changeFrom(execution, before, message)]);
}

function changeFrom(execution: Execution, before: ValidatorSet, message: ValidatorMessage): ValidatorChange {
  const publicKey = message.publicKey as PublicKey;
  const known = validatorWithKey(before, publicKey);
  if (message.power === 0 && known !== undefined) return { ...known, power: 0n };
  const { operator, peerId, addresses } = message;
  const address = known?.address ?? addressOfPublicKey(publicKey, execution.chain.cryptography);
  return { publicKey, address, power: BigInt(message.power), operator, peerId, addresses };
}

function validatorWithKey(set: ValidatorSet, publicKey: Uint8Array): Validator | undefined {
  return set.validators.find((validator) => equalBytes(validator.publicKey, publicKey));
}

function apply(execution: Execution, message: ValidatorMessage): void {
  const before = currentValidators(execution);
  const after = setAfter(execution, before, message);
  assertInvariant(after !== undefined, 'a checked change leaves a validator');
  execution.state.set(validatorSetTable, undefined, after);
}
