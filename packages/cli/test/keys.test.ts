// Goal: keys are made, listed, imported and exported as other wallets do it, always encrypted, and secrets come from nowhere but where they may.
// Method: run `mutual keys` as a process with a folder of its own and compare keys with ethers' derivation; ask questions on streams.

import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { deriveFromMnemonic, encodeHex, formatAddress, isMnemonic } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { askHidden } from '../src/keys/ask-hidden.ts';
import { type PasswordSources, readNewPassword, readPassword } from '../src/keys/password.ts';
import { TEST_MNEMONIC } from '../src/network/test-accounts.ts';
import { type CommandRun, runCommand } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const password = 'correct horse battery';
const environment = { MUTUAL_KEYS: join(folder, 'keys'), MUTUAL_KEY_PASSWORD: password };

/** The first account of the test mnemonic, as every tool shows it. */
const FIRST = {
  address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  privateKey: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
};

function keys(call: readonly string[], more: Readonly<Record<string, string>> = {}): CommandRun {
  return runCommand(['keys', ...call], { environment: { ...environment, ...more } });
}

function fileWith(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe('mutual keys', () => {
  test('new makes a key from words that any wallet derives it from, and encrypts it for its owner alone', () => {
    const run = keys(['new', 'alice', '--json', '--index', '3', '--words', '24']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const { name, address, path, derivation, mnemonic } = JSON.parse(run.stdout);
    expect([name, path, derivation]).toEqual(['alice', join(folder, 'keys', 'alice.json'), "m/44'/60'/0'/0/3"]);
    expect([isMnemonic(mnemonic), mnemonic.split(' ').length]).toEqual([true, 24]);
    const { keyPair } = deriveFromMnemonic(mnemonic);
    expect(formatAddress(keyPair(3).address)).toBe(address);
    expect([statSync(path).mode & 0o777, statSync(join(folder, 'keys')).mode & 0o777]).toEqual([0o600, 0o700]);

    const exported = keys(['export', 'alice', '--private-key']);
    expect(exported).toEqual({ status: 0, stdout: `${encodeHex(keyPair(3).privateKey)}\n`, stderr: '' });
  });

  test('import takes words, hex and a keystore, and says of none that it is wrong what it holds', () => {
    const words = keys(['import', 'words', '--file', fileWith('words.txt', `${TEST_MNEMONIC}\n`)]);
    expect(words).toEqual({ status: 0, stdout: `address  ${FIRST.address}\nfile     ${join(folder, 'keys', 'words.json')}\n`, stderr: '' });
    const keystore = keys(['export', 'words']).stdout;
    const copy = keys(['import', 'copy', '--json', '--file', fileWith('keystore.json', keystore)]);
    expect(JSON.parse(copy.stdout)).toEqual({ name: 'copy', address: FIRST.address, path: join(folder, 'keys', 'copy.json') });
    expect(keys(['export', 'copy', '--private-key', '--json']).stdout).toBe(`{"name":"copy","privateKey":"${FIRST.privateKey}"}\n`);

    const secret = 'test test test test test test test test test test test testt';
    const wrong = keys(['import', 'wrong', '--file', fileWith('wrong.txt', secret)]);
    expect(wrong).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('PROTOCOL_MNEMONIC_INVALID: ') });
    expect(wrong.stderr).not.toContain('testt');
    const nothing = keys(['import', 'wrong']);
    expect(nothing).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('CLI_KEY_INVALID: standard input holds no private key'),
    });
  });

  test('list shows names and addresses, and passes over what is no keystore', () => {
    writeFileSync(join(folder, 'keys', 'other.json'), '{}', { mode: 0o600 });
    const run = keys(['list', '--json']);
    const listed = JSON.parse(run.stdout).keys.map(({ name, address }: Record<string, string>) => [name, address]);
    expect(listed.map(([name]: [string]) => name)).toEqual(['alice', 'copy', 'words']);
    expect(Object.fromEntries(listed)).toMatchObject({ copy: FIRST.address, words: FIRST.address });
    expect(keys(['list']).stdout).toContain(`copy   ${FIRST.address}\n`);
    const empty = join(folder, 'nowhere');
    expect(keys(['list', '--keys', empty])).toEqual({
      status: 0,
      stdout: `${empty} has no keys: make one with mutual keys new\n`,
      stderr: '',
    });
  });

  test('export writes a new file of its owner alone, and no other over it', () => {
    const out = join(folder, 'exported.json');
    expect(keys(['export', 'words', '--out', out])).toEqual({ status: 0, stdout: `written  ${out}\n`, stderr: '' });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(join(folder, 'keys', 'words.json'), 'utf8'));
    expect(keys(['export', 'words', '--out', out])).toMatchObject({ status: 3, stderr: expect.stringContaining('KEY_FILE_EXISTS: ') });
  });

  test('a password comes from a file before the environment', () => {
    const file = fileWith('password.txt', 'another password\n');
    expect(keys(['import', 'filed', '--password-file', file, '--file', fileWith('key.txt', FIRST.privateKey.slice(2))])).toMatchObject({
      status: 0,
    });
    expect(keys(['export', 'filed', '--private-key'])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('KEY_FILE_PASSPHRASE_WRONG: '),
    });
    expect(keys(['export', 'filed', '--private-key', '--password-file', file]).stdout).toBe(`${FIRST.privateKey}\n`);
    chmodSync(file, 0o644);
    expect(keys(['export', 'filed', '--private-key', '--password-file', file])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('chmod 600'),
    });
  });

  test.each([
    [['new', 'words'], {}, 'CLI_KEY_TAKEN: '],
    [['new', 'Alice'], {}, 'A key is named with 1 to 32 of a–z 0–9 - _'],
    [['new', '../alice'], {}, 'A key is named with'],
    [['new', 'short'], { MUTUAL_KEY_PASSWORD: '1234567' }, 'CLI_PASSWORD_WEAK: A password has at least 8 characters.'],
    [['new', 'none'], { MUTUAL_KEY_PASSWORD: '' }, 'CLI_PASSWORD_MISSING: '],
    [['new', 'x', '--index', '-1'], {}, 'It has to be a whole number from 0 to 2147483647'],
    [['new', 'x', '--words', '13'], {}, 'Allowed choices are 12, 24'],
    [['new', 'x', '--password', 'y'], {}, 'unknown option'],
    [['export', 'nobody'], {}, 'CLI_KEY_UNKNOWN: '],
    [['export', '../keys/words'], {}, 'A key is named with'],
    [['new', 'x', '--keys', ''], {}, 'It has to name a folder'],
  ])('%j is a mistake of the caller', (call, more, message) => {
    expect(keys(call, more)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});

/** A terminal at which somebody types each line as soon as a question stands there; what is shown is collected. */
function attended(...lines: readonly string[]): { readonly sources: PasswordSources; readonly shown: () => string } {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  let asked = 0;
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    if (!chunk.toString().endsWith(': ')) return;
    const line = lines[asked];
    asked += 1;
    if (line === undefined) input.end();
    else input.write(`${line}\n`);
  });
  return { sources: { file: undefined, environment: {}, terminal: { input, output } }, shown: () => shown };
}

