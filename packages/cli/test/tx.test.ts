// Goal: every operation of the table can be signed and sent, and every reading method asked, from the command line; exit codes say how it ended.
// Method: turn texts into fields for every type and compare; run a devnet of one validator, and `mutual tx` and `mutual query` against it.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeHex, RESULT_CODES, TRANSACTION_TYPES, type TransactionType } from '@mutual-chain/protocol';
import { METHODS } from '@mutual-chain/rpc/contract';
import { SDK_ERRORS } from '@mutual-chain/sdk';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerExitCode } from '../src/client/answer-exit-code.ts';
import { defaultOf, type FieldSources, fieldsOf, readFields } from '../src/client/operation-fields.ts';
import { queryParameters, READING_METHODS } from '../src/client/reading-methods.ts';
import { createProgram } from '../src/program.ts';
import { freePorts } from './e2e/support/free-ports.ts';
import { type CommandRun, MAIN_SOURCE, NODE_24, runCommand } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const TYPES = Object.keys(TRANSACTION_TYPES) as TransactionType[];
const NOW_SEC = 1_800_000_000;
const ADDRESS = `0x${'ab'.repeat(20)}`;
const ID = `0x${'cd'.repeat(32)}`;

const sources: FieldSources = {
  addressOf: async (text) => (text === 'bob' ? ADDRESS : text),
  decimalsOf: async ({ kind }) => ({ asset: 2, lot: 3, debt: 4 })[kind],
  nowMs: NOW_SEC * 1000,
};

/** A text for every kind of field. */
const TEXTS: Readonly<Record<string, string>> = {
  address: 'bob',
  'address[]': 'bob',
  bool: 'true',
  bytes: '0x00ff',
  bytes32: ID,
  string: 'word',
  uint8: '2',
  uint32: '3',
  uint64: '4',
  uint256: '5',
};

/** Texts of all fields that have to be given. */
function required(type: TransactionType): Record<string, string | undefined> {
  const given = fieldsOf(type).filter((field) => defaultOf(type, field) === undefined);
  return Object.fromEntries(given.map(({ name, kind }) => [name, TEXTS[kind]]));
}

function subcommandsOf(name: string): readonly Command[] {
  return createProgram().commands.find((command) => command.name() === name)?.commands ?? [];
}

describe('fields', () => {
  test.each(TYPES)('of %s are read when those that have no default are given', async (type) => {
    const fields = await readFields(type, required(type), sources);
    expect(Object.keys(fields)).toEqual(fieldsOf(type).map(({ name }) => name));
  });

  test('are amounts of their asset, names, times and numbers', async () => {
    const at = { name: 'expiresAt', text: '+2h' };
    const request = await readFields('RequestTransfer', { to: 'bob', asset: 'mUSD', amount: '30.5', [at.name]: at.text }, sources);
    expect(request).toEqual({
      lot: new Uint8Array(32),
      to: decodeHex(ADDRESS),
      asset: 'mUSD',
      amount: 3050n,
      expiresAt: NOW_SEC + 7200,
      memo: '',
    });
    expect(await readFields('ConfirmTransfer', { lot: ID, revision: '3', amount: '1' }, sources)).toMatchObject({
      revision: 3,
      amount: 1000n,
    });
    expect(await readFields('RepayCredit', { debt: ID, amount: '1' }, sources)).toMatchObject({ amount: 10_000n });
    expect(await readFields('SetAccount', { autoAccept: 'false', dailyLimit: '7' }, sources)).toEqual({
      autoAccept: false,
      dailyLimit: 7n,
    });
    const delegate = await readFields(
      'SetDelegate',
      { delegate: 'bob', asset: 'mUSD', dailyLimit: '7', expiresAt: '2027-01-15T08:00:00Z' },
      sources,
    );
    expect(delegate).toMatchObject({ dailyLimit: 700n, expiresAt: NOW_SEC });
  });

  test.each([
    ['Transfer', { to: 'bob', asset: 'mUSD' }, '--amount is missing.'],
    ['Transfer', { to: 'bob', asset: 'mUSD', amount: '1.234' }, '--amount has to be an amount with at most 2 decimals, not "1.234".'],
    ['Transfer', { to: 'bob', asset: 'mUSD', amount: '-1' }, '--amount has to be an amount'],
    ['Transfer', { to: 'bob', asset: 'mUSD', amount: '0.00' }, '--amount has to be more than 0: blocks refuse it, and charge the fee.'],
    [
      'Transfer',
      { to: 'bob', asset: 'mUSD', amount: '9'.repeat(41) },
      '--amount is more than there can be of anything, 3402823669209384634633746074317682114.55: check its digits.',
    ],
    [
      'Transfer',
      { to: 'bob', asset: 'mUSD', amount: '1', memo: 'ü'.repeat(129) },
      '--memo has 258 bytes, and at most 256 fit: shorten it.',
    ],
    [
      'DefineAsset',
      { ...required('DefineAsset'), gateways: 'bob,'.repeat(16).concat('bob') },
      '--gateways has 17 addresses, and at most 16 fit.',
    ],
    ['DefineAsset', { ...required('DefineAsset'), threshold: '256' }, '--threshold is above 255.'],
    ['SetAccount', { autoAccept: 'true', dailyLimit: String(2n ** 128n) }, `--daily-limit is above ${2n ** 128n - 1n}.`],
    [
      'ProposeValidator',
      { ...required('ProposeValidator'), publicKey: '0x0' },
      '--public-key has to be 0x and pairs of hex digits, not "0x0".',
    ],
    [
      'ProposeValidator',
      { ...required('ProposeValidator'), publicKey: `0x${'00'.repeat(34)}` },
      '--public-key has 34 bytes, and at most 33 fit.',
    ],
    ['RequestCredit', { ...required('RequestCredit'), dueAt: '9999999999999999' }, '--due-at: '],
    ['SetAccount', { autoAccept: 'yes', dailyLimit: '1' }, '--auto-accept has to be true or false, not "yes".'],
    ['ConfirmTransfer', { lot: ID, revision: '01', amount: '1' }, '--revision has to be a whole number, not "01".'],
    ['RequestCredit', { ...required('RequestCredit'), dueAt: 'tomorrow' }, '--due-at has to be a time'],
    ['ConfirmTransfer', { lot: '0x12', revision: '1', amount: '1' }, '--lot has to be 0x and 64 hex digits, not "0x12".'],
    ['ConfirmTransfer', { lot: 'y'.repeat(50), revision: '1', amount: '1' }, `not "${'y'.repeat(40)}…".`],
  ] as const)('of %s %j are refused', async (type, texts, message) => {
    await expect(readFields(type, texts, sources)).rejects.toThrow(
      expect.objectContaining({ code: 'CLI_FIELD_INVALID', message: expect.stringContaining(message) }),
    );
  });
});

