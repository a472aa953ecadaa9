import type { TransactionType } from '@mutual-chain/protocol';
import type { Change, ProposalType } from './change.ts';
import { changeAsset } from './change-asset.ts';
import { changeFreeze } from './change-freeze.ts';
import { changeParameter } from './change-parameter.ts';
import { changePeer } from './change-peer.ts';
import { changeRelease } from './change-release.ts';
import { changeRole } from './change-role.ts';
import { changeUpgrade } from './change-upgrade.ts';
import { changeValidator, changeValidatorUnguarded } from './change-validator.ts';

/** Every kind of change that can be proposed. */
export const CHANGES: { readonly [Type in ProposalType]: Change<Type> } = {
  ProposeValidator: changeValidator,
  ProposeValidatorUnguarded: changeValidatorUnguarded,
  ProposePeer: changePeer,
  ProposeFreeze: changeFreeze,
  ProposeAsset: changeAsset,
  ProposeUpgrade: changeUpgrade,
  ProposeParameter: changeParameter,
  ProposeRole: changeRole,
  ProposeRelease: changeRelease,
};

/** The change a transaction type proposes, or undefined when it proposes none. */
export function changeOfType(type: TransactionType): Change<ProposalType> | undefined {
  return Object.hasOwn(CHANGES, type) ? (CHANGES[type as ProposalType] as unknown as Change<ProposalType>) : undefined;
}
