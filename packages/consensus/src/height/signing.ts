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

/** Takes an answer that is a signature. */
export function answerSigned(draft: Draft, answered: SignRequest): boolean {
  if (!answerSignature(draft, answered)) return false;
  update(draft, { lastSigned: laterRequest(draft.state.lastSigned, answered) });
  return true;
}

/** Signs nothing more at this height. */
export function forbidSigning(draft: Draft): void {
  if (draft.state.signing === 'allowed') update(draft, { signing: 'forbidden', pendingSignatures: [], buildingRound: -1 });
}

/** Whether two requests ask for the same bytes. */
export function isSameRequest(left: SignRequest, right: SignRequest): boolean {
  if (left.kind !== right.kind || left.height !== right.height || left.round !== right.round) return false;
  if (left.kind === 'proposal' && right.kind === 'proposal' && left.validRound !== right.validRound) return false;
  return isSameValue(left.blockHash, right.blockHash);
}

/** Steps of a round in the order in which a validator signs. */
const STEPS: readonly SignRequest['kind'][] = ['proposal', 'prevote', 'precommit'];

/** The later of two requests in the order in which a validator signs. */
function laterRequest(left: SignRequest | undefined, right: SignRequest): SignRequest {
  if (left === undefined || left.round < right.round) return right;
  if (left.round > right.round) return left;
  return STEPS.indexOf(left.kind) > STEPS.indexOf(right.kind) ? left : right;
}
