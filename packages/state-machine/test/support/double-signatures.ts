import {
  type BlockHash,
  type ConsensusProposal,
  consensusDigest,
  type Evidence,
  evidenceOfProposals,
  evidenceOfVotes,
  keyPairOf,
  type Signature,
  type Vote,
  type VoteKind,
} from '@mutual-chain/protocol';
import { cryptography, privateKeyOf, type TestChain } from './test-chain.ts';

/** A hash of a block that nobody has seen. */
export function someHash(byte: number): BlockHash {
  return new Uint8Array(32).fill(byte) as BlockHash;
}

/** A vote really signed by a validator's key. */
export function signedVote(
  chain: TestChain,
  validator: string,
  height: number,
  blockHash: BlockHash | undefined,
  change: { round?: number; kind?: VoteKind } = {},
): Vote {
  const { round = 0, kind = 'prevote' } = change;
  const key = privateKeyOf(validator);
  const digest = consensusDigest(cryptography, chain.chain.genesisHash, { kind, height, round, blockHash });
  return { kind, height, round, blockHash, validator: keyPairOf(key).address, signature: cryptography.sign(digest, key) as Signature };
}

/** Two prevotes of one validator for different blocks of a height. */
export function doubleVote(chain: TestChain, validator: string, height: number, first = 1, second = 2): Evidence {
  return evidenceOfVotes(signedVote(chain, validator, height, someHash(first)), signedVote(chain, validator, height, someHash(second)));
}

/** Two proposals of one validator for different blocks of a round. */
export function doubleProposal(chain: TestChain, validator: string, height: number): Evidence {
  const key = privateKeyOf(validator);
  const sign = (blockHash: BlockHash): ConsensusProposal => {
    const digest = consensusDigest(cryptography, chain.chain.genesisHash, {
      kind: 'proposal',
      height,
      round: 0,
      validRound: -1,
      blockHash,
    });
    const signature = cryptography.sign(digest, key) as Signature;
    return { height, round: 0, validRound: -1, blockHash, proposer: keyPairOf(key).address, signature };
  };
  return evidenceOfProposals(sign(someHash(1)), sign(someHash(2)));
}
