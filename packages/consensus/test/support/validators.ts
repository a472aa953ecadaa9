import type { ConsensusTiming, SignRequest, VerifiedProposal, VerifiedVote } from '@mutual-chain/consensus';
import { trustOwn } from '@mutual-chain/consensus';
import type { Address, BlockHash, PublicKey, Signature, Validator, ValidatorSet } from '@mutual-chain/protocol';

/* Validators without keys: consensus sees verified messages only, so a signature is bytes that tell what was signed. */

/** Round numbers, so that what comes of them is easily read: the timers of a round take 1 000 ms and 100 ms more each round. */
export const TIMING: ConsensusTiming = {
  blockIntervalMs: 50,
  emptyBlockIntervalMs: 5_000,
  proposeTimeoutMs: 1_000,
  voteTimeoutMs: 1_000,
  timeoutGrowthMs: 100,
  timeoutMaxMs: 10_000,
  timePrecisionMs: 500,
  messageDelayMs: 5_000,
  messageDelayMaxMs: 10_000,
};

/** A hash of no block in particular. */
export function hashOf(fill: number): BlockHash {
  return new Uint8Array(32).fill(fill) as BlockHash;
}

/** Address of the validator at a place of the sets made here. */
export function addressOf(place: number): Address {
  return new Uint8Array(20).fill(place + 1) as Address;
}

/** Validators with these powers. With equal powers the one at place r proposes in round r of the first height, and so on around. */
export function validatorsOf(...powers: readonly number[]): ValidatorSet {
  return { validators: powers.map((power, place) => validatorAtPlace(place, power)) };
}

/** So many validators of power 1. */
export function equalValidators(count: number): ValidatorSet {
  return validatorsOf(...Array.from({ length: count }, () => 1));
}

function validatorAtPlace(place: number, power: number): Validator {
  const address = addressOf(place);
  const publicKey = new Uint8Array(33).fill(place + 1) as PublicKey;
  return { publicKey, address, power: BigInt(power), priority: 0n, operator: address, peerId: '', addresses: '' };
}

/** The vote or proposal that a validator signs on request. */
export function signed(request: SignRequest, place: number): VerifiedVote | VerifiedProposal {
  const signature = signatureOf(request, place);
  return request.kind === 'proposal'
    ? trustOwn({ ...withoutKind(request), proposer: addressOf(place), signature })
    : trustOwn({ ...request, validator: addressOf(place), signature });
}

/** A vote of the validator at a place. */
export function voteOf(
  kind: 'prevote' | 'precommit',
  place: number,
  round: number,
  blockHash: BlockHash | undefined,
  height = 1,
): VerifiedVote {
  return signed({ kind, height, round, blockHash }, place) as VerifiedVote;
}

/** A proposal of the validator at a place. */
export function proposalOf(place: number, round: number, blockHash: BlockHash, validRound = -1, height = 1): VerifiedProposal {
  return signed({ kind: 'proposal', height, round, validRound, blockHash }, place) as VerifiedProposal;
}

function withoutKind(request: Extract<SignRequest, { readonly kind: 'proposal' }>): Omit<typeof request, 'kind'> {
  const { kind: _kind, ...rest } = request;
  return rest;
}

function signatureOf(request: SignRequest, place: number): Signature {
  const signature = new Uint8Array(65);
  const view = new DataView(signature.buffer);
  view.setUint8(0, ['prevote', 'precommit', 'proposal'].indexOf(request.kind));
  view.setUint8(1, place);
  view.setUint32(2, request.height);
  view.setUint32(6, request.round);
  view.setInt32(10, request.kind === 'proposal' ? request.validRound : -1);
  view.setUint8(14, request.blockHash === undefined ? 0 : 1);
  if (request.blockHash !== undefined) signature.set(request.blockHash, 15);
  return signature as Signature;
}
