// Builds the packages and runs the demonstration: an offline run on this machine.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, runStep } from './run-step.ts';
import { BUILD } from './steps.ts';

if (!runStep(BUILD).passed) process.exit(1);

const command = join(ROOT, 'packages', 'cli', 'dist', 'main.js');
const demo = spawn(process.execPath, [command, 'demo', ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal sends Ctrl-C to the command as well: wait for it to stop in its own way.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => demo.kill('SIGTERM'));
demo.on('close', (code) => {
  process.exitCode = code ?? 1;
});
