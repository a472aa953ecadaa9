import type { ConsensusState } from '../consensus-state.ts';
import type { SignRequest } from '../input.ts';
import { isSameRequest } from './signing.ts';

/*
 * The signer remembers the last thing it signed; the log remembers why. When the log has lost its end, a replay asks for something else
 * than was signed, or for nothing, and a lock may be missing from the state. Such a height is only followed, and its log says so
 * (`signingForbidden`), because what is logged from then on no longer leads to what was signed.
 */

/**
 * Whether a replayed state accounts for what was signed last at its height: the answer is in the log, or the request is open again with the
 * same bytes. If not, this node must not sign at the height.
 */
export function coversLastSign({ current }: ConsensusState, lastSign: SignRequest): boolean {
  if (current === undefined || current.height !== lastSign.height || current.signing === 'forbidden') return false;
  const { lastSigned, pendingSignatures } = current;
  return [...pendingSignatures, ...(lastSigned === undefined ? [] : [lastSigned])].some((each) => isSameRequest(each, lastSign));
}
