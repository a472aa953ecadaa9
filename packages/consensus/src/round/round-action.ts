import type { BlockHash } from '@mutual-chain/protocol';
import type { RoundTimeoutKind } from '../timing.ts';
import type { NilReason, RoundFacts } from './round-facts.ts';
import type { RoundState } from './round-state.ts';

/** What a rule of the round wants done. */
export type RoundAction =
  | { readonly type: 'vote'; readonly kind: 'prevote' | 'precommit'; readonly blockHash: BlockHash }
  | { readonly type: 'vote'; readonly kind: 'prevote' | 'precommit'; readonly blockHash: undefined; readonly reason: NilReason }
  | { readonly type: 'schedule'; readonly kind: RoundTimeoutKind }
  | { readonly type: 'startRound'; readonly round: number }
  | { readonly type: 'decide'; readonly round: number; readonly blockHash: BlockHash }
  /** 2f+1 precommits stand behind a block that is invalid here. */
  | { readonly type: 'contradiction'; readonly round: number; readonly blockHash: BlockHash };

/** What a rule that fired made of the round. */
export type RoundChange = { readonly state: RoundState; readonly actions: readonly RoundAction[] };

/** A rule: what it changes, or undefined when it does not fire. */
export type RoundRule = (state: RoundState, facts: RoundFacts) => RoundChange | undefined;
