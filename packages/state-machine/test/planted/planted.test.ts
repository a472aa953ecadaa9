import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PLANTED_BUGS, plant } from './planted-bugs.ts';

/*
 * Goal: the tests of the ledger would notice the mistakes somebody might make in it.
 * Method: for each planted bug, run a fast part of the tests in a process of its own, on sources into which the bug is put as they are
 * loaded; at least one has to fail. Without a bug all of them pass. Prints which test caught what.
 */

const packages = fileURLToPath(new URL('../../..', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', `file://${packages}`));
const config = fileURLToPath(new URL('planted.config.ts', import.meta.url));

/** Enough to hit every bug with one fixed seed; a whole campaign is the property test's own business. */
const PROPERTY = { MUTUAL_PROPERTY_RUNS: '300', MUTUAL_PROPERTY_SEED: '20261121', MUTUAL_PROPERTY_SHRINK: '0' };
const TIMEOUT_MS = 600_000;

type Verdict = { readonly passed: number; readonly failed: readonly string[]; readonly output: string };

let folder = '';
const verdicts = new Map<string | undefined, Verdict>();

async function runTests(bug: string | undefined, index: number): Promise<Verdict> {
  const report = join(folder, `${index}.json`);
  const args = [vitest, 'run', '--config', config, '--reporter=json', `--outputFile=${report}`];
  const env = {
    ...process.env,
    ...PROPERTY,
    MUTUAL_PLANTED_CACHE: join(folder, 'cache'),
    ...(bug === undefined ? {} : { MUTUAL_PLANTED_BUG: bug }),
  };
  const output = await new Promise<string>((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: packages, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => {
      resolve(text);
    });
  });
  return { ...readReport(await readFile(report, 'utf8').catch(() => '{}')), output };
}

function readReport(text: string): { readonly passed: number; readonly failed: readonly string[] } {
  type Report = {
    readonly testResults?: readonly { readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[] }[];
  };
  const results = ((JSON.parse(text) as Report).testResults ?? []).flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string): readonly string[] => results.filter((each) => each.status === status).map(({ fullName }) => fullName);
  return { passed: named('passed').length, failed: named('failed') };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planted-'));
  // The first run is alone: what it transforms, the others find.
  verdicts.set(undefined, await runTests(undefined, 0));
  const waiting = PLANTED_BUGS.map(({ name }, index) => ({ bug: name, index: index + 1 }));
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      verdicts.set(next.bug, await runTests(next.bug, next.index));
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
}, TIMEOUT_MS);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  const rows = PLANTED_BUGS.map(({ name }) => `${name.padEnd(52)} │ ${verdicts.get(name)?.failed[0] ?? '—'}`);
  process.stdout.write(`${[`${'planted bug'.padEnd(52)} │ caught by`, ...rows].join('\n')}\n`);
});

test('without a bug the tests pass', () => {
  const verdict = verdicts.get(undefined);
  expect(verdict?.failed, verdict?.output).toEqual([]);
  expect(verdict?.passed).toBeGreaterThan(20);
});

test.each(PLANTED_BUGS)('caught: $name', async (bug) => {
  const text = await readFile(`${packages}${bug.file}`, 'utf8');
  expect(plant(bug, text)).not.toBe(text);
  const verdict = verdicts.get(bug.name);
  expect(verdict?.failed, verdict?.output).not.toEqual([]);
});
