import { type BlockHash, ssz } from '@mutual-chain/protocol';
import { type ConsensusErrorCode, consensusError } from '../errors.ts';

/** A block hash or none, as fields of a container: whether there is one, and its bytes or zeros. */
export const OPTIONAL_HASH: { readonly hasHash: ssz.Field<boolean>; readonly hash: ssz.Field<BlockHash> } = {
  hasHash: ssz.bool,
  hash: ssz.fixedBytes<BlockHash>(32),
};

/** The fields of `OPTIONAL_HASH`. */
export type OptionalHash = { readonly hasHash: boolean; readonly hash: BlockHash };

/** The fields that stand for a hash or none. */
export function optionalHash(hash: BlockHash | undefined): OptionalHash {
  return { hasHash: hash !== undefined, hash: hash ?? (new Uint8Array(32) as BlockHash) };
}

/** The hash that the fields stand for. Refuses none in any other form than zeros, with this code. */
export function hashFrom(code: ConsensusErrorCode, { hasHash, hash }: OptionalHash): BlockHash | undefined {
  if (!hasHash && hash.some((byte) => byte !== 0)) throw consensusError(code, 'a hash that is none is zeros', { field: 'hash' });
  return hasHash ? hash : undefined;
}
