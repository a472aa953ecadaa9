import type { Violation } from '../checkers/violation.ts';
import type { DiskFaultKind } from '../disk/disk-faults.ts';
import type { SimulationOptions } from '../faults/simulation-options.ts';
import type { NetworkFaultKind } from '../network/network-faults.ts';
import type { MarkCounts } from './marks.ts';

/** Faults of other kinds than those of disks and links. */
export const WORLD_FAULT_KINDS = [
  'crash',
  'crashInRecovery',
  'crashOfAll',
  'kill',
  'pause',
  'clockJump',
  'clockBeyondPrecision',
  'partition',
  'lockHidden',
  'validatorChange',
  'rollback',
  'byzantineMessage',
  'doubledKey',
] as const;

/** One of `WORLD_FAULT_KINDS`. */
export type WorldFaultKind = (typeof WORLD_FAULT_KINDS)[number];

/** How often each fault was met. */
export type FaultCounts = Record<NetworkFaultKind | DiskFaultKind | WorldFaultKind, number>;

/** What came of a seed. */
export type SimulationResult = {
  readonly options: SimulationOptions;
  readonly violation: Violation | undefined;
  /** Heights decided, and of these those after healing. */
  readonly heights: number;
  readonly livenessHeights: number;
  /** Most rounds that a height took after healing. */
  readonly livenessRounds: number;
  readonly events: number;
  readonly boundaries: number;
  readonly virtualMs: number;
  /** Time of the processor, ms. */
  readonly cpuMs: number;
  readonly faults: FaultCounts;
  readonly marks: MarkCounts;
  /** What each node that is up knows of its height, as JSON; only of a run that failed. */
  readonly diagnoses: readonly string[];
  /** Hash over all events. */
  readonly audit: string;
};
