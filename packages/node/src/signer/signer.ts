import type { SignRequest } from '@mutual-chain/consensus';
import type { Address, ConsensusProposal, Vote } from '@mutual-chain/protocol';

/**
 * Why the guard does not sign.
 * `belowLastSign`: something was signed at a later step, round or height.
 * `conflictsWithLastSign`: other bytes were signed at the same height, round and step.
 */
export type SignRefusal = 'belowLastSign' | 'conflictsWithLastSign';

/** What a signer answers. */
export type SignOutcome =
  | { readonly ok: true; readonly message: Vote | ConsensusProposal }
  | { readonly ok: false; readonly reason: SignRefusal };

/** The key of a validator behind its double-sign guard. */
export type Signer = {
  /** Address of the key. */
  readonly address: Address;
  /** What was signed last; undefined before the first signature. */
  readonly lastSign: () => SignRequest | undefined;
  /**
   * Signs, or refuses, or returns the signature it has already made over the same bytes; `done` is called once. The guard's state is durable before
   * a signature is returned. Throws `SIGNER_STATE_WRITE_FAILED` when that fails, and from then on always.
   */
  readonly sign: (request: SignRequest, done: (outcome: SignOutcome) => void) => void;
};
