import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CommandLine } from '../command/arguments.ts';
import { drawOptions } from '../faults/draw-options.ts';
import { MARKS } from './marks.ts';
import { explainFailure, isRepeated } from './run-one-seed.ts';
import { runSimulation } from './run-simulation.ts';
import { addResult, addTotals, type CampaignTotals, CLASS_NAMES, createTotals } from './totals.ts';

/** Seeds from which on a campaign has to have met every mark. */
const MARKS_EXPECTED_SEEDS = 2000;
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Runs many seeds, in several processes if wanted; answers the exit code. */
export async function runCampaign(line: CommandLine, print: (text: string) => void): Promise<number> {
  const totals = line.jobs > 1 ? await runWorkers(line, print) : await runSeeds(line, line.isJson ? () => undefined : print);
  if (line.isJson) print(JSON.stringify(totals));
  else for (const each of describeTotals(totals)) print(each);
  const isComplete = totals.seeds < MARKS_EXPECTED_SEEDS || missingMarks(totals).length === 0;
  return totals.failures.length === 0 && isComplete ? 0 : 1;
}

async function runSeeds(line: CommandLine, print: (text: string) => void): Promise<CampaignTotals> {
  const totals = createTotals();
  for (let index = 0; index < line.seeds; index++) {
    const seed = BigInt.asUintN(64, line.from + BigInt(index));
    const result = await runSimulation(drawOptions(seed, line.overrides));
    addResult(totals, result);
    if (result.violation !== undefined) await explainFailure(result, line, print);
    if (line.isTwice && !(await isRepeated(result))) {
      print(`seed ${seed}: the second run was another one`);
      totals.failures.push(String(seed));
    }
  }
  return totals;
}

async function runWorkers(line: CommandLine, print: (text: string) => void): Promise<CampaignTotals> {
  const share = Math.ceil(line.seeds / line.jobs);
  const workers = Array.from({ length: line.jobs }, (_, index) => {
    const seeds = Math.min(share, line.seeds - index * share);
    return seeds <= 0 ? undefined : runWorker(line, seeds, line.from + BigInt(index * share));
  });
  const totals = createTotals();
  for (const worker of await Promise.all(workers)) if (worker !== undefined) addTotals(totals, worker);
  for (const seed of totals.failures)
    await explainFailure(await runSimulation(drawOptions(BigInt(seed), line.overrides)), line, line.isJson ? () => undefined : print);
  return totals;
}

function runWorker(line: CommandLine, seeds: number, from: bigint): Promise<CampaignTotals> {
  const { profile, validators, heights, without } = line.overrides;
  const args = [
    ...process.execArgv,
    MAIN,
    ...['--seeds', String(seeds), '--from', String(BigInt.asUintN(64, from)), '--json', '--no-shrink'],
    ...(line.isTwice ? ['--twice'] : []),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(validators === undefined ? [] : ['--validators', String(validators)]),
    ...(heights === undefined ? [] : ['--heights', String(heights)]),
    ...(without === undefined || without.length === 0 ? [] : ['--without', without.join(',')]),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (text.startsWith('{')) resolve(JSON.parse(text) as CampaignTotals);
      else reject(new Error(`a worker from seed ${from} ended with ${code} and no result`));
    });
  });
}

/** Marks that a campaign did not meet. */
function missingMarks({ marks }: CampaignTotals): readonly string[] {
  return MARKS.filter((mark) => marks[mark] === 0);
}

function describeTotals(totals: CampaignTotals): readonly string[] {
  const { seeds, heights, cpuMs, events, boundaries, faults, marks, classes, failures } = totals;
  const counted = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const faultCount = Object.values(faults).reduce((sum, count) => sum + count, 0);
  return [
    `${seeds} seeds, ${heights} heights (${totals.livenessHeights} after healing, in at most ${totals.livenessRoundsMax} rounds more), ${events} events, ${boundaries} boundaries`,
    `${Math.round((heights / Math.max(1, cpuMs)) * 1000)} heights/s of one processor`,
    `seeds with: ${CLASS_NAMES.map((name) => `${name} ${Math.round((classes[name] / Math.max(1, seeds)) * 100)} %`).join(', ')}`,
    `faults ${faultCount}: ${counted(faults)}`,
    `marks: ${counted(marks)}`,
    `marks not met: ${missingMarks(totals).length === 0 ? 'none' : missingMarks(totals).join(', ')}`,
    failures.length === 0 ? 'no rule was broken' : `${failures.length} seeds failed: ${failures.join(', ')}`,
  ];
}
