// Goal: the page about the network says what a run prints, and the README an excerpt of it.
// Method: run four validators and the tour as a user does, and compare, with whatever differs from run to run left out.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freePorts } from './e2e/support/free-ports.ts';
import { MAIN_SOURCE, NODE_24 } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
const transcript = (page: string): string => /```text\n([\s\S]*?)```/.exec(read(page))?.[1] ?? '';

/** Without numbers, hashes and folders, which differ, and without the rules of tables, whose lengths follow from them. */
function withoutChance(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => !/^─+/.test(line) && !/^ending|^all nodes/.test(line))
    .map((line) =>
      line
        .replace(/0x[0-9a-f]{8,}/g, 'HASH')
        .replace(/lot [0-9a-f]{8}…/, 'lot …')
        .replace(/(bank|payout) \d+/, '$1 …')
        .replace(/ {2}block \d+/, '')
        .replace(/^(validator-\d).*\/network\/.*/, '$1')
        .replace(/127\.0\.0\.1:\d+/, 'URL')
        .replace(/(up to block|state root of height) \d+/, '$1 …')
        .replace(/^\d+ certificates, \d+ transactions, \d+ records$/, 'COUNTS')
        .replace(/^(node +process).*/, '$1')
        .replace(/(Accounts and URLs for programs: ).*/, '$1')
        .trimEnd(),
    );
}

async function tourOf(home: string): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const { p2pPort, rpcPort, adminPort } = await freePorts(4);
  const ports = ['--p2p-port', String(p2pPort), '--rpc-port', String(rpcPort), '--admin-port', String(adminPort)];
  const child = spawn(NODE_24, ['--conditions=mutual-source', MAIN_SOURCE, 'devnet', '--tour', '--home', home, ...ports], {
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  let isTold = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (isTold || !stdout.includes('Ctrl-C ends it.')) return;
    isTold = true;
    child.kill('SIGINT');
  });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, stdout }));
  });
}

test('docs/operations/network-transcript.md is what a network prints, whose nodes agree and whose replay has the same state root', async () => {
  const { code, stdout } = await tourOf(join(temporaryFolder(), 'devnet'));
  expect(withoutChance(stdout).join('\n').trim()).toBe(
    withoutChance(transcript('docs/operations/network-transcript.md')).join('\n').trim(),
  );
  expect(code).toBe(0);
});

test('every line of the transcript in README.md is in the full one', () => {
  const lines = transcript('README.md')
    .split('\n')
    .filter((line) => line !== '' && line.trim() !== '…');
  const full = transcript('docs/operations/network-transcript.md').split('\n');
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.filter((line) => !full.includes(line))).toEqual([]);
});
