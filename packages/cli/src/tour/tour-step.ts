import type { ResultCode } from '@mutual-chain/protocol';
import type { Operation } from '@mutual-chain/sdk';
import type { TestAccountName } from './tour-accounts.ts';

/** What a step may look at: what earlier steps did, and where the chain is. */
export type TourView = {
  /** Time of the last block, unix seconds. */
  readonly timeSec: number;
  readonly addressOf: (name: TestAccountName) => Uint8Array;
  /** The lot that an earlier step named, with its revision now. */
  readonly lot: (name: string) => { readonly id: Uint8Array; readonly revision: number };
  /** The debt that came out of a lot. */
  readonly hash: (text: string) => Uint8Array;
};

/** One operation of the tour. */
export type TourStep = {
  readonly who: TestAccountName;
  /** Why, in a few words. */
  readonly note: string;
  readonly operation: (view: TourView) => Operation;
  /** Name for the lot that it opens. */
  readonly opens?: string;
  /** What is to come of it; `OK` when left out. */
  readonly expected?: ResultCode;
};

/** Steps that belong together. */
export type TourChapter = {
  readonly title: string;
  readonly text: string;
  readonly steps: readonly TourStep[];
  /** A lot of which the scheduler has to write the next record before the tour goes on. */
  readonly awaits?: string;
};
