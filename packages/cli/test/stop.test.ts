// Goal: who stops a script stops everything that it has started.
// Method: run a chain of processes as `npm start` does, send a signal to the first alone, and look whether the last is still there.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { NODE_24 } from './support/run-command.ts';

const RUN_CHILD = new URL('../../../scripts/run-child.mjs', import.meta.url).href;

/** A program that tells its process id and never ends by itself. */
const LAST = 'console.log(process.pid); setInterval(() => undefined, 1000);';

/** A program that runs another as the scripts do, and would go on after its end. */
function running(program: string): string {
  return `
    import { runChild } from ${JSON.stringify(RUN_CHILD)};
    const { code } = await runChild(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(program)}], { stdio: 'inherit' });
    console.log('ended with', code);`;
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

describe('scripts/run-child.mjs', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('hands %s on, and ends of it after the program has ended', async (signal) => {
    const first = spawn(NODE_24, ['--input-type=module', '--eval', running(running(LAST))], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    first.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (/^\d+\n$/.test(output)) first.kill(signal);
    });
    const endedBy = await new Promise((resolve) => first.on('close', (_code, by) => resolve(by)));
    expect({ endedBy, isLastRunning: isRunning(Number(output)) }).toEqual({ endedBy: signal, isLastRunning: false });
  });

  test.each([
    ['process.exitCode = 7;', 'ended with 7\n'],
    ['process.kill(process.pid, "SIGKILL");', 'ended with 137\n'],
  ])('resolves to the exit code of %s', async (program, expected) => {
    const first = spawn(NODE_24, ['--input-type=module', '--eval', running(program)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    first.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await new Promise((resolve) => first.on('close', resolve));
    expect(output).toBe(expected);
  });
});

// A shell that waits for a program does not hand SIGINT on: it has to make room for it.
test.each(['start', 'test'])('npm %s leaves no shell between npm and the program', (name) => {
  const { scripts } = JSON.parse(readFileSync(fileURLToPath(new URL('../../../package.json', import.meta.url)), 'utf8'));
  expect(scripts[name]).toMatch(/^exec node scripts\/bootstrap\.mjs /);
});
