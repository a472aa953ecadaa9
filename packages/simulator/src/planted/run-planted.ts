import { GROUND_NAMES, type GroundName } from './ground-names.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { type FinishedHunt, type Hunt, runHunts } from './run-hunts.ts';

/** What is asked for: names of bugs with commas between them, or `all`. */
export type PlantedCommand = { readonly planted: string; readonly jobs: number; readonly isJson: boolean };

/**
 * Hunts planted bugs, each in a process of its own, and every ground that they are hunted on once without a bug. Answers the exit code: 0 when every bug
 * was caught and nothing was found without one, 1 otherwise, 2 when there is no such bug.
 */
export async function runPlanted(line: PlantedCommand, print: (text: string) => void): Promise<number> {
  const names = line.planted.split(',');
  const bugs = line.planted === 'all' ? PLANTED_BUGS : PLANTED_BUGS.filter(({ name }) => names.includes(name));
  const unknown = names.find((name) => name !== 'all' && bugs.every((bug) => bug.name !== name));
  if (unknown !== undefined) {
    print(`there is no bug «${unknown}» to plant; there are: ${PLANTED_BUGS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const hunts = huntsFor(bugs.map(({ name }) => name));
  const tell = (hunt: FinishedHunt): void => {
    if (!line.isJson) print(describeHunt(hunt));
  };
  const finished = await runHunts(hunts, line.jobs, tell);
  if (line.isJson) print(JSON.stringify(finished.map(rowOf)));
  else print(summarise(finished));
  return finished.every(isAsExpected) ? 0 : 1;
}

/** The hunts for bugs, and those for control of the grounds that they are on, which come first. */
export function huntsFor(names: readonly string[]): readonly Hunt[] {
  const bugs = PLANTED_BUGS.filter(({ name }) => names.includes(name));
  const grounds: readonly GroundName[] = GROUND_NAMES.filter((ground) => bugs.some((bug) => bug.ground === ground));
  return [...grounds.map((ground) => ({ bug: undefined, ground })), ...bugs.map((bug) => ({ bug, ground: bug.ground }))];
}

/** Whether a bug was caught, or nothing was found without one. */
function isAsExpected({ bug, caught }: FinishedHunt): boolean {
  return (bug === undefined) === (caught === undefined);
}

/** A line about a hunt. */
export function describeHunt({ bug, ground, caught, seedsTried, cpuMs }: FinishedHunt): string {
  const name = (bug?.name ?? '(no bug)').padEnd(42);
  const found = caught === undefined ? (bug === undefined ? 'nothing' : 'NOT CAUGHT') : `${caught.checker}, seed ${caught.seed}`;
  return `${name} ${ground.padEnd(10)} ${found.padEnd(24)} ${String(seedsTried).padStart(5)} seeds ${String(cpuMs).padStart(7)} ms  ${caught?.description ?? ''}`;
}

function summarise(finished: readonly FinishedHunt[]): string {
  const bugs = finished.filter(({ bug }) => bug !== undefined);
  const missed = bugs.filter((hunt) => !isAsExpected(hunt)).map(({ bug }) => bug?.name ?? '');
  const alarms = finished.filter((hunt) => hunt.bug === undefined && !isAsExpected(hunt)).map(({ ground }) => ground);
  return [
    `${bugs.length - missed.length} of ${bugs.length} planted bugs caught${missed.length === 0 ? '' : `; not: ${missed.join(', ')}`}`,
    alarms.length === 0 ? 'without a bug nothing was found' : `without a bug something was found: ${alarms.join(', ')}`,
  ].join('\n');
}

function rowOf({ bug, ground, caught, seedsTried, cpuMs }: FinishedHunt): unknown {
  return { bug: bug?.name ?? null, ground, caught: caught ?? null, seedsTried, cpuMs };
}
