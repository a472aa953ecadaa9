import type { SyncEffect } from './sync-effect.ts';
import type { SyncState } from './sync-state.ts';

/** A step while it is taken: the state so far and what is to be done. */
export type Draft = { state: SyncState; readonly effects: SyncEffect[] };

/** Changes part of the state. */
export function update(draft: Draft, changes: Partial<SyncState>): void {
  draft.state = { ...draft.state, ...changes };
}
