import type { Address, BlockHash, GenesisHash, Signature } from '../bytes/branded.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { type Codec, containerCodec, fixedBytes, uint32, uint64 } from '../ssz/codec.ts';
import { decodeAs, type Expectation } from '../ssz/decode-as.ts';
import { type ValidatorSet, validatorAt } from '../validator/validator-set.ts';
import { consensusDigest } from './sign-bytes.ts';
import { hasRecoveryBit, isSignedBy } from './signed-by.ts';

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

const EXPECTED: Expectation = { code: 'PROTOCOL_PROPOSAL_BYTES_INVALID', name: 'a proposal', remedy: 'drop them' };

/** Canonical bytes of a proposal, 133 bytes. Errors of decode: `PROTOCOL_PROPOSAL_BYTES_INVALID`, naming the field. */
export const consensusProposalCodec: Codec<ConsensusProposal> = {
  encode: (proposal) => codec.encode({ ...proposal, validRoundPlusOne: proposal.validRound + 1 }),
  decode: (bytes) => {
    const { height, round, validRoundPlusOne, blockHash, proposer, signature } = decodeAs(EXPECTED, codec, bytes);
    if (validRoundPlusOne > round) throw invalid('validRound', 'validRound of a proposal is below its round');
    if (!hasRecoveryBit(signature)) throw invalid('signature', 'the last byte of a signature is 0 or 1');
    return { height, round, validRound: validRoundPlusOne - 1, blockHash, proposer, signature };
  },
};

function invalid(field: string, message: string): Error {
  return protocolError(EXPECTED.code, message, { field });
}

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
  return isSignedBy(cryptography, digest, proposal.signature, validator.publicKey);
}
