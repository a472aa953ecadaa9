import type { SimulationOptions } from '../faults/simulation-options.ts';
import { createMarkCounts, MARKS, type MarkCounts } from './marks.ts';
import type { SimulationResult } from './simulation-result.ts';

/** Classes of faults of which a campaign says in how many of its seeds they were on. */
export const CLASS_NAMES = ['byzantine', 'crash', 'partition', 'network', 'disk', 'clock', 'pause', 'validatorChange'] as const;

/** One of `CLASS_NAMES`. */
export type ClassName = (typeof CLASS_NAMES)[number];

/** What a campaign comes to. */
export type CampaignTotals = {
  seeds: number;
  heights: number;
  livenessHeights: number;
  livenessRoundsMax: number;
  events: number;
  boundaries: number;
  cpuMs: number;
  virtualMs: number;
  readonly faults: Record<string, number>;
  readonly marks: MarkCounts;
  readonly classes: Record<ClassName, number>;
  readonly failures: string[];
};

/** A campaign before its first seed. */
export function createTotals(): CampaignTotals {
  return {
    seeds: 0,
    heights: 0,
    livenessHeights: 0,
    livenessRoundsMax: 0,
    events: 0,
    boundaries: 0,
    cpuMs: 0,
    virtualMs: 0,
    faults: {},
    marks: createMarkCounts(),
    classes: Object.fromEntries(CLASS_NAMES.map((name) => [name, 0])) as Record<ClassName, number>,
    failures: [],
  };
}

/** Adds a seed. */
export function addResult(totals: CampaignTotals, result: SimulationResult): void {
  totals.seeds++;
  totals.livenessRoundsMax = Math.max(totals.livenessRoundsMax, result.livenessRounds);
  for (const key of ['heights', 'livenessHeights', 'events', 'boundaries', 'cpuMs', 'virtualMs'] as const) totals[key] += result[key];
  for (const [kind, count] of Object.entries(result.faults)) totals.faults[kind] = (totals.faults[kind] ?? 0) + count;
  for (const mark of MARKS) totals.marks[mark] += result.marks[mark];
  for (const name of classesOf(result.options)) totals.classes[name]++;
  if (result.violation !== undefined) totals.failures.push(String(result.options.seed));
}

/** Adds what another worker has. */
export function addTotals(totals: CampaignTotals, other: CampaignTotals): void {
  totals.livenessRoundsMax = Math.max(totals.livenessRoundsMax, other.livenessRoundsMax);
  for (const key of ['seeds', 'heights', 'livenessHeights', 'events', 'boundaries', 'cpuMs', 'virtualMs'] as const)
    totals[key] += other[key];
  for (const [kind, count] of Object.entries(other.faults)) totals.faults[kind] = (totals.faults[kind] ?? 0) + count;
  for (const mark of MARKS) totals.marks[mark] += other.marks[mark];
  for (const name of CLASS_NAMES) totals.classes[name] += other.classes[name];
  totals.failures.push(...other.failures);
}

/** The classes of faults that a seed has. */
function classesOf(options: SimulationOptions): readonly ClassName[] {
  const { network, faulty } = options;
  const has = (...kinds: readonly string[]): boolean => faulty.some(({ kind }) => kinds.includes(kind));
  const isCrashing = options.crashEveryMs !== undefined || options.crashAllEveryMs !== undefined;
  const present: Record<ClassName, boolean> = {
    byzantine: has('twin', 'mutator'),
    crash: isCrashing,
    partition: options.partitionEveryMs !== undefined,
    network:
      network.lossPerMille > 0 || network.duplicatePerMille > 0 || network.lateMessagePerMille > 0 || options.clogEveryMs !== undefined,
    disk: has('lyingDisk', 'corruptDisk', 'rollback') || options.diskErrorPerMille > 0 || options.diskFullEveryMs !== undefined,
    clock: has('badClock') || options.skewMs > 0,
    pause: options.pauseEveryMs !== undefined,
    validatorChange: options.validatorChangeEveryMs !== undefined,
  };
  return CLASS_NAMES.filter((name) => present[name]);
}