describe('commands', () => {
  test('mutual tx has one for every operation, with an option for every field', () => {
    const commands = subcommandsOf('tx');
    const kebab = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^-/, '');
    expect(commands.map((command) => command.name())).toEqual(TYPES.map(kebab));
    for (const [index, type] of TYPES.entries()) {
      const options = commands[index]?.options.map(({ long }) => long) ?? [];
      expect(options).toEqual(expect.arrayContaining(fieldsOf(type).map(({ name }) => `--${kebab(name)}`)));
      expect(new Set(options).size).toBe(options.length);
    }
  });

  test('mutual query has one for every method that only reads', () => {
    const others = [
      'sendTransaction',
      'sendRawTransaction',
      'sendTransactions',
      'sendAndWait',
      'simulateTransaction',
      'prepareTransaction',
    ];
    const expected = METHODS.map(({ name }) => name).filter(
      (name) => name !== 'rpc.discover' && !others.includes(name.slice('mutual_'.length)),
    );
    expect(READING_METHODS.map(({ method }) => method.name)).toEqual(expected);
    expect(subcommandsOf('query').map((command) => command.name())).toEqual(READING_METHODS.map(({ name }) => name));
  });

  test('parameters are put together as the method takes them', () => {
    const reading = (name: string) => READING_METHODS.find((each) => each.name === name) as (typeof READING_METHODS)[number];
    expect(queryParameters(reading('get-block'), { 'height-or-hash': '5', transactions: 'full' })).toEqual({
      heightOrHash: 5,
      options: { transactions: 'full' },
    });
    expect(queryParameters(reading('list-records'), { 'from-height': '2', limit: '3', account: ADDRESS })).toEqual({
      filter: { account: ADDRESS, fromHeight: 2, limit: 3 },
    });
    expect(queryParameters(reading('get-asset'), { asset: '12' })).toEqual({ asset: '12' });
  });
});

test('exit codes of what nodes answer', () => {
  expect(RESULT_CODES.map((code) => answerExitCode(code))).toEqual(RESULT_CODES.map(() => 1));
  expect(['UNKNOWN_BLOCK', 'PRUNED', 'INVALID_PARAMS', 'SERVER_BUSY'].map((code) => answerExitCode(code))).toEqual([1, 1, 2, undefined]);
  const usage = Object.keys(SDK_ERRORS).filter((code) => answerExitCode(code) === 2);
  expect(usage).toEqual(['SDK_URL_INVALID', 'SDK_PARAMETERS_INVALID']);
});

