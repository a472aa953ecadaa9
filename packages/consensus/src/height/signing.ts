import type { SignRequest } from '../input.ts';
import { isSameValue } from '../votes/vote-tally.ts';
import { type Draft, update } from './draft.ts';

/** Whether this node may sign at the height: a validator, with its own log intact, and not overtaken by a final block. */
export function maySign({ state, isOvertaken }: Draft): boolean {
  return state.ownPosition >= 0 && state.signing === 'allowed' && state.certificate === undefined && !isOvertaken;
}

/** Asks the signer, unless this node may not sign: then it only follows. */
export function requestSignature(draft: Draft, request: SignRequest): void {
  if (!maySign(draft) || draft.state.pendingSignatures.some((each) => isSameRequest(each, request))) return;
  update(draft, { pendingSignatures: [...draft.state.pendingSignatures, request] });
  draft.effects.push({ type: 'sign', request });
}

/** Takes a request off the list of those the signer has not answered; false when it is not on it. */
export function answerSignature(draft: Draft, answered: SignRequest): boolean {
  const rest = draft.state.pendingSignatures.filter((each) => !isSameRequest(each, answered));
  if (rest.length === draft.state.pendingSignatures.length) return false;
  update(draft, { pendingSignatures: rest });
  return true;
}

/** Whether two requests ask for the same bytes. */
export function isSameRequest(left: SignRequest, right: SignRequest): boolean {
  if (left.kind !== right.kind || left.height !== right.height || left.round !== right.round) return false;
  if (left.kind === 'proposal' && right.kind === 'proposal' && left.validRound !== right.validRound) return false;
  return isSameValue(left.blockHash, right.blockHash);
}
