// Builds the packages and runs a local network: four validators as processes of this machine, and a tour of what they do.

import { join } from 'node:path';
import { runChild } from './run-child.mjs';
import { ROOT, runStep } from './run-step.ts';
import { BUILD } from './steps.ts';

const build = await runStep(BUILD);
if (!build.passed) process.exit(1);

const command = join(ROOT, 'packages', 'cli', 'dist', 'main.js');
const { code } = await runChild(process.execPath, [command, 'devnet', '--tour', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = code;
