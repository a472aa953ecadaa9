import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runTwins, type TwinsFailure, type TwinsTotals } from './run-twins.ts';
import type { TwinsSettings } from './twins-scenario.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** What the command asks for. */
export type TwinsCommand = {
  /** Validators, keys used twice, groups, rounds; then perhaps the part and the number of parts. */
  readonly twins: readonly number[];
  readonly jobs: number;
  readonly isJson: boolean;
};

/** Runs every scenario, in several processes if wanted; answers the exit code. */
export async function runTwinsCommand({ twins, jobs, isJson }: TwinsCommand, print: (line: string) => void): Promise<number> {
  const [validators = 4, count = 1, partitions = 2, rounds = 3, part = 1, parts = 1] = twins;
  const settings: TwinsSettings = { validators, twins: count, partitions, rounds };
  const shares =
    jobs > 1
      ? await Promise.all(Array.from({ length: jobs }, (_, index) => runShare([validators, count, partitions, rounds, index + 1, jobs])))
      : [runTwins(settings, { part: part - 1, parts })];
  const totals = shares.reduce(addTwins);
  if (isJson) print(JSON.stringify(totals));
  else for (const line of describeTwins(settings, totals)) print(line);
  return totals.failures.length === 0 ? 0 : 1;
}

function runShare(twins: readonly number[]): Promise<TwinsTotals> {
  return new Promise((resolve, reject) => {
    const args = [...process.execArgv, MAIN, '--twins', twins.join(','), '--json'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (text.startsWith('{')) resolve(JSON.parse(text) as TwinsTotals);
      else reject(new Error(`a part of the scenarios ended with ${code} and no result`));
    });
  });
}

function addTwins(left: TwinsTotals, right: TwinsTotals): TwinsTotals {
  return {
    scenarios: left.scenarios + right.scenarios,
    distinct: left.distinct + right.distinct,
    impossibleLeaders: left.impossibleLeaders + right.impossibleLeaders,
    roundsRun: left.roundsRun + right.roundsRun,
    livenessRoundsMax: Math.max(left.livenessRoundsMax, right.livenessRoundsMax),
    cpuMs: left.cpuMs + right.cpuMs,
    failures: [...left.failures, ...right.failures],
  };
}

function describeTwins({ validators, twins, partitions, rounds }: TwinsSettings, totals: TwinsTotals): readonly string[] {
  return [
    `${validators} validators, ${twins} of them twice, ${partitions} groups, ${rounds} rounds: ${totals.scenarios} scenarios, ${totals.distinct} that differ in more than names`,
    `${totals.impossibleLeaders} sequences of leaders cannot happen; ${totals.roundsRun} rounds run in ${totals.cpuMs} ms of one processor`,
    `everybody honest decides at most ${totals.livenessRoundsMax} rounds after healing`,
    ...totals.failures.map(describeFailure),
    totals.failures.length === 0 ? 'no rule was broken' : `${totals.failures.length} scenarios failed`,
  ];
}

function describeFailure({ leaders, groupings, checker, description, accused, isThirdAccused }: TwinsFailure): string {
  const blame =
    accused.length === 0
      ? ''
      : `; guilty: ${accused.map((each) => each.slice(0, 2)).join(' ')}${isThirdAccused ? ', a third of the power' : ''}`;
  return `leaders ${leaders.join(' ')}, groups ${groupings.map((each) => each.join('')).join(' ')}: ${checker}: ${description}${blame}`;
}