describe('questions', () => {
  test('are asked where nothing else gives a password, and answers are not shown', async () => {
    const { sources, shown } = attended('first answer', 'the same thing', 'the same thing');
    expect(await readPassword(sources, 'alice')).toBe('first answer');
    expect(await readNewPassword(sources, 'bob')).toBe('the same thing');
    expect(shown()).toBe('Password of alice: \nNew password of bob: \nThe same again: \n');
  });

  test.each([
    [['a password', 'another one'], 'CLI_PASSWORD_WEAK'],
    [['short'], 'CLI_PASSWORD_WEAK'],
    [[''], 'CLI_PASSWORD_MISSING'],
    [[], 'CLI_PASSWORD_MISSING'],
  ])('answered with %j are refused with %s', async (lines, code) => {
    await expect(readNewPassword(attended(...lines).sources, 'bob')).rejects.toThrow(expect.objectContaining({ code }));
  });

  test('end without an answer when the input does', async () => {
    const input = new PassThrough();
    input.end();
    expect(await askHidden('? ', { input, output: new PassThrough() })).toBeUndefined();
  });
});

test('keys that others can read are not listed as if nothing were wrong', () => {
  const open = join(folder, 'open');
  mkdirSync(open);
  writeFileSync(join(open, 'alice.json'), '{}', { mode: 0o644 });
  expect(keys(['list', '--keys', open])).toMatchObject({ status: 3, stderr: expect.stringContaining('KEY_FILE_TOO_OPEN: ') });
});
