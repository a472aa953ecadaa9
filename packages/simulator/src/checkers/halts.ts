import type { Mark } from '../campaign/marks.ts';
import type { DiskFaultKind } from '../disk/disk-faults.ts';

/** Who is to blame for a node that stopped: an error that was reported to it, a disk that broke its promises, or its own program. */
export type JudgedHalt = { readonly blame: 'nobody' | 'disk' | 'program'; readonly mark: Mark | undefined };

const DAMAGE: readonly (readonly [string, Mark | undefined])[] = [
  ['is damaged at byte', 'walDamaged'],
  ['belongs to another chain', 'walDamaged'],
  ['was written by another version', 'walDamaged'],
  ['restore the copy that was exported', 'signerStateDamaged'],
  ['is about another key or another chain', 'signerStateDamaged'],
  ['a body in the log was well-formed', undefined],
];

/** Judges why a node stopped, by what it said and by the faults of its disk so far. */
export function judgeHalt(reason: string, counts: Readonly<Record<DiskFaultKind, number>>): JudgedHalt {
  if (reason.includes('the disk is full')) return { blame: counts.diskFull > 0 ? 'nobody' : 'program', mark: 'diskFullHalt' };
  if (reason.includes('the disk failed')) return { blame: counts.ioError > 0 ? 'nobody' : 'program', mark: 'diskErrorHalt' };
  if (reason.includes('is in use elsewhere')) return { blame: 'program', mark: 'foreignKeyHalt' };
  const damage = DAMAGE.find(([text]) => reason.includes(text));
  return damage === undefined ? { blame: 'program', mark: undefined } : { blame: 'disk', mark: damage[1] };
}
