import type { Address, Bytes32 } from '../bytes/branded.ts';
import { LIMITS } from '../limits.ts';
import { type Codec, containerCodec, fixedBytes, listOf, uint8, uint32, uint64 } from '../ssz/codec.ts';

/** What the next block is checked against. One entry of the state. */
export type ChainStatus = {
  /** Height of the last executed block; 0 after genesis. */
  readonly height: number;
  /** Timestamp of that block, ms. */
  readonly timestampMs: number;
  /** Protocol version in force at the next height. */
  readonly protocolVersion: number;
  /** Account that gets the treasury's share of fees. */
  readonly treasury: Address;
  /** Account that gets the audit share of fees. */
  readonly audit: Address;
  /** Accepted proposals waiting for their height, in order of activation height and, for one height, of acceptance. */
  readonly pending: readonly { readonly activationHeight: number; readonly proposal: Bytes32 }[];
  /** Validators that proven equivocation removes, waiting for their height. */
  readonly removals: readonly { readonly activationHeight: number; readonly validator: Address }[];
  /** Height from which the newest entry of the validator history is in force. */
  readonly validatorsSince: number;
};

/** Canonical bytes of the chain status. */
export const chainStatusCodec: Codec<ChainStatus> = containerCodec({
  height: uint64,
  timestampMs: uint64,
  protocolVersion: uint32,
  treasury: fixedBytes<Address>(20),
  audit: fixedBytes<Address>(20),
  pending: listOf({ activationHeight: uint64, proposal: fixedBytes<Bytes32>(32) }, LIMITS.pendingChangesMax),
  removals: listOf({ activationHeight: uint64, validator: fixedBytes<Address>(20) }, LIMITS.validatorsMax),
  validatorsSince: uint64,
});

/** What the network admits by governance besides validators: a peer and what it may do. */
export const PEER_ROLES = ['none', 'full', 'rpc', 'sentry'] as const;

/** A peer admitted by governance; its key is the hash of its peer id. */
export type AdmittedPeer = { readonly role: number; readonly sinceHeight: number };

/** Canonical bytes of an admitted peer. */
export const admittedPeerCodec: Codec<AdmittedPeer> = containerCodec({ role: uint8, sinceHeight: uint64 });
