import type { Address, BlockHash, GenesisHash, Signature } from '../bytes/branded.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { type Codec, containerCodec, fixedBytes, uint32, uint64 } from '../ssz/codec.ts';
import { type ValidatorSet, validatorAt } from '../validator/validator-set.ts';
import { consensusDigest } from './sign-bytes.ts';

/** A proposer's signed offer of a block for a round; the body travels beside it. */
export type ConsensusProposal = {
  readonly height: number;
  readonly round: number;
  /** −1, or the earlier round in which the block had a prevote quorum. */
  readonly validRound: number;
  readonly blockHash: BlockHash;
  readonly proposer: Address;
  readonly signature: Signature;
};

const codec = containerCodec({
  height: uint64,
  round: uint32,
  validRoundPlusOne: uint32,
  blockHash: fixedBytes<BlockHash>(32),
  proposer: fixedBytes<Address>(20),
  signature: fixedBytes<Signature>(65),
});

/** Canonical bytes of a proposal. Errors of decode: `PROTOCOL_PROPOSAL_BYTES_INVALID`. */
export const consensusProposalCodec: Codec<ConsensusProposal> = {
  encode: (proposal) => codec.encode({ ...proposal, validRoundPlusOne: proposal.validRound + 1 }),
  decode: (bytes) => {
    let row: ReturnType<typeof codec.decode>;
    try {
      row = codec.decode(bytes);
    } catch (cause) {
      throw protocolError('PROTOCOL_PROPOSAL_BYTES_INVALID', 'bytes are not a proposal: drop them', { field: 'proposal' }, cause);
    }
    const { height, round, validRoundPlusOne, blockHash, proposer, signature } = row;
    if (!Number.isSafeInteger(height)) {
      throw protocolError('PROTOCOL_PROPOSAL_BYTES_INVALID', 'height of a proposal must be below 2^53', { field: 'height' });
    }
    if (validRoundPlusOne > round) {
      throw protocolError('PROTOCOL_PROPOSAL_BYTES_INVALID', 'validRound of a proposal must be below its round', { field: 'validRound' });
    }
    return { height, round, validRound: validRoundPlusOne - 1, blockHash, proposer, signature };
  },
};

/** Whether the proposal's proposer is in the set and signed it on this chain; whose turn it was is consensus' to judge. Never throws. */
export function verifyProposal(
  cryptography: Cryptography,
  genesisHash: GenesisHash,
  set: ValidatorSet,
  proposal: ConsensusProposal,
): boolean {
  const validator = validatorAt(set, proposal.proposer);
  if (validator === undefined) return false;
  const digest = consensusDigest(cryptography, genesisHash, { kind: 'proposal', ...proposal });
  return cryptography.verifySignature(digest, proposal.signature.subarray(0, 64), validator.publicKey);
}
