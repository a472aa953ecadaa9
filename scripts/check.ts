// Checks format, lint, types, imports and unused code: all of them, so that one run shows every problem, or those that are named:
//
//   pnpm check lint types

import { printResults, runSteps } from './run-step.ts';
import { CHECKS } from './steps.ts';

const names = process.argv.slice(2);
const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(', ')}. There are: ${CHECKS.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}
const results = await runSteps(CHECKS.filter(({ name }) => names.length === 0 || names.includes(name)));
printResults(results);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