describe('against a devnet of one validator', () => {
  const cwd = join(folder, 'devnet');
  let devnet: ChildProcess;
  const mutual = (...call: string[]): CommandRun => runCommand(call, { cwd, environment: { MUTUAL_KEYS: join(folder, 'keys') } });

  beforeAll(async () => {
    mkdirSync(cwd);
    const { p2pPort, rpcPort, adminPort } = await freePorts(1);
    const ports = ['--p2p-port', String(p2pPort), '--rpc-port', String(rpcPort), '--admin-port', String(adminPort)];
    const call = ['--conditions=mutual-source', MAIN_SOURCE, 'devnet', '--validators', '1', '--json', ...ports];
    devnet = spawn(NODE_24, call, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } });
    let errors = '';
    devnet.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    await new Promise<void>((resolve, reject) => {
      devnet.stdout?.once('data', () => resolve());
      devnet.once('exit', (code) => reject(new Error(`the devnet ended with ${code}: ${errors}`)));
    });
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => devnet.once('exit', resolve));
    devnet.kill('SIGTERM');
    await ended;
  });

  test('a transfer waits for its block, and is found there', () => {
    const sent = mutual(
      'tx',
      'transfer',
      '--from',
      'alice',
      '--to',
      'bob',
      '--asset',
      'MTN',
      '--amount',
      '1.5',
      '--memo',
      'tea',
      '--wait',
      '--json',
    );
    expect(sent.status).toBe(0);
    const { id, status, receipt, summary } = JSON.parse(sent.stdout);
    expect(sent.stderr).toMatch(new RegExp(`^taken {5}${id} by http://127\\.0\\.0\\.1:\\d+/?\n$`));
    expect([status, receipt.ok, summary]).toEqual(['committed', true, expect.stringMatching(/^Transfer 1\.5 MTN to 0x/)]);
    const found = mutual('query', 'get-transaction', id, '--json');
    expect(JSON.parse(found.stdout)).toMatchObject({ id, type: 'Transfer', receipt: { ok: true } });
    const balance = mutual('query', 'get-balance', 'bob', 'MTN', '--json');
    expect(JSON.parse(balance.stdout)).toMatchObject({ available: '1000001500000000000000000' });
  });

  test('what a block refuses exits with 1, and says why and what to do, also when it is only simulated', () => {
    const call = ['tx', 'transfer', '--from', 'alice', '--to', 'bob', '--asset', 'mUSD', '--amount', '10'];
    const refused = mutual(...call, '--wait');
    expect(refused).toMatchObject({ status: 1, stderr: '' });
    expect(refused.stdout).toMatch(
      /^Transfer 10 mUSD to 0x\w+\ntaken {5}(0x\w{64}) by http:.*\nrefused {3}in block \d+, fee [\d.]+ MTN: INSUFFICIENT_BALANCE: Less is .*\.\nLook at .* mutual query get-balance, .*\.\nid {8}\1\n$/,
    );
    const simulated = mutual(...call, '--simulate');
    expect(simulated).toMatchObject({
      status: 1,
      stderr: '',
      stdout: expect.stringMatching(/\nwould be refused: INSUFFICIENT_BALANCE: Less is .*\.\nLook at .*\.\n$/),
    });
  });

  test.each([
    [
      ['tx', 'transfer', '--from', 'nobody', '--to', 'bob', '--asset', 'MTN', '--amount', '1'],
      2,
      'CLI_ACCOUNT_UNKNOWN: --from: there is no account nobody: ',
    ],
    [['tx', 'transfer', '--from', 'alice', '--to', '0x12', '--asset', 'MTN', '--amount', '1'], 2, 'CLI_FIELD_INVALID: --to has to be 0x '],
    [
      ['tx', 'transfer', '--from', 'alice', '--to', 'alice', '--asset', 'MTN', '--amount', '1'],
      2,
      'CLI_FIELD_INVALID: --to is the same account as --from: name another one. ',
    ],
    [
      ['tx', 'transfer', '--from', 'alice', '--to', 'bob', '--asset', 'MTN', '--amount', '1', '--fee-max', '1,5'],
      2,
      'CLI_FIELD_INVALID: --fee-max has to be ',
    ],
    [
      ['tx', 'transfer', '--from', 'alice', '--to', 'bob', '--asset', 'mXYZ', '--amount', '1'],
      1,
      'UNKNOWN_ASSET: There is no such asset. Check the id of the asset: mutual query list-assets has those that there are',
    ],
    [['query', 'get-account', '0x12'], 2, 'CLI_FIELD_INVALID: <address> has to be 0x '],
    [['tx', 'transfer', '--from', 'alice'], 2, 'required option'],
    [['query', 'get-transaction', ID], 1, 'UNKNOWN_TRANSACTION: '],
    [['query', 'get-block', 'nonsense'], 2, 'SDK_PARAMETERS_INVALID: heightOrHash'],
    [['query', 'status', '--url', 'nonsense'], 2, 'SDK_URL_INVALID: '],
    [['query', 'status', '--url', 'http://127.0.0.1:1'], 3, 'SDK_UNREACHABLE: '],
    [['query', 'status', '--devnet', 'nowhere'], 3, 'CLI_FILE_MISSING: '],
  ])('%j', (call, status, message) => {
    expect(mutual(...call)).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(message) });
  });
});
