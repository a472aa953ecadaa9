import type { GroundName } from './ground-names.ts';
import type { Ground } from './grounds/ground.ts';
import { LOG } from './grounds/log-ground.ts';
import { MEMPOOL } from './grounds/mempool-ground.ts';
import { PAPER } from './grounds/paper-ground.ts';
import { SERVING } from './grounds/serving-ground.ts';
import { SIGNER } from './grounds/signer-ground.ts';
import { BYZANTINE, CHANGES, DISKS, LOCKS, LOST_LOGS, SHARED_KEY, SLOW_LINKS, SWARM } from './grounds/simulation-grounds.ts';
import { SYNC } from './grounds/sync-ground.ts';

/** Every ground by its name. */
export const GROUNDS: Readonly<Record<GroundName, Ground>> = {
  swarm: SWARM,
  byzantine: BYZANTINE,
  disks: DISKS,
  locks: LOCKS,
  lostLogs: LOST_LOGS,
  changes: CHANGES,
  slowLinks: SLOW_LINKS,
  paper: PAPER,
  log: LOG,
  signer: SIGNER,
  sharedKey: SHARED_KEY,
  sync: SYNC,
  serving: SERVING,
  mempool: MEMPOOL,
};
