/** The grounds on which planted bugs are hunted: simulations with certain faults, and random checks of one part against a model. */
export const GROUND_NAMES = [
  'swarm',
  'byzantine',
  'disks',
  'locks',
  'lostLogs',
  'changes',
  'slowLinks',
  'sharedKey',
  'paper',
  'log',
  'signer',
  'sync',
  'serving',
  'mempool',
] as const;

/** One of `GROUND_NAMES`. */
export type GroundName = (typeof GROUND_NAMES)[number];
