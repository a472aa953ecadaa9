import { assertInvariant, LIMITS, type PublicKey, type ResultCode, type ValidatorSet, verifyPossession } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { accountOf } from '../../ledger/accounts.ts';
import { isZero } from '../../ledger/requests.ts';
import { validatorSetTable } from '../../state/tables.ts';
import type { Change, ChangeMoment } from './change.ts';
import { withoutAccused } from './evidence.ts';
import { currentValidators } from './proposal-rules.ts';
import { judgeChange, type QuorumVerdict } from './quorum-guard.ts';
import { setAfter, type ValidatorMeeting, type ValidatorMessage, validatorMeeting, validatorWithKey } from './validator-foresight.ts';

/** Adds a validator, changes its power, or with power 0 removes it; refused where it would cost the network its tolerance of faults. */
export const changeValidator: Change<'ProposeValidator'> = {
  check: (execution, message, moment) => {
    const meeting = validatorMeeting(execution, message, moment);
    const code = checkAgainst(execution, message, meeting);
    if (code !== 'OK') return code;
    return preview(execution, message, meeting).verdict.refused ? 'QUORUM_GUARD' : 'OK';
  },
  apply,
};

/** The same with the guard knowingly overridden. A set never becomes empty, whoever asks. */
export const changeValidatorUnguarded: Change<'ProposeValidatorUnguarded'> = {
  check: (execution, message, moment) => checkAgainst(execution, message, validatorMeeting(execution, message, moment)),
  apply,
};

/** What the height from which a change is in force makes of the set, with everything accepted that is due by then. */
export type ValidatorPreview = {
  /** The set until that height. */
  readonly before: ValidatorSet;
  /** The set from that height on: after this change, all others of the height that come before it, and what evidence removes. */
  readonly after: ValidatorSet;
  readonly verdict: QuorumVerdict;
};

/** Judges a change together with everything else that its height moves; the change must have been checked. */
export function previewValidatorChange(execution: Execution, message: ValidatorMessage, moment: ChangeMoment): ValidatorPreview {
  return preview(execution, message, validatorMeeting(execution, message, moment));
}

function preview(
  execution: Execution,
  message: ValidatorMessage,
  { inForce, met, leaving, leavingLater }: ValidatorMeeting,
): ValidatorPreview {
  const changed = setAfter(execution, met, message);
  assertInvariant(changed !== undefined, 'the change has been checked');
  const verdict = judgeChange(inForce, changed, [...leaving, ...leavingLater]);
  return { before: inForce, after: leaving.reduce(withoutAccused, changed), verdict };
}

function checkAgainst(execution: Execution, message: ValidatorMessage, { met }: ValidatorMeeting): ResultCode {
  const known = validatorWithKey(met, message.publicKey);
  if (message.power === 0) {
    const remains = met.validators.length > 1;
    return known !== undefined && remains ? 'OK' : 'INVALID_FIELD';
  }
  if (known === undefined && met.validators.length >= LIMITS.validatorsMax) return 'LIMIT_EXCEEDED';
  if (isZero(message.operator) || accountOf(execution, message.operator).escrow) return 'INVALID_COUNTERPARTY';
  const { cryptography, chainId } = execution.chain;
  const publicKey = message.publicKey as PublicKey;
  const possessed =
    publicKey.length === 33 && verifyPossession(cryptography, chainId, { publicKey, operator: message.operator }, message.possession);
  return possessed && message.peerId !== '' ? 'OK' : 'INVALID_FIELD';
}

function apply(execution: Execution, message: ValidatorMessage): void {
  const after = setAfter(execution, currentValidators(execution), message);
  assertInvariant(after !== undefined, 'a checked change leaves a validator');
  execution.state.set(validatorSetTable, undefined, after);
}
