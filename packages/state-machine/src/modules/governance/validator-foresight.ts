import {
  type Address,
  addressOfPublicKey,
  applyValidatorChanges,
  type Bytes32,
  equalBytes,
  type PublicKey,
  type TransactionMessage,
  type Validator,
  type ValidatorChange,
  type ValidatorSet,
} from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import type { ChangeMoment } from './change.ts';
import { withoutAccused } from './evidence.ts';
import { changeOf, knownProposal } from './pending-changes.ts';
import { activationHeightFrom, currentStatus, currentValidators } from './proposal-rules.ts';

/** What both types that change a validator say. */
export type ValidatorMessage = TransactionMessage<'ProposeValidator'>;

/** What a change of validators meets at the height from which it is in force. */
export type ValidatorMeeting = {
  /** The set until that height. */
  readonly inForce: ValidatorSet;
  /** The same with the changes of that height that come before this one. */
  readonly met: ValidatorSet;
  /** Whom evidence removes at that height, after all changes. */
  readonly leaving: readonly Address[];
  /** Whom evidence removes at a later height. */
  readonly leavingLater: readonly Address[];
};

/** What a change meets: foreseen from everything accepted when it is proposed, known when it is applied. */
export function validatorMeeting(execution: Execution, { activationHeight }: ValidatorMessage, moment: ChangeMoment): ValidatorMeeting {
  if (moment.kind === 'applied') {
    const { inForce, leaving } = moment;
    const leavingLater = currentStatus(execution).removals.map(({ validator }) => validator);
    return { inForce, met: currentValidators(execution), leaving, leavingLater };
  }
  const height = activationHeightFrom(execution, activationHeight);
  const { pending, removals } = currentStatus(execution);
  const changes = pending.map(({ activationHeight, proposal }) => ({
    activationHeight,
    after: (set: ValidatorSet) => setAfterPending(execution, set, proposal),
  }));
  const losses = removals.map(({ activationHeight, validator }) => ({
    activationHeight,
    after: (set: ValidatorSet) => withoutAccused(set, validator),
  }));
  const inForce = [...changes, ...losses]
    .filter((each) => each.activationHeight < height)
    .sort((left, right) => left.activationHeight - right.activationHeight)
    .reduce((set, { after }) => after(set), currentValidators(execution));
  const met = changes.filter((each) => each.activationHeight === height).reduce((set, { after }) => after(set), inForce);
  const leaving = removals.filter((each) => each.activationHeight === height).map(({ validator }) => validator);
  const leavingLater = removals.filter((each) => each.activationHeight > height).map(({ validator }) => validator);
  return { inForce, met, leaving, leavingLater };
}

/** The set after one change, or undefined when nobody would be left. */
export function setAfter(execution: Execution, before: ValidatorSet, message: ValidatorMessage): ValidatorSet | undefined {
  return applyValidatorChanges(before, [changeFrom(execution, before, message)]);
}

/** The validator of a set that has this key. */
export function validatorWithKey(set: ValidatorSet, publicKey: Uint8Array): Validator | undefined {
  return set.validators.find((validator) => equalBytes(validator.publicKey, publicKey));
}

function setAfterPending(execution: Execution, set: ValidatorSet, proposal: Bytes32): ValidatorSet {
  const { type, message } = changeOf(knownProposal(execution, proposal));
  if (type !== 'ProposeValidator' && type !== 'ProposeValidatorUnguarded') return set;
  return setAfter(execution, set, message) ?? set;
}

function changeFrom(execution: Execution, before: ValidatorSet, message: ValidatorMessage): ValidatorChange {
  const publicKey = message.publicKey as PublicKey;
  const known = validatorWithKey(before, publicKey);
  if (message.power === 0 && known !== undefined) return { ...known, power: 0n };
  const { operator, peerId, addresses } = message;
  const address = known?.address ?? addressOfPublicKey(publicKey, execution.chain.cryptography);
  return { publicKey, address, power: BigInt(message.power), operator, peerId, addresses };
}
