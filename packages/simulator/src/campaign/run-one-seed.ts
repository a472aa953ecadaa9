import type { CommandLine } from '../command/arguments.ts';
import { describeOptions } from '../faults/describe-options.ts';
import { drawOptions } from '../faults/draw-options.ts';
import type { TraceLine } from '../world/world.ts';
import { runSimulation } from './run-simulation.ts';
import { replayCommand, shrink } from './shrink.ts';
import type { SimulationResult } from './simulation-result.ts';

/** Runs one seed and says what came of it; a failing one is made smaller. */
export async function runOneSeed(seed: bigint, line: CommandLine, print: (text: string) => void): Promise<number> {
  const options = drawOptions(seed, line.overrides);
  if (!line.isJson) print(describeOptions(options));
  const result = await runSimulation(options, line.isTraced ? (each) => print(traceText(each)) : undefined);
  if (line.isJson) print(JSON.stringify(result, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
  else print(summaryOf(result));
  if (line.isTwice && !(await isRepeated(result))) {
    print('the second run of the seed was another one');
    return 1;
  }
  if (result.violation === undefined) return 0;
  if (line.isTraced) for (const each of result.diagnoses) print(each);
  await explainFailure(result, line, print);
  return 1;
}

/** Says what failed, and how to run it again, as small as it gets. */
export async function explainFailure(result: SimulationResult, line: CommandLine, print: (text: string) => void): Promise<void> {
  const { options, violation } = result;
  print(`seed ${options.seed}: ${violation?.checker}: ${violation?.description} (at ${violation?.atMs} ms)`);
  print(`  options: ${describeOptions(options)}`);
  print(`  again: ${replayCommand(options.seed, line.overrides)}`);
  if (!line.isShrinking) return;
  const smaller = await shrink(options.seed, line.overrides, result);
  print(`  smaller: ${replayCommand(options.seed, smaller.overrides)}`);
  print(`    ${smaller.result.violation?.description}`);
}

/** Whether a second run of the same options is the same run. */
export async function isRepeated(result: SimulationResult): Promise<boolean> {
  return (await runSimulation(result.options)).audit === result.audit;
}

function traceText({ atMs, node, label }: TraceLine): string {
  return `${String(atMs).padStart(8)} ms  ${node < 0 ? 'world ' : `node ${node}`}  ${label}`;
}

function summaryOf({ heights, events, virtualMs, cpuMs, audit, violation }: SimulationResult): string {
  const verdict = violation === undefined ? 'no rule was broken' : `${violation.checker}: ${violation.description}`;
  return `${heights} heights, ${events} events, ${virtualMs} ms of virtual time in ${cpuMs} ms: ${verdict}\naudit ${audit}`;
}
