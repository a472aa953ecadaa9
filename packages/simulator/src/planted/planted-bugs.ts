import { SIGNER_BUGS, WAL_BUGS } from './bugs/durability-bugs.ts';
import { HEIGHT_BUGS } from './bugs/height-bugs.ts';
import { MEMPOOL_BUGS, SYNC_BUGS } from './bugs/policy-bugs.ts';
import { ROUND_BUGS } from './bugs/round-bugs.ts';
import { RUNTIME_BUGS } from './bugs/runtime-bugs.ts';
import { VOTE_BUGS } from './bugs/vote-bugs.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Every planted bug. Data only: nothing here may load what bugs are planted in. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  ...VOTE_BUGS,
  ...ROUND_BUGS,
  ...HEIGHT_BUGS,
  ...RUNTIME_BUGS,
  ...WAL_BUGS,
  ...SIGNER_BUGS,
  ...SYNC_BUGS,
  ...MEMPOOL_BUGS,
];
