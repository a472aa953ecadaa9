// Goal: the example wallet writes the same files on every run, and its errors say what to do.
// Method: run it as a process twice, under different time zones, and compare what it wrote; then run it with wrong arguments.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand, WALLET } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();

function filesOf(name: string, environment: Readonly<Record<string, string>>): Record<string, string> {
  const out = join(folder, name);
  expect(runCommand(['--out', out], { program: WALLET, environment })).toMatchObject({ status: 0, stderr: '' });
  return Object.fromEntries(readdirSync(out).map((file) => [file, readFileSync(join(out, file), 'utf8')]));
}

describe('the example wallet', () => {
  test('writes the same bytes on every run, in every time zone and language', () => {
    const first = filesOf('first', { TZ: 'UTC' });
    expect(Object.keys(first).sort()).toEqual(['accounts.json', 'blocks.json', 'genesis.json', 'transactions.jsonl']);
    expect(filesOf('second', { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' })).toEqual(first);
    expect(first['accounts.json']).not.toContain('privateKey');
    const transactions = (first['transactions.jsonl'] ?? '').trim().split('\n').length;
    expect(transactions).toBeGreaterThanOrEqual(300);
    expect(transactions).toBeLessThanOrEqual(600);
  });

  test('exits 2 for an unknown option and 3 for a folder that cannot be written', () => {
    expect(runCommand(['--nowhere'], { program: WALLET })).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage:') });
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const reasons = [
      [file, 'EEXIST'],
      [join(file, 'below'), 'ENOTDIR'],
    ] as const;
    for (const [out, code] of reasons) {
      const stderr = `The files cannot be written to ${out}: a file stands there or on the way to it (${code}).\nName a folder that may be written with --out DIR.\n`;
      expect(runCommand(['--out', out], { program: WALLET })).toEqual({ status: 3, stdout: '', stderr });
    }
  });

  test('says in one line which Node.js it needs where TypeScript does not run', () => {
    const run = runCommand([], { program: WALLET, nodeOptions: ['--no-strip-types'] });
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toMatch(/^Node\.js 24\.\S+ does not run TypeScript, .* node_modules\/node\/bin\/node .* npm start there\.\n$/);
  });
});
