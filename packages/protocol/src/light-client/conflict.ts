import type { Address } from '../bytes/branded.ts';
import { equalBytes } from '../bytes/byte-order.ts';
import { totalPower, type Validator, type ValidatorSet } from '../validator/validator-set.ts';
import type { LightBlock, TrustedBlock } from './light-block.ts';
import type { LightRefusal } from './light-verdict.ts';
import { type LightClientOptions, verifyLightBlock } from './verify-light-block.ts';

/** What two blocks of one height, from two sources, are to each other. */
export type Comparison =
  | { readonly status: 'same' }
  /** One of them is not to be believed. */
  | { readonly status: 'refused'; readonly source: 'first' | 'second'; readonly refusal: LightRefusal }
  /**
   * Both are decided: more than a third of the power is faulty, and no block after the trusted one is to be believed until people have
   * looked. Whoever signed both in one round has signed twice; in two rounds, some of them have voted against their own lock.
   */
  | {
      readonly status: 'conflict';
      readonly height: number;
      readonly isSameRound: boolean;
      /** Who signed both. */
      readonly signedBoth: readonly Address[];
      /** Their power at the height of the first block. */
      readonly power: bigint;
      readonly total: bigint;
    };

/** Compares two blocks that are to be the same one, both checked against the same trusted block. Never throws. */
export function compareLightBlocks(
  options: LightClientOptions,
  trusted: TrustedBlock,
  first: LightBlock,
  second: LightBlock,
  nowMs: number,
): Comparison {
  const { height } = first.header;
  if (second.header.height !== height) return { status: 'refused', source: 'second', refusal: { code: 'HEIGHT_NOT_WANTED' } };
  const left = verifyLightBlock(options, trusted, first, nowMs);
  if (!left.ok) return { status: 'refused', source: 'first', refusal: left.refusal };
  const right = verifyLightBlock(options, trusted, second, nowMs);
  if (!right.ok) return { status: 'refused', source: 'second', refusal: right.refusal };
  if (equalBytes(left.trusted.blockHash, right.trusted.blockHash)) return { status: 'same' };
  const others = signersOf(second, right.validators);
  const both = signersOf(first, left.validators).filter(({ publicKey }) => others.some((each) => equalBytes(each.publicKey, publicKey)));
  return {
    status: 'conflict',
    height,
    isSameRound: first.certificate.round === second.certificate.round,
    signedBoth: both.map(({ address }) => address),
    power: totalPower({ validators: both }),
    total: totalPower(left.validators),
  };
}

function signersOf({ certificate }: LightBlock, { validators }: ValidatorSet): readonly Validator[] {
  return certificate.signatures.flatMap(({ validatorIndex }) => validators[validatorIndex] ?? []);
}
