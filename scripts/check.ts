// Checks format, lint, types, imports and unused code. Runs all of them, so that one run shows every problem.

import { printResults, runStep } from './run-step.ts';
import { CHECKS } from './steps.ts';

const results = CHECKS.map(runStep);
printResults(results);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
