import type { Address, BlockHash, GenesisHash, Signature } from '../../src/bytes/branded.ts';
import { privateKeyFrom } from '../../src/bytes/checked-bytes.ts';
import type { CommitCertificate } from '../../src/consensus-messages/certificate.ts';
import type { ConsensusProposal } from '../../src/consensus-messages/proposal.ts';
import { consensusDigest } from '../../src/consensus-messages/sign-bytes.ts';
import type { Vote } from '../../src/consensus-messages/vote.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { type KeyPair, keyPairOf } from '../../src/keys/key-pair.ts';
import { inSetOrder, type ValidatorSet } from '../../src/validator/validator-set.ts';

/* Validators with known keys, who sign whatever a test wants. */

/** The chain on which the messages of tests are signed. */
export const GENESIS_HASH = new Uint8Array(32).fill(0x6e) as GenesisHash;

/** A set of validators in its order, with their keys at the same positions. */
export type Consortium = { readonly set: ValidatorSet; readonly keys: readonly KeyPair[] };

/** A consortium of validators with these powers; which power stands where follows from the order of addresses. */
export function consortiumOf(...powers: readonly number[]): Consortium {
  const keys = powers.map((_, index) => keyPairOf(privateKeyFrom(new Uint8Array(32).fill(index + 1))));
  const operator = new Uint8Array(20).fill(0xee) as Address;
  const validators = inSetOrder(
    powers.map((power, index) => {
      const { publicKey, address } = keys[index] as KeyPair;
      return { publicKey, address, power: BigInt(power), priority: 0n, operator, peerId: `peer${index}`, addresses: '' };
    }),
  );
  const inOrder = validators.map(({ address }) => keys.find((key) => key.address.join() === address.join()) as KeyPair);
  return { set: { validators }, keys: inOrder };
}

/** A hash of no block in particular. */
export function hashOf(fill: number): BlockHash {
  return new Uint8Array(32).fill(fill) as BlockHash;
}

/** A vote with the signature of a key. */
export function voteOf(key: KeyPair, change: Partial<Vote> = {}): Vote {
  const vote = { kind: 'prevote', height: 5, round: 2, blockHash: hashOf(1), validator: key.address, ...change } as const;
  const digest = consensusDigest(cryptography, GENESIS_HASH, vote);
  return { ...vote, signature: cryptography.sign(digest, key.privateKey) as Signature };
}

/** A proposal with the signature of a key. */
export function proposalOf(key: KeyPair, change: Partial<ConsensusProposal> = {}): ConsensusProposal {
  const proposal = { height: 5, round: 2, validRound: -1, blockHash: hashOf(1), proposer: key.address, ...change } as const;
  const digest = consensusDigest(cryptography, GENESIS_HASH, { kind: 'proposal', ...proposal });
  return { ...proposal, signature: cryptography.sign(digest, key.privateKey) as Signature };
}

/** A certificate with the precommits of the validators at these positions. */
export function certificateOf(consortium: Consortium, positions: readonly number[]): CommitCertificate {
  const [height, round, blockHash] = [5, 2, hashOf(1)];
  const signatures = positions.map((validatorIndex) => {
    const key = consortium.keys[validatorIndex] as KeyPair;
    return { validatorIndex, signature: voteOf(key, { kind: 'precommit', height, round, blockHash }).signature };
  });
  return { height, round, blockHash, signatures };
}
