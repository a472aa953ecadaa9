import type { BlockHash, GenesisHash, Signature } from '../bytes/branded.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { type Codec, containerCodec, fixedBytes, listOf, uint8, uint32, uint64 } from '../ssz/codec.ts';
import { hasQuorum } from '../validator/quorum.ts';
import { totalPower, type ValidatorSet } from '../validator/validator-set.ts';
import { consensusDigest } from './sign-bytes.ts';

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

/** Canonical bytes of a certificate: signers strictly ascending. Errors of decode: `PROTOCOL_CERTIFICATE_BYTES_INVALID`. */
export const certificateCodec: Codec<CommitCertificate> = {
  encode: codec.encode,
  decode: (bytes) => {
    let certificate: CommitCertificate;
    try {
      certificate = codec.decode(bytes);
    } catch (cause) {
      throw protocolError(
        'PROTOCOL_CERTIFICATE_BYTES_INVALID',
        'bytes are not a certificate: fetch it again',
        { field: 'certificate' },
        cause,
      );
    }
    if (!Number.isSafeInteger(certificate.height)) {
      throw protocolError('PROTOCOL_CERTIFICATE_BYTES_INVALID', 'height of a certificate must be below 2^53', { field: 'height' });
    }
    if (!isAscending(certificate)) {
      throw protocolError('PROTOCOL_CERTIFICATE_BYTES_INVALID', 'signers of a certificate must ascend', { field: 'signatures' });
    }
    return certificate;
  },
};

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
    const good = validator !== undefined && cryptography.verifySignature(digest, signature.subarray(0, 64), validator.publicKey);
    if (!good) return { ok: false, code: 'SIGNATURE_WRONG', index };
  }
  return { ok: true };
}
