import { type BlockHeader, blockHash } from '../block/header.ts';
import type { BlockHash } from '../bytes/branded.ts';
import { equalBytes } from '../bytes/byte-order.ts';
import type { CommitCertificate } from '../consensus-messages/certificate.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import type { ValidatorSet } from '../validator/validator-set.ts';
import { verifyValidatorSet } from '../validator/verify-validator-set.ts';

/** What a light client is given of a block: nobody's word, everything in it is checked. */
export type LightBlock = {
  readonly header: BlockHeader;
  readonly certificate: CommitCertificate;
  /** Validators of the block's height; needed when the block does not follow the trusted one directly. */
  readonly validators?: ValidatorSet;
  /** Validators of the height after it; needed only when they differ from the rotation by one of the block's own. */
  readonly nextValidators?: ValidatorSet;
};

/** A block that a light client believes in, and by whom the next one is decided. */
export type TrustedBlock = {
  readonly header: BlockHeader;
  readonly blockHash: BlockHash;
  /** Validators of the height after it. */
  readonly nextValidators: ValidatorSet;
};

/**
 * The block to begin with: genesis, or a checkpoint whose hash was learnt where it could not be forged. undefined when header or validators do
 * not have that hash.
 */
export function trustBlock(
  cryptography: Cryptography,
  expectedHash: BlockHash,
  header: BlockHeader,
  nextValidators: ValidatorSet,
): TrustedBlock | undefined {
  const isExpected = equalBytes(blockHash(cryptography, header), expectedHash);
  return isExpected && verifyValidatorSet(cryptography, nextValidators, header.nextValidatorsHash)
    ? { header, blockHash: expectedHash, nextValidators }
    : undefined;
}
