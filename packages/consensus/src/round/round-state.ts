import type { BlockHash } from '@mutual-chain/protocol';

/** Where a validator is within a round. */
export type RoundStep = 'propose' | 'prevote' | 'precommit';

/** The variables of the paper's algorithm at one height. Source: paper lines 2–9. */
export type RoundState = {
  readonly round: number;
  readonly step: RoundStep;
  /** −1 while locked on nothing. */
  readonly lockedRound: number;
  readonly lockedValue: BlockHash | undefined;
  /** −1 while no value had a prevote quorum here. */
  readonly validRound: number;
  readonly validValue: BlockHash | undefined;
  /** What the paper lets happen "for the first time" in this round and has happened. */
  readonly done: {
    /** Line 34. */
    readonly prevoteTimeout: boolean;
    /** Line 47. */
    readonly precommitTimeout: boolean;
  };
};

/** Nothing has happened yet: no round runs. Source: paper lines 2–9, where round 0 is started by line 10. */
export const BEFORE_ROUND_0: RoundState = {
  round: -1,
  step: 'propose',
  lockedRound: -1,
  lockedValue: undefined,
  validRound: -1,
  validValue: undefined,
  done: { prevoteTimeout: false, precommitTimeout: false },
};
