import type { CertificateVerdict } from '../consensus-messages/certificate.ts';
import type { ValidatorSet } from '../validator/validator-set.ts';
import type { TrustedBlock } from './light-block.ts';

/** Why a light client does not believe in a block, in the order in which it is checked. */
export type LightRefusal =
  /** The block is not above the trusted one. */
  | { readonly code: 'HEIGHT_NOT_ABOVE' }
  /** Another block was asked for. */
  | { readonly code: 'HEIGHT_NOT_WANTED' }
  /** The trusted block is so old that its validators may have left and sold their keys: begin with a newer checkpoint. */
  | { readonly code: 'TRUST_EXPIRED' }
  /** The header is of another chain. */
  | { readonly code: 'CHAIN_DIFFERS' }
  /** The block is not younger than the trusted one. */
  | { readonly code: 'TIME_NOT_ABOVE' }
  /** The block is younger than now, by more than clocks may differ. */
  | { readonly code: 'TIME_IN_FUTURE' }
  /** The block has the next height and another parent. */
  | { readonly code: 'PARENT_DIFFERS' }
  /** The block has the next height and other validators than the trusted block says. */
  | { readonly code: 'VALIDATORS_DIFFER' }
  /** The validators of the block are missing, or are not those that its header names. */
  | { readonly code: 'VALIDATORS_WRONG' }
  /** The validators after the block are missing, or are not those that its header names. */
  | { readonly code: 'NEXT_VALIDATORS_WRONG' }
  /** The certificate is one of another block. */
  | { readonly code: 'CERTIFICATE_OF_ANOTHER_BLOCK' }
  /** Those of the trusted validators who signed have no more than a third of their power: a block in between is needed. */
  | { readonly code: 'OVERLAP_TOO_SMALL'; readonly power: bigint; readonly total: bigint }
  /** The certificate proves nothing. */
  | { readonly code: 'CERTIFICATE_INVALID'; readonly verdict: CertificateVerdict };

/** What a light client makes of a block. */
export type LightVerdict =
  | {
      readonly ok: true;
      readonly trusted: TrustedBlock;
      /** Validators of the block's own height. */
      readonly validators: ValidatorSet;
    }
  | { readonly ok: false; readonly refusal: LightRefusal };
