import type { LightBlock, TrustedBlock } from './light-block.ts';
import type { LightRefusal } from './light-verdict.ts';
import { type LightClientOptions, verifyLightBlock } from './verify-light-block.ts';

/*
 * The way to a far block: it is tried directly; where too few of the trusted validators are left, the block half way is fetched and tried
 * first, and so on. Who fetches is not said here: each step tells which height it wants. Blocks that wait for one in between number at most
 * the logarithm of the distance.
 */

/** A way that is not finished: what is trusted so far, and the blocks that wait for one in between, the nearest last. */
export type Skip = { readonly trusted: TrustedBlock; readonly waiting: readonly LightBlock[]; readonly wantedHeight: number };

/** Where the way is after a block. */
export type SkipStep =
  | { readonly status: 'wants'; readonly skip: Skip }
  | { readonly status: 'arrived'; readonly trusted: TrustedBlock }
  /** Whoever sent this block is not to be believed; the way can go on with the same block from elsewhere. */
  | { readonly status: 'refused'; readonly height: number; readonly refusal: LightRefusal };

/** Begins the way to a height above the trusted one. */
export function beginSkip(trusted: TrustedBlock, targetHeight: number): Skip {
  return { trusted, waiting: [], wantedHeight: targetHeight };
}

/** Takes the block of the wanted height. */
export function continueSkip(options: LightClientOptions, skip: Skip, block: LightBlock, nowMs: number): SkipStep {
  if (block.header.height !== skip.wantedHeight)
    return { status: 'refused', height: skip.wantedHeight, refusal: { code: 'HEIGHT_NOT_WANTED' } };
  let { trusted } = skip;
  const waiting = [...skip.waiting, block];
  for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
    const verdict = verifyLightBlock(options, trusted, next, nowMs);
    if (verdict.ok) {
      trusted = verdict.trusted;
      waiting.pop();
    } else if (verdict.refusal.code === 'OVERLAP_TOO_SMALL') {
      const wantedHeight = Math.floor((trusted.header.height + next.header.height) / 2);
      return { status: 'wants', skip: { trusted, waiting, wantedHeight } };
    } else return { status: 'refused', height: next.header.height, refusal: verdict.refusal };
  }
  return { status: 'arrived', trusted };
}
