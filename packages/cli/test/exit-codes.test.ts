// Goal: every way to fail has the exit code that the reference names, and a message that says what to do.
// Method: call the command wrongly, in folders and with files that cannot be used, as a process of its own.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BlockFileWriter } from '../src/block-file/block-file-writer.ts';
import { explainSystemError } from '../src/system-error.ts';
import { runCommand } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();

describe('usage: exit code 2', () => {
  test.each([
    [['nonsense'], 'unknown command'],
    [['demo', '--nonsense'], 'unknown option'],
    [['demo', 'too', 'many'], 'too many arguments'],
    [['replay', '--genesis', 'g', '--home', 'h'], 'missing required argument'],
    [['replay', 'file'], 'required option'],
    [['replay', 'file', '--genesis', 'g', '--home', 'h', '--to', '-1'], 'It has to be a whole number from 1.'],
  ])('%j', (call, message) => {
    expect(runCommand(call)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});

describe('help: exit code 0', () => {
  test.each([[['--help']], [['demo', '--help']], [['replay', '--help']]])('%j has an example', (call) => {
    expect(runCommand(call)).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('Example:\n  mutual ') });
  });
});

describe('environment: exit code 3', () => {
  test('a folder that cannot be made', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const run = runCommand(['demo', '--home', join(file, 'demo')]);
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toMatch(/CLI_FOLDER_NOT_WRITABLE: .*Name a folder that belongs to you/);
  });

  test('a folder with something else in it, which stays there', () => {
    const foreign = join(folder, 'foreign');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'precious'), '');
    const run = runCommand(['demo', '--home', foreign]);
    expect(run).toMatchObject({ status: 3, stderr: expect.stringContaining('CLI_FOLDER_FOREIGN: ') });
    expect(existsSync(join(foreign, 'precious'))).toBe(true);
  });

  test('a folder in which another process works', () => {
    const busy = join(folder, 'busy');
    mkdirSync(busy);
    writeFileSync(join(busy, 'mutual-demo.txt'), '');
    writeFileSync(join(busy, 'running.pid'), String(process.pid));
    const run = runCommand(['demo', '--home', busy]);
    expect(run).toMatchObject({ status: 3, stderr: expect.stringContaining(`in use by process ${process.pid}`) });
  });

  test('files that are not there', () => {
    const wallet = runCommand(['demo', '--home', join(folder, 'demo'), '--wallet', join(folder, 'nowhere')]);
    expect(wallet).toMatchObject({ status: 3, stderr: expect.stringMatching(/CLI_FILE_MISSING: .*accounts\.json does not exist/) });
    const genesis = runCommand(['replay', 'nowhere', '--genesis', join(folder, 'nowhere'), '--home', join(folder, 'audit')]);
    expect(genesis).toMatchObject({ status: 3, stderr: expect.stringContaining('CLI_FILE_MISSING: ') });
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk', () => {
    const chain = { chainId: 1, genesisHash: new Uint8Array(32) as never };
    expect(() => new BlockFileWriter('/dev/full', chain)).toThrow(expect.objectContaining({ code: 'CLI_DISK_FULL' }));
  });
});

describe('errors of the system', () => {
  test.each([
    ['EACCES', 'CLI_FOLDER_NOT_WRITABLE'],
    ['EPERM', 'CLI_FOLDER_NOT_WRITABLE'],
    ['EROFS', 'CLI_FOLDER_NOT_WRITABLE'],
    ['ENOSPC', 'CLI_DISK_FULL'],
    ['EDQUOT', 'CLI_DISK_FULL'],
    ['ENOENT', 'CLI_FILE_MISSING'],
  ])('%s is told as %s, also when it is the cause of another error', (code, expected) => {
    const cause = Object.assign(new Error('from the system'), { code });
    expect(explainSystemError(cause, 'here')?.code).toBe(expected);
    expect(explainSystemError(new Error('from the database', { cause }), 'here')?.message).toMatch(/^here /);
  });

  test('what nobody can mend is not explained', () => {
    expect(explainSystemError(new TypeError('a bug'), 'here')).toBeUndefined();
  });
});
