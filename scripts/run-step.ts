import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './run-child.mjs';

/** Root folder of the repository. */
export const ROOT: string = fileURLToPath(new URL('..', import.meta.url));

/** One command of a larger run. `remedy`: what to do when it fails. */
export type Step = {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly remedy?: string;
};

/** What became of a step. `seconds`: how long it took. */
export type StepResult = { readonly step: Step; readonly passed: boolean; readonly seconds: number };

const environment = { ...process.env, PATH: [join(ROOT, 'node_modules', '.bin'), process.env['PATH']].join(delimiter) };

/** Runs a step to its end, its output shown as it comes. */
export async function runStep(step: Step): Promise<StepResult> {
  console.log(`\n── ${step.name} ──`);
  const start = performance.now();
  const [program, ...programArguments] = step.command;
  const { code, output } = await runChild(program, programArguments, {
    cwd: step.cwd ?? ROOT,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (output !== '') console.error(output.trim());
  return { step, passed: code === 0, seconds: (performance.now() - start) / 1000 };
}

/** Runs steps one after the other, also after one that failed. */
export async function runSteps(steps: readonly Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) results.push(await runStep(step));
  return results;
}

/** Prints one line for each step, with the remedy of those that failed. */
export function printResults(results: readonly StepResult[]): void {
  console.log('');
  for (const { step, passed, seconds } of results) {
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${step.name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`);
    if (!passed && step.remedy !== undefined) console.log(`     ${step.remedy}`);
  }
}
