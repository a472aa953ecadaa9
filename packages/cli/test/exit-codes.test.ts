// Goal: every way to fail has the exit code that the reference names, and a message that says what to do.
// Method: call the command wrongly, in folders and with files that cannot be used, as a process of its own.

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { BlockFileWriter } from '../src/block-file/block-file-writer.ts';
import { createProgram } from '../src/program.ts';
import { explainSystemError } from '../src/system-error.ts';
import { MAIN_SOURCE, NODE_24, runCommand } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();

describe('usage: exit code 2', () => {
  test.each([
    [['nonsense'], 'unknown command'],
    [['demo', '--nonsense'], 'unknown option'],
    [['demo', 'too', 'many'], 'too many arguments'],
    [['replay', '--genesis', 'g', '--home', 'h'], 'missing required argument'],
    [['replay', 'file'], 'required option'],
    [
      ['replay', 'file', '--genesis', 'g', '--home', 'h', '--to', '-1'],
      'It has to be a whole number from 1, without sign or leading zeros.',
    ],
    [
      ['replay', 'file', '--genesis', 'g', '--home', 'h', '--to', '05'],
      'It has to be a whole number from 1, without sign or leading zeros.',
    ],
    [['replay', 'file', '--genesis', 'g', '--home', ''], 'It has to name a folder; for the current one write a dot.'],
    [['demo', '--home', ''], 'It has to name a folder; for the current one write a dot.'],
    [['demo', '--home', 'a', '--home', 'b'], 'It may be given only once.'],
  ])('%j', (call, message) => {
    expect(runCommand(call)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});

describe('help: exit code 0', () => {
  /** Every command that does something, with its name as it is called. */
  const commandsIn = (command: Command, before: readonly string[]): (readonly [string, Command])[] =>
    command.commands.length === 0
      ? [[[...before, command.name()].join(' '), command]]
      : command.commands.flatMap((each) => commandsIn(each, [...before, command.name()]));
  const commands = commandsIn(createProgram(), []);

  /** They have no result but that they end. */
  const withoutResult = ['mutual start', 'mutual devnet stop', 'mutual devnet reset'];

  test.each(commands)('%s has an example of itself, and --json', (name, command) => {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toMatch(new RegExp(`Examples?:\\n  ${name}`));
    if (!withoutResult.includes(name)) expect(help).toContain('--json');
    expect(help).not.toContain('default: false');
  });

  test.each([[['--help']], [['demo', '--help']], [['keys', 'new', '--help']]])('%j has an example', (call) => {
    expect(runCommand(call)).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('Example:\n  mutual ') });
  });
});

test('--version prints that of the package', () => {
  const { version } = JSON.parse(readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8'));
  expect(runCommand(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

describe('environment: exit code 3', () => {
  describe('a file where a folder is needed', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const genesis = fileURLToPath(new URL('../package.json', import.meta.url));

    test.each([
      ['demo', ['demo', '--home', file], file],
      ['demo below it', ['demo', '--home', join(file, 'demo')], join(file, 'demo')],
    ])('%s', (_name, call, path) => {
      const remedy = 'Name another folder with --home DIR (for the demonstration: npm start -- --home DIR), or move that file away.';
      const message = `${path} cannot be used (ENOTDIR): a file stands there or on the way to it. ${remedy}`;
      expect(runCommand(call)).toEqual({ status: 3, stdout: '', stderr: `error CLI_NOT_A_FOLDER: ${message}\n` });
    });

    test('and the other way round', () => {
      const run = runCommand(['replay', folder, '--genesis', folder, '--home', join(folder, 'audit')]);
      const message = `${folder} cannot be used (EISDIR): it is a folder, and a file is needed. Check the path.`;
      expect(run).toEqual({ status: 3, stdout: '', stderr: `error CLI_NOT_A_FILE: ${message}\n` });
      expect(runCommand(['replay', file, '--genesis', join(genesis, 'below'), '--home', join(folder, 'audit')]).stderr).toContain(
        '(ENOTDIR): a part of the path is a file, not a folder.',
      );
    });
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

  test('blocks that cannot be read are nothing against their chain', () => {
    const audited = join(folder, 'genesis.json');
    runCommand(['init', '--preset', 'devnet', '--validators', '1', '--out', join(folder, 'founded')]);
    copyFileSync(join(folder, 'founded', 'genesis.json'), audited);
    const file = runCommand(['verify', '--file', join(folder, 'nowhere'), '--genesis', audited]);
    expect(file).toMatchObject({ status: 3, stdout: '', stderr: expect.stringMatching(/CLI_FILE_MISSING: .*nowhere does not exist/) });
    const url = runCommand(['verify', '--url', 'http://127.0.0.1:1', '--genesis', audited]);
    expect(url).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining('SDK_') });
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk', () => {
    const chain = { chainId: 1, genesisHash: new Uint8Array(32) as never };
    expect(() => new BlockFileWriter('/dev/full', chain)).toThrow(expect.objectContaining({ code: 'CLI_DISK_FULL' }));
  });
});

/** Runs a command of a shell, to redirect what `mutual` prints. */
function runShell(call: string): { readonly status: number | null; readonly stderr: string } {
  const words = [NODE_24, '--conditions=mutual-source', MAIN_SOURCE].map((word) => `'${word}'`).join(' ');
  const { status, stderr } = spawnSync('sh', ['-c', `${words} ${call}`], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
  return { status, stderr };
}

test.skipIf(!existsSync('/dev/full')).each(['--version', 'config show --home .', 'keys list --keys nowhere --json'])(
  'standard output on a full disk: mutual %s',
  (call) => {
    const remedy = 'Free some space, or name a folder on another disk with --home DIR (for the demonstration: npm start -- --home DIR).';
    const message = `Standard output cannot be written: the disk is full. ${remedy}`;
    expect(runShell(`${call} > /dev/full`)).toEqual({ status: 3, stderr: `error CLI_DISK_FULL: ${message}\n` });
  },
);

describe('errors of the system', () => {
  test.each([
    ['EACCES', 'CLI_FOLDER_NOT_WRITABLE'],
    ['EPERM', 'CLI_FOLDER_NOT_WRITABLE'],
    ['EROFS', 'CLI_FOLDER_NOT_WRITABLE'],
    ['ENOSPC', 'CLI_DISK_FULL'],
    ['EDQUOT', 'CLI_DISK_FULL'],
    ['ENOENT', 'CLI_FILE_MISSING'],
    ['EEXIST', 'CLI_NOT_A_FOLDER'],
    ['ENOTDIR', 'CLI_NOT_A_FOLDER'],
    ['EISDIR', 'CLI_NOT_A_FILE'],
  ])('%s is told as %s, also when it is the cause of another error', (code, expected) => {
    const cause = Object.assign(new Error('from the system'), { code });
    expect(explainSystemError(cause, 'here')?.code).toBe(expected);
    expect(explainSystemError(new Error('from the database', { cause }), 'here')?.message).toMatch(/^here /);
  });

  test.each([
    ['write', 'EACCES', 'Name a folder that belongs to you with --home DIR (for the demonstration: npm start -- --home DIR)'],
    ['write', 'EEXIST', 'Name another folder with --home DIR (for the demonstration: npm start -- --home DIR)'],
    ['read', 'EACCES', 'Change its permissions, or name a copy.'],
    ['read', 'ENOTDIR', 'Check the path.'],
  ] as const)('the remedy for a path to %s with %s', (use, code, remedy) => {
    expect(explainSystemError(Object.assign(new Error('from the system'), { code }), 'here', use)?.message).toContain(remedy);
  });

  test('what nobody can mend is not explained', () => {
    expect(explainSystemError(new TypeError('a bug'), 'here')).toBeUndefined();
  });
});
