import type { Address, BlockHash, ValidatorSet, VoteKind } from '@mutual-chain/protocol';
import type { PeerStatus } from './height/peer-status.ts';
import type { VerifiedCertificate, VerifiedProposal, VerifiedVote } from './messages/verified.ts';
import type { ConsensusTiming, RoundTimeoutKind } from './timing.ts';

/*
 * Everything that can happen to consensus. Messages are decoded, size-checked and verified before they arrive, and their types say so. An
 * input that comes late, twice or out of turn is legal and changes nothing.
 *
 * Inputs that change what this node may vote are written to its log (`recordInLog`) and are replayed after a restart, behind the
 * `heightStarted` of their height. Which peers are there and what they have is not logged.
 */

/** A timer by what it was set for. */
export type Timeout =
  | { readonly kind: RoundTimeoutKind; readonly height: number; readonly round: number }
  /** The least time between two blocks, the longest time without one, the time until peers are sent again what they lack. */
  | { readonly kind: 'blockInterval' | 'emptyBlock' | 'resend'; readonly height: number };

/** What a validator asks its signer to sign. */
export type SignRequest =
  | { readonly kind: VoteKind; readonly height: number; readonly round: number; readonly blockHash: BlockHash | undefined }
  | {
      readonly kind: 'proposal';
      readonly height: number;
      readonly round: number;
      /** −1, or the round of the prevote quorum. */
      readonly validRound: number;
      readonly blockHash: BlockHash;
    };

/** What consensus has to know of a block besides its hash; both fields are part of the hashed header. */
export type BlockFacts = {
  readonly blockHash: BlockHash;
  /** First proposer of the block, from its header. */
  readonly proposer: Address;
  /** Time of the block, ms since 1970, from its header. */
  readonly timestampMs: number;
};

/** A height begins: the one before is committed, or the node has just started. Replaces whatever went on before. */
export type HeightStarted = {
  readonly type: 'heightStarted';
  /** One above the last committed height. */
  readonly height: number;
  /** Validators of this height. */
  readonly validators: ValidatorSet;
  readonly timing: ConsensusTiming;
  /**
   * `forbidden` when this node may have signed at this height what its log does not show: it follows until the height is decided. That is
   * logged, so that no later start of the node forgets it.
   */
  readonly signing: 'allowed' | 'forbidden';
};

/** The inputs that are logged. */
export type LoggedInput =
  /** There is something to put into a block: the mempool is not empty, or scheduled work is due. */
  | { readonly type: 'workAvailable' }
  /** A proposal arrived. `receivedAtMs`: this node's clock at its first receipt. */
  | { readonly type: 'proposalReceived'; readonly proposal: VerifiedProposal; readonly receivedAtMs: number }
  | { readonly type: 'voteReceived'; readonly vote: VerifiedVote }
  /** The body of a block is stored durably, whoever sent it. */
  | { readonly type: 'blockReceived'; readonly block: BlockFacts }
  /** Answer to `validateBlock`: whether the block follows from its parent's state; `reason` says why not. */
  | { readonly type: 'blockValidated'; readonly blockHash: BlockHash; readonly valid: boolean; readonly reason?: string }
  /** Answer to `buildBlock`: the block is valid and its body stored durably. */
  | { readonly type: 'blockBuilt'; readonly height: number; readonly round: number; readonly block: BlockFacts }
  /** Answer to `buildBlock`: there is no block; the round goes on to its timeout. */
  | { readonly type: 'buildFailed'; readonly height: number; readonly round: number; readonly reason: string }
  /** Answer to `sign` for a vote. */
  | { readonly type: 'voteSigned'; readonly vote: VerifiedVote }
  /** Answer to `sign` for a proposal. */
  | { readonly type: 'proposalSigned'; readonly proposal: VerifiedProposal; readonly signedAtMs: number }
  /** Answer to `sign`: the guard did not sign. The step has advanced all the same. */
  | { readonly type: 'signatureRefused'; readonly request: SignRequest; readonly reason: string }
  /** This node may have signed at this height what its log does not show: it signs nothing more until the height is decided. */
  | { readonly type: 'signingForbidden' }
  | { readonly type: 'timeoutExpired'; readonly timeout: Timeout }
  /** A block is final, shown by its certificate: at this height or above. */
  | { readonly type: 'certificateReceived'; readonly certificate: VerifiedCertificate };

/** Everything that can happen. */
export type Input =
  | HeightStarted
  | LoggedInput
  /** The log has been replayed: every effect whose answer is still awaited is wanted anew. */
  | { readonly type: 'resumed' }
  | { readonly type: 'peerConnected'; readonly peer: string }
  | { readonly type: 'peerDisconnected'; readonly peer: string }
  /** What a peer says it has. */
  | { readonly type: 'peerStatusReceived'; readonly peer: string; readonly status: PeerStatus };
