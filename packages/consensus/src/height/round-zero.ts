import { hasHonest } from '@mutual-chain/protocol';
import { RESEND_INTERVAL_MS } from '../limits.ts';
import { roundVotes } from '../votes/vote-keeper.ts';
import { type Draft, update } from './draft.ts';
import type { HeightState } from './height-state.ts';
import { turnProposals } from './turn-proposals.ts';

/** Sets the timers that belong to the height and not to a round. */
export function scheduleHeightTimeouts(draft: Draft): void {
  const { height, timing, phase, isIntervalOver, isBlockWanted } = draft.state;
  if (phase === 'waiting' && !isIntervalOver) schedule(draft, 'blockInterval', timing.blockIntervalMs);
  if (phase === 'waiting' && !isBlockWanted) schedule(draft, 'emptyBlock', timing.emptyBlockIntervalMs);
  draft.effects.push({ type: 'scheduleTimeout', timeout: { kind: 'resend', height }, durationMs: RESEND_INTERVAL_MS });
}

/**
 * Whether round 0 begins: the least time since the last block is over, and there is something to decide, or it is time for an empty block,
 * or others have begun (a proposal of its proposer, or messages of f+1). Stands for paper line 10.
 */
export function isRoundZeroDue(state: HeightState): boolean {
  if (state.phase !== 'waiting' || !state.isIntervalOver) return false;
  return (
    state.isBlockWanted || turnProposals(state, 0).length > 0 || hasHonest(roundVotes(state.keeper, 0).senderPower, state.keeper.total)
  );
}

/** The least time since the last block is over. */
export function endInterval(draft: Draft): void {
  if (draft.state.phase === 'waiting' && !draft.state.isIntervalOver) update(draft, { isIntervalOver: true });
}

/** There is something to decide, or it is time for an empty block. */
export function wantBlock(draft: Draft): void {
  if (draft.state.phase === 'waiting' && !draft.state.isBlockWanted) update(draft, { isBlockWanted: true });
}

function schedule(draft: Draft, kind: 'blockInterval' | 'emptyBlock', durationMs: number): void {
  draft.effects.push({ type: 'scheduleTimeout', timeout: { kind, height: draft.state.height }, durationMs });
}
