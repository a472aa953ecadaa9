import {
  type CommitCertificate,
  type ConsensusProposal,
  type Cryptography,
  type GenesisHash,
  type ValidatorSet,
  type Vote,
  verifyCertificate,
  verifyProposal,
  verifyVote,
} from '@mutual-chain/protocol';

declare const verified: unique symbol;

/** A message whose signatures are known to be good for the validators of its height. */
type Verified<Message> = Message & { readonly [verified]: true };

/** A vote of a validator of its height, with a good signature. */
export type VerifiedVote = Verified<Vote>;
/** A proposal signed by a validator of its height; whose turn it was is judged by the round. */
export type VerifiedProposal = Verified<ConsensusProposal>;
/** A certificate that is a quorum of good precommits of its height. */
export type VerifiedCertificate = Verified<CommitCertificate>;

/** What messages are verified against. */
export type VerificationContext = {
  readonly cryptography: Cryptography;
  readonly genesisHash: GenesisHash;
  /** The validators of the message's height. */
  readonly validators: ValidatorSet;
};

/** The vote as verified, or undefined when its signer is no validator or the signature is wrong. */
export function checkVote({ cryptography, genesisHash, validators }: VerificationContext, vote: Vote): VerifiedVote | undefined {
  return verifyVote(cryptography, genesisHash, validators, vote) ? (vote as VerifiedVote) : undefined;
}

/** The proposal as verified, or undefined when its signer is no validator or the signature is wrong. */
export function checkProposal(context: VerificationContext, proposal: ConsensusProposal): VerifiedProposal | undefined {
  const { cryptography, genesisHash, validators } = context;
  return verifyProposal(cryptography, genesisHash, validators, proposal) ? (proposal as VerifiedProposal) : undefined;
}

/** The certificate as verified, or undefined when it is no quorum or one of its signatures is wrong. */
export function checkCertificate(context: VerificationContext, certificate: CommitCertificate): VerifiedCertificate | undefined {
  const { cryptography, genesisHash, validators } = context;
  return verifyCertificate(cryptography, genesisHash, validators, certificate).ok ? (certificate as VerifiedCertificate) : undefined;
}

/**
 * Takes a message for verified without looking: only for messages that this node verified before it wrote them to its own log, or that its
 * own signer has just made.
 */
export function trustOwn<Message extends Vote | ConsensusProposal | CommitCertificate>(message: Message): Verified<Message> {
  return message as Verified<Message>;
}
