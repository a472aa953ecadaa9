import type { SignRequest } from '@mutual-chain/consensus';
import { equalBytes } from '@mutual-chain/protocol';
import { compareSignPlaces } from './sign-guard.ts';

/**
 * Whether a message with a good signature of one's own key shows that somebody else uses the key: it is above what was signed last, or at its
 * place and says something else. Whatever is below was signed here once, and is coming back.
 */
export function isForeignUse(message: SignRequest, lastSign: SignRequest | undefined): boolean {
  if (lastSign === undefined) return true;
  const order = compareSignPlaces(message, lastSign);
  return order > 0 || (order === 0 && !isSameContent(message, lastSign));
}

function isSameContent(left: SignRequest, right: SignRequest): boolean {
  if (left.kind === 'proposal' && right.kind === 'proposal' && left.validRound !== right.validRound) return false;
  if (left.blockHash === undefined || right.blockHash === undefined) return left.blockHash === right.blockHash;
  return equalBytes(left.blockHash, right.blockHash);
}
