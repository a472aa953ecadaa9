// Goal: the command deletes nothing that it did not write, and keeps a run until the next one is done.
// Method: put strangers into its folders, let runs fail or be stopped, and look at what is there afterwards.

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CommandRun, MAIN_SOURCE, NODE_24, runCommand } from './support/run-command.ts';
import { STORY } from './support/story-constants.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const former = join(folder, 'former');
const ENTRIES = ['blocks.bin', 'chain', 'mutual-demo.txt', 'replay', 'wallet'];
let copies = 0;

beforeAll(() => {
  expect(runCommand(['demo', '--home', former]).status).toBe(0);
});

/** The folder of a finished run. */
function finishedRun(): string {
  copies += 1;
  const home = join(folder, `home-${copies}`);
  cpSync(former, home, { recursive: true });
  return home;
}

/** Paths and contents of everything below a folder. */
function contentsOf(home: string): Record<string, string> {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'base64')]).sort(),
  );
}

function place(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'precious');
}

function replayInto(home: string): CommandRun {
  return runCommand(['replay', join(former, 'blocks.bin'), '--genesis', join(former, 'wallet', 'genesis.json'), '--home', home]);
}

describe('the folder of the demonstration', () => {
  test('is whole after a run, with nothing beside it', () => {
    expect(readdirSync(former).sort()).toEqual(ENTRIES);
  });

  test.each([
    ['notes.txt', 'notes.txt'],
    ['more/notes.txt', 'more'],
    ['wallet/notes.txt', 'wallet/notes.txt'],
    ['wallet/more/notes.txt', 'wallet/more'],
    ['chain/000001.txt', 'chain/000001.txt'],
    ['replay/notes.txt', 'replay/notes.txt'],
    ['next/notes.txt', 'next/notes.txt'],
    ['next/wallet/notes.txt', 'next/wallet/notes.txt'],
  ])('is refused with %s in it, and left as it is', (stranger, named) => {
    const home = finishedRun();
    place(join(home, stranger));
    const before = contentsOf(home);
    const run = runCommand(['demo', '--home', home]);
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toContain(`CLI_FOLDER_FOREIGN: ${home} holds ${named}, which no demonstration wrote. Nothing was touched.`);
    expect(contentsOf(home)).toEqual(before);
  });

  test('keeps the former run when the wallet of the next one fails', () => {
    const home = finishedRun();
    const before = contentsOf(home);
    const wallet = join(folder, 'broken-wallet');
    cpSync(join(former, 'wallet'), wallet, { recursive: true });
    writeFileSync(join(wallet, 'accounts.json'), '{');
    expect(runCommand(['demo', '--home', home, '--wallet', wallet]).status).toBe(1);
    expect(contentsOf(home)).toEqual(before);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'keeps the former run when %s stops the next one, which the one after replaces',
    async (signal) => {
      const home = finishedRun();
      const before = contentsOf(home);
      const stopped = spawn(NODE_24, ['--conditions=mutual-source', MAIN_SOURCE, 'demo', '--home', home], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      stopped.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('block 5 ')) stopped.kill(signal);
      });
      expect(await new Promise((resolve) => stopped.on('close', (_code, by) => resolve(by)))).toBe(signal);
      expect(contentsOf(home)).toMatchObject(before);
      expect(existsSync(join(home, 'next'))).toBe(true);

      expect(runCommand(['demo', '--home', home]).status).toBe(0);
      expect(readdirSync(home).sort()).toEqual(ENTRIES);
    },
  );

  test('takes over the files of a wallet that was named, also those of the former run', () => {
    const home = finishedRun();
    const wallet = contentsOf(join(home, 'wallet'));
    const run = runCommand(['demo', '--home', home, '--wallet', join(home, 'wallet')]);
    expect(run).toMatchObject({ status: 0, stdout: expect.stringContaining(STORY.stateRoot) });
    expect(contentsOf(join(home, 'wallet'))).toEqual(wallet);
  });
});

describe('the folder of a replay', () => {
  test.each([
    ['a folder of somebody', ['notes.txt'], 'notes.txt'],
    ['one with names like those of the database', ['000005.log'], '000005.log'],
    ['another LevelDB database', ['CURRENT', 'MANIFEST-000002', '000003.log', 'LOCK', 'LOG'], '000003.log'],
  ])('is refused when it is %s, and left as it is', (_name, files, named) => {
    copies += 1;
    const home = join(folder, `home-${copies}`);
    for (const file of files) place(join(home, file));
    const before = contentsOf(home);
    const run = replayInto(home);
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toContain(`CLI_FOLDER_FOREIGN: ${home} holds ${named}, which no replay wrote. Nothing was touched.`);
    expect(contentsOf(home)).toEqual(before);
  });

  test('is refused when it is that of the demonstration', () => {
    const before = contentsOf(former);
    expect(replayInto(former)).toMatchObject({ status: 3, stderr: expect.stringContaining('CLI_FOLDER_FOREIGN: ') });
    expect(contentsOf(former)).toEqual(before);
  });

  test('is refused when a stranger came into it later', () => {
    const home = join(folder, 'audit');
    expect(replayInto(home).status).toBe(0);
    place(join(home, 'notes.txt'));
    expect(replayInto(home)).toMatchObject({ status: 3, stderr: expect.stringContaining('holds notes.txt, which no replay wrote') });
  });

  test('may be a database that was only begun', () => {
    const home = join(folder, 'begun');
    for (const file of ['LOCK', 'LOG', 'MANIFEST-000001']) place(join(home, file));
    expect(replayInto(home)).toMatchObject({ status: 0, stderr: '' });
  });

  test('says STORAGE_UNAVAILABLE when its database cannot be opened for writing', () => {
    const home = join(folder, 'read-only');
    expect(replayInto(home).status).toBe(0);
    // A file that is a folder cannot be opened for writing, whoever asks: rights do not stop the root user.
    rmSync(join(home, 'LOCK'));
    mkdirSync(join(home, 'LOCK'));
    const run = replayInto(home);
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toContain(`STORAGE_UNAVAILABLE: ${home} cannot be used`);
  });
});
