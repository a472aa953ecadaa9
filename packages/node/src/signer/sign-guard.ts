import type { SignRequest } from '@mutual-chain/consensus';
import { equalBytes, type Signature } from '@mutual-chain/protocol';
import type { SignRefusal } from './signer.ts';

/** What was signed last. */
export type LastSign = {
  readonly request: SignRequest;
  /** What the signature covers: the sign bytes of the request on its chain, 32 bytes. */
  readonly digest: Uint8Array;
  readonly signature: Signature;
};

/** What the guard has to say to a request. */
export type GuardVerdict =
  /** Nothing at or above it was signed. */
  | { readonly type: 'sign' }
  /** These very bytes were signed. */
  | { readonly type: 'repeat'; readonly signature: Signature }
  | { readonly type: 'refuse'; readonly reason: SignRefusal };

/** Where a message stands: what a validator signs has to rise from one to the next. */
export type SignPlace = Pick<SignRequest, 'kind' | 'height' | 'round'>;

const STEPS = { proposal: 0, prevote: 1, precommit: 2 } as const;

/** Order of what is signed: by height, by round, and in a round proposal before prevote before precommit. Negative when `left` is first. */
export function compareSignPlaces(left: SignPlace, right: SignPlace): number {
  if (left.height !== right.height) return left.height < right.height ? -1 : 1;
  if (left.round !== right.round) return left.round < right.round ? -1 : 1;
  return STEPS[left.kind] - STEPS[right.kind];
}

/**
 * Decides about a request with the digest that would be signed. A validator that follows this never signs two things at one height, round and
 * step, and never goes back, as long as it remembers what it signed last.
 */
export function judgeRequest(last: LastSign | undefined, request: SignRequest, digest: Uint8Array): GuardVerdict {
  if (last === undefined) return { type: 'sign' };
  const order = compareSignPlaces(request, last.request);
  if (order > 0) return { type: 'sign' };
  if (order < 0) return { type: 'refuse', reason: 'belowLastSign' };
  if (equalBytes(digest, last.digest)) return { type: 'repeat', signature: last.signature };
  return { type: 'refuse', reason: 'conflictsWithLastSign' };
}
