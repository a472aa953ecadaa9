// Goal: the command deletes nothing that it did not write.
// Method: put strangers into its folders, and look at what is there afterwards.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CommandRun, runCommand } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const former = join(folder, 'former');
let copies = 0;

beforeAll(() => {
  expect(runCommand(['demo', '--home', former]).status).toBe(0);
});

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
