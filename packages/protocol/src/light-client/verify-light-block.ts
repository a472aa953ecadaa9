import { blockHash } from '../block/header.ts';
import type { GenesisHash } from '../bytes/branded.ts';
import { equalBytes } from '../bytes/byte-order.ts';
import { verifyCertificate } from '../consensus-messages/certificate.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { advanceHeight } from '../validator/proposer-selection.ts';
import { hasHonest } from '../validator/quorum.ts';
import { totalPower, type ValidatorSet, validatorsHash } from '../validator/validator-set.ts';
import { verifyValidatorSet } from '../validator/verify-validator-set.ts';
import type { LightBlock, TrustedBlock } from './light-block.ts';
import type { LightRefusal, LightVerdict } from './light-verdict.ts';

/*
 * A light client believes in one block and goes on from there:
 *
 * - to the next height: the trusted block names its validators, more than two thirds of whose power have to have decided it
 * - to any later height: more than two thirds of its own validators, among them more than a third of the power that the trusted block names.
 *   One of these was honest, and an honest validator decides no two blocks at one height.
 *
 * Both hold only while those validators could still be called to account: within the trust period.
 */

/** What a light client is set up with. */
export type LightClientOptions = {
  readonly cryptography: Cryptography;
  readonly genesisHash: GenesisHash;
  /** How old a trusted block may be, ms: shorter than the time in which misbehaviour is still punished. */
  readonly trustPeriodMs: number;
  /** How far the time of a block may be ahead of this clock, ms. */
  readonly clockDriftMs: number;
};

/** Checks a block against a trusted one of a lower height. `nowMs`: this clock, ms since 1970. Never throws. */
export function verifyLightBlock(options: LightClientOptions, trusted: TrustedBlock, block: LightBlock, nowMs: number): LightVerdict {
  const { cryptography, genesisHash } = options;
  const { header, certificate } = block;
  const before = refuseHeader(options, trusted, block, nowMs);
  if (before !== undefined) return { ok: false, refusal: before };
  const validators = validatorsOf(cryptography, trusted, block);
  if (validators === undefined) return { ok: false, refusal: { code: 'VALIDATORS_WRONG' } };
  const nextValidators = nextValidatorsOf(cryptography, validators, block);
  if (nextValidators === undefined) return { ok: false, refusal: { code: 'NEXT_VALIDATORS_WRONG' } };
  const hash = blockHash(cryptography, header);
  if (certificate.height !== header.height || !equalBytes(certificate.blockHash, hash))
    return { ok: false, refusal: { code: 'CERTIFICATE_OF_ANOTHER_BLOCK' } };
  if (!isNext(trusted, block)) {
    const total = totalPower(trusted.nextValidators);
    const power = trustedPower(trusted.nextValidators, validators, block);
    if (!hasHonest(power, total)) return { ok: false, refusal: { code: 'OVERLAP_TOO_SMALL', power, total } };
  }
  const verdict = verifyCertificate(cryptography, genesisHash, validators, certificate);
  if (!verdict.ok) return { ok: false, refusal: { code: 'CERTIFICATE_INVALID', verdict } };
  return { ok: true, trusted: { header, blockHash: hash, nextValidators }, validators };
}

function refuseHeader(
  { trustPeriodMs, clockDriftMs }: LightClientOptions,
  trusted: TrustedBlock,
  block: LightBlock,
  nowMs: number,
): LightRefusal | undefined {
  const { header } = block;
  if (header.height <= trusted.header.height) return { code: 'HEIGHT_NOT_ABOVE' };
  if (nowMs - trusted.header.timestampMs > trustPeriodMs) return { code: 'TRUST_EXPIRED' };
  if (header.chainId !== trusted.header.chainId) return { code: 'CHAIN_DIFFERS' };
  if (header.timestampMs <= trusted.header.timestampMs) return { code: 'TIME_NOT_ABOVE' };
  if (header.timestampMs > nowMs + clockDriftMs) return { code: 'TIME_IN_FUTURE' };
  if (!isNext(trusted, block)) return undefined;
  if (!equalBytes(header.parentHash, trusted.blockHash)) return { code: 'PARENT_DIFFERS' };
  return equalBytes(header.validatorsHash, trusted.header.nextValidatorsHash) ? undefined : { code: 'VALIDATORS_DIFFER' };
}

function isNext(trusted: TrustedBlock, { header }: LightBlock): boolean {
  return header.height === trusted.header.height + 1;
}

function validatorsOf(cryptography: Cryptography, trusted: TrustedBlock, block: LightBlock): ValidatorSet | undefined {
  if (isNext(trusted, block)) return trusted.nextValidators;
  const { validators, header } = block;
  return validators !== undefined && verifyValidatorSet(cryptography, validators, header.validatorsHash) ? validators : undefined;
}

/** The validators after the block: as the rotation has them, or as they are given. */
function nextValidatorsOf(cryptography: Cryptography, validators: ValidatorSet, block: LightBlock): ValidatorSet | undefined {
  const { nextValidatorsHash } = block.header;
  const rotated = advanceHeight(validators);
  if (equalBytes(validatorsHash(cryptography, rotated), nextValidatorsHash)) return rotated;
  const { nextValidators } = block;
  return nextValidators !== undefined && verifyValidatorSet(cryptography, nextValidators, nextValidatorsHash) ? nextValidators : undefined;
}

/** Power in the trusted set of those who, by the certificate, signed; whether they did is checked after. */
function trustedPower(trusted: ValidatorSet, validators: ValidatorSet, { certificate }: LightBlock): bigint {
  const counted = new Set<number>();
  let power = 0n;
  for (const { validatorIndex } of certificate.signatures) {
    const signer = validators.validators[validatorIndex];
    if (signer === undefined || counted.has(validatorIndex)) continue;
    counted.add(validatorIndex);
    power += trusted.validators.find(({ publicKey }) => equalBytes(publicKey, signer.publicKey))?.power ?? 0n;
  }
  return power;
}
