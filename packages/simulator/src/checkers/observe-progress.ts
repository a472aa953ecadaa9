import type { HeightState } from '@mutual-chain/consensus';
import type { Mark } from '../campaign/marks.ts';
import { hexOf } from './powers.ts';

/** What was seen of a node last. */
export type Progress = { readonly state: HeightState };

const NIL_MARKS: ReadonlyMap<string, Mark> = new Map([
  ['lockedOnOther', 'lockedOnOther'],
  ['untimely', 'untimely'],
  ['invalid', 'invalidPrevotedNil'],
  ['notValidated', 'notValidatedInTime'],
  ['noPrevoteQuorum', 'noPrevoteQuorumInTime'],
  ['wrongProposer', 'wrongProposerNil'],
]);

/** Notes the situations that a node came into since it was seen last. */
export function observeProgress(before: Progress | undefined, state: HeightState, mark: (mark: Mark) => void): Progress {
  const last = before?.state;
  if (last === undefined || last.height !== state.height) return { state };
  const { round, nilVotes, incidents } = state;
  if (round.round > last.round.round + 1 || (round.round > last.round.round && last.round.step !== 'precommit' && last.round.round >= 0))
    mark('roundSkipped');
  if (round.lockedValue !== undefined && last.round.lockedValue !== undefined && round.lockedValue !== last.round.lockedValue)
    if (hexOf(round.lockedValue) !== hexOf(last.round.lockedValue)) mark('lockChanged');
  if (round.validRound > last.round.validRound && round.validRound < last.round.round) mark('provenAfterItsRound');
  if (nilVotes !== last.nilVotes)
    for (const vote of nilVotes) {
      if (last.nilVotes.includes(vote)) continue;
      const met = NIL_MARKS.get(vote.reason);
      if (met !== undefined) mark(met);
      if (vote.reason === 'nilQuorum' && round.lockedRound >= 0) mark('nilPolkaWithLock');
    }
  if (incidents !== last.incidents && incidents.some((each) => each.kind === 'buildFailed' && !last.incidents.includes(each)))
    mark('buildFailed');
  return { state };
}
