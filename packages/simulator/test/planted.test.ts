import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { GROUND_NAMES } from '../src/planted/ground-names.ts';
import { plant } from '../src/planted/plant.ts';
import type { PlantedBug } from '../src/planted/planted-bug.ts';
import { PLANTED_BUGS } from '../src/planted/planted-bugs.ts';
import { type FinishedHunt, runHunts } from '../src/planted/run-hunts.ts';

/*
 * Goal: the checkers of the simulation and the models beside it would notice mistakes in the code of the node.
 * Method: plants some bugs that are caught quickly, each in a process of its own, and runs every ground without a bug on a few seeds. That
 * all records still fit the code is checked for all of them; all hunts are run by `pnpm sim --planted all`.
 */

const PACKAGES = fileURLToPath(new URL('../../', import.meta.url));
const PAGE = fileURLToPath(new URL('../../../docs/reference/planted-bugs.md', import.meta.url));
/** One of each part, and of each way to be caught. */
const SAMPLE = [
  'sign-before-sync',
  'quorum-of-two-thirds',
  'lock-forgotten',
  'proof-of-lock-check-skipped',
  'tail-dropped-in-the-middle',
  'guard-signs-twice',
  'claimed-heights-trusted',
  'prevoted-transaction-expires',
];
const CONTROL_SEEDS = 8;
const JOBS = 2;

describe('the records', () => {
  test('have names of their own', () => {
    const names = PLANTED_BUGS.map(({ name }) => name);
    expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(40);
  });

  test.each(PLANTED_BUGS)('$name fits the code', (bug) => {
    const text = readFileSync(`${PACKAGES}${bug.file}`, 'utf8');
    expect(plant(bug, text)).not.toBe(text);
  });

  test('are those of the reference page', () => {
    const rows = readFileSync(PAGE, 'utf8')
      .split('\n')
      .flatMap((line) => /^\| `([a-z-]+)` \| (.*?) \|/.exec(line)?.slice(1, 3).join(': ') ?? []);
    expect(rows).toEqual(PLANTED_BUGS.map(({ name, breaks }) => `${name}: ${breaks}`));
  });
});

describe('planting', () => {
  const bug: PlantedBug = { name: 'b', breaks: '', file: 'f', find: '$1 > 2', replace: '$& >= 2', ground: 'paper' };

  test('replaces the text as it stands', () => {
    expect(plant(bug, 'if ($1 > 2) stop();')).toBe('if ($& >= 2) stop();');
  });

  test.each([
    ['none', 0],
    ['$1 > 2, $1 > 2', 2],
    ['$1 > 2 $1 > 2 $1 > 2', 3],
  ])('refuses «%s»', (text, times) => {
    expect(() => plant(bug, text)).toThrow(new RangeError(`«$1 > 2» of b stands ${times} times in f, not once`));
  });
});

describe('a sample of the hunts', () => {
  let finished: readonly FinishedHunt[] = [];

  beforeAll(async () => {
    const bugs = PLANTED_BUGS.filter(({ name }) => SAMPLE.includes(name));
    const controls = GROUND_NAMES.map((ground) => ({ bug: undefined, ground, seedsMax: CONTROL_SEEDS }));
    finished = await runHunts([...bugs.map((bug) => ({ bug, ground: bug.ground })), ...controls], JOBS, () => undefined);
  }, 600_000);

  test.each(SAMPLE)('catches %s', (name) => {
    const hunt = finished.find(({ bug }) => bug?.name === name);
    expect(hunt?.caught?.checker).toEqual(expect.any(String));
    expect(hunt?.caught?.checker).not.toBe('error');
  });

  test.each(GROUND_NAMES)('finds nothing on %s without a bug', (ground) => {
    const hunt = finished.find((each) => each.bug === undefined && each.ground === ground);
    expect(hunt?.caught).toBeUndefined();
    expect(hunt?.seedsTried).toBeGreaterThan(0);
  });
});
