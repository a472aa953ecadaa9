import type { Address, BlockHash, GenesisHash, Signature } from '../bytes/branded.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { bool, type Codec, containerCodec, fixedBytes, uint8, uint32, uint64 } from '../ssz/codec.ts';
import { decodeAs, type Expectation } from '../ssz/decode-as.ts';
import type { ValidatorSet } from '../validator/validator-set.ts';
import { validatorAt } from '../validator/validator-set.ts';
import { consensusDigest } from './sign-bytes.ts';
import { hasRecoveryBit, isSignedBy } from './signed-by.ts';

/** The two kinds of vote. */
export type VoteKind = 'prevote' | 'precommit';

/** A validator's vote for a block, or for nil (`blockHash` undefined), in a round. */
export type Vote = {
  readonly kind: VoteKind;
  readonly height: number;
  readonly round: number;
  readonly blockHash: BlockHash | undefined;
  readonly validator: Address;
  readonly signature: Signature;
};

const KINDS: readonly VoteKind[] = ['prevote', 'precommit'];

const codec = containerCodec({
  kind: uint8,
  height: uint64,
  round: uint32,
  forBlock: bool,
  blockHash: fixedBytes<BlockHash>(32),
  validator: fixedBytes<Address>(20),
  signature: fixedBytes<Signature>(65),
});

const EXPECTED: Expectation = { code: 'PROTOCOL_VOTE_BYTES_INVALID', name: 'a vote', remedy: 'drop them' };

/** Canonical bytes of a vote, 131 bytes. Errors of decode: `PROTOCOL_VOTE_BYTES_INVALID`, naming the field. */
export const voteCodec: Codec<Vote> = {
  encode: (vote) =>
    codec.encode({
      ...vote,
      kind: KINDS.indexOf(vote.kind),
      forBlock: vote.blockHash !== undefined,
      blockHash: vote.blockHash ?? (new Uint8Array(32) as BlockHash),
    }),
  decode: (bytes) => {
    const row = decodeAs(EXPECTED, codec, bytes);
    const kind = KINDS[row.kind];
    const zero = row.blockHash.every((byte) => byte === 0);
    if (kind === undefined) throw invalid('kind', 'kind of a vote must be 0 (prevote) or 1 (precommit)');
    if (!row.forBlock && !zero) throw invalid('blockHash', 'a nil vote has a zero block hash');
    if (!hasRecoveryBit(row.signature)) throw invalid('signature', 'the last byte of a signature is 0 or 1');
    const { height, round, validator, signature } = row;
    return { kind, height, round, blockHash: row.forBlock ? row.blockHash : undefined, validator, signature };
  },
};

function invalid(field: string, message: string): Error {
  return protocolError(EXPECTED.code, message, { field });
}

/** Whether the vote's validator is in the set and signed it on this chain. Never throws. */
export function verifyVote(cryptography: Cryptography, genesisHash: GenesisHash, set: ValidatorSet, vote: Vote): boolean {
  const validator = validatorAt(set, vote.validator);
  if (validator === undefined) return false;
  const digest = consensusDigest(cryptography, genesisHash, vote);
  return isSignedBy(cryptography, digest, vote.signature, validator.publicKey);
}
