// Goal: one process at a time signs with a record, and one that is killed keeps nobody out. Method: this process and others on the real disk.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockSignerDirectory } from '../../src/signer/lock-signer-directory.ts';

const MODULE = new URL('../../src/signer/lock-signer-directory.ts', import.meta.url).href;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signer-lock-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('a second holder is refused until the first lets go', async () => {
  const release = await lockSignerDirectory(directory);
  await expect(lockSignerDirectory(directory)).rejects.toMatchObject({ code: 'SIGNER_STATE_IN_USE', details: { path: directory } });
  await release();
  await (await lockSignerDirectory(directory))();
});

test('another process is refused, and is let in when the first was killed', async () => {
  const program = `
    const { lockSignerDirectory } = await import(${JSON.stringify(MODULE)});
    await lockSignerDirectory(${JSON.stringify(directory)});
    console.log('held');
    setInterval(() => undefined, 1000);`;
  const options = ['--conditions=mutual-source', '--input-type=module', '--eval', program];
  const holder = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } });
  await once(holder.stdout, 'data');
  await expect(lockSignerDirectory(directory)).rejects.toMatchObject({ code: 'SIGNER_STATE_IN_USE' });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await (await lockSignerDirectory(directory))();
});

test('a directory that is not there is not made', async () => {
  const missing = join(directory, 'nowhere');
  await (await lockSignerDirectory(missing))();
  expect(existsSync(missing)).toBe(false);
});
