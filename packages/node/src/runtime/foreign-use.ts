import type { SignRequest } from '@mutual-chain/consensus';
import { equalBytes, type Vote } from '@mutual-chain/protocol';

const STEP_ORDER = { proposal: 0, prevote: 1, precommit: 2 } as const;

/**
 * Whether a vote of this node's own key shows that somebody else uses the key: it is above the last signature, or at its place with other
 * content. Whatever lies below was signed here once and is coming back. Pure.
 */
export function isForeignUse(vote: Vote, lastSign: SignRequest | undefined): boolean {
  if (lastSign === undefined) return true;
  if (vote.height !== lastSign.height) return vote.height > lastSign.height;
  if (vote.round !== lastSign.round) return vote.round > lastSign.round;
  if (vote.kind !== lastSign.kind) return STEP_ORDER[vote.kind] > STEP_ORDER[lastSign.kind];
  return !isSameBlock(vote.blockHash, lastSign.blockHash);
}

function isSameBlock(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return equalBytes(left, right);
}
