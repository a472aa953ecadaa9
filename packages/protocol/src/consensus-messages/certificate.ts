import type { BlockHash, GenesisHash, Signature } from '../bytes/branded.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { type Codec, containerCodec, fixedBytes, listOf, uint8, uint32, uint64 } from '../ssz/codec.ts';
import { decodeAs, type Expectation } from '../ssz/decode-as.ts';
import { hasQuorum } from '../validator/quorum.ts';
import { totalPower, type ValidatorSet } from '../validator/validator-set.ts';
import { consensusDigest } from './sign-bytes.ts';
import { hasRecoveryBit, isSignedBy } from './signed-by.ts';

/**
 * Proof that a block is final: precommits of more than two thirds of the power in one round.
 *
 * Signatures name their signers by position in the height's validator set, ascending, so that neither an unknown nor a swapped address
 * can be written down. Two nodes may hold different certificates for the same block.
 */
export type CommitCertificate = {
  readonly height: number;
  readonly round: number;
  readonly blockHash: BlockHash;
  readonly signatures: readonly { readonly validatorIndex: number; readonly signature: Signature }[];
};

const codec = containerCodec({
  height: uint64,
  round: uint32,
  blockHash: fixedBytes<BlockHash>(32),
  signatures: listOf({ validatorIndex: uint8, signature: fixedBytes<Signature>(65) }, LIMITS.validatorsMax),
});

const EXPECTED: Expectation = { code: 'PROTOCOL_CERTIFICATE_BYTES_INVALID', name: 'a certificate', remedy: 'fetch it again' };

/** Canonical bytes of a certificate: signers strictly ascending. Errors of decode: `PROTOCOL_CERTIFICATE_BYTES_INVALID`, naming the field. */
export const certificateCodec: Codec<CommitCertificate> = {
  encode: codec.encode,
  decode: (bytes) => {
    const certificate = decodeAs(EXPECTED, codec, bytes);
    if (!isAscending(certificate)) throw invalid('signers of a certificate ascend');
    if (!certificate.signatures.every(({ signature }) => hasRecoveryBit(signature)))
      throw invalid('the last byte of a signature is 0 or 1');
    return certificate;
  },
};

function invalid(message: string): Error {
  return protocolError(EXPECTED.code, message, { field: 'signatures' });
}

function isAscending({ signatures }: CommitCertificate): boolean {
  return signatures.every((each, index) => index === 0 || each.validatorIndex > (signatures[index - 1]?.validatorIndex ?? -1));
}

/** Why a certificate proves nothing. `index` is the offending signature's position. */
export type CertificateVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'SIGNER_UNKNOWN' | 'SIGNERS_NOT_ASCENDING' | 'SIGNATURE_WRONG'; readonly index: number }
  | { readonly ok: false; readonly code: 'NO_QUORUM'; readonly power: bigint; readonly total: bigint };

/** Checks a certificate against the validators of its height: every signature must be good and together they must be a quorum. */
export function verifyCertificate(
  cryptography: Cryptography,
  genesisHash: GenesisHash,
  set: ValidatorSet,
  certificate: CommitCertificate,
): CertificateVerdict {
  const { height, round, blockHash, signatures } = certificate;
  const digest = consensusDigest(cryptography, genesisHash, { kind: 'precommit', height, round, blockHash });
  const total = totalPower(set);
  let power = 0n;
  let last = -1;
  for (const [index, { validatorIndex }] of signatures.entries()) {
    const validator = set.validators[validatorIndex];
    if (validator === undefined) return { ok: false, code: 'SIGNER_UNKNOWN', index };
    if (validatorIndex <= last) return { ok: false, code: 'SIGNERS_NOT_ASCENDING', index };
    last = validatorIndex;
    power += validator.power;
  }
  if (!hasQuorum(power, total)) return { ok: false, code: 'NO_QUORUM', power, total };
  for (const [index, { validatorIndex, signature }] of signatures.entries()) {
    const validator = set.validators[validatorIndex];
    const good = validator !== undefined && isSignedBy(cryptography, digest, signature, validator.publicKey);
    if (!good) return { ok: false, code: 'SIGNATURE_WRONG', index };
  }
  return { ok: true };
}
