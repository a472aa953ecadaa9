// Goal: the demonstration tells its story, ends with the same state on every machine, and checks itself.
// Method: run it as a process in an empty folder, read its output and its files; run it again elsewhere and compare; then give it files in
// which one thing is not as it has to be.

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CommandRun, runCommand } from './support/run-command.ts';
import { STORY } from './support/story-constants.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const home = join(folder, '.mutual', 'demo');
let run: CommandRun;

beforeAll(() => {
  run = runCommand(['demo'], { cwd: folder });
});

describe('mutual demo', () => {
  test('succeeds, and prints nothing but its story, without colours where there is no terminal', () => {
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).not.toContain('\u001b');
  });

  test('tells all chapters, in order', () => {
    const titles = ['Wallet', 'Deposits', 'Transfers', 'Credit', 'Levels and fees', 'Withdrawals', 'Expiry', 'A day of trade'];
    const rest = ['Governance', 'At the door', 'Locked MTN', 'Left open', 'Balances', 'Chain', 'Replay'];
    const expected = [...titles, ...rest];
    expect(run.stdout.split('\n').filter((line) => expected.includes(line))).toEqual(expected);
  });

  test.each(['E01', 'E02', 'E03', 'E04', 'E05', 'E06', 'E07', 'E08', 'E09', 'E10', 'E11', 'E12'])('shows a record of %s', (input) => {
    expect(run.stdout).toMatch(new RegExp(`S\\d –${input}→ S\\d  lot [0-9a-f]{8}…  [0-9.]+ \\w+  \\S+ → \\S+`));
  });

  test.each(['STALE_REVISION', 'NOT_PERMITTED', 'LEVEL_TOO_LOW', 'DFSM_ILLEGAL', 'FROZEN'])('shows a refusal with %s', (code) => {
    expect(run.stdout).toMatch(new RegExp(`^ +refused ${code} `, 'm'));
  });

  test('lets the system end four requests in the block at their second', () => {
    expect(run.stdout.match(/^ {2}system {2}S\d –E\d\d→ S\d .*"expired"\)$/gm)).toHaveLength(4);
  });

  test('shows balances with what is locked and what is pending', () => {
    expect(run.stdout).toMatch(/^MTN +available +locked +pending in +pending out$/m);
    expect(run.stdout).toMatch(/^founders +[0-9.]+ +798904\d\d\.\d{18} +· +·$/m);
    expect(run.stdout).toMatch(/^carol +[0-9.]+ +· +120\.00$/m);
    expect(run.stdout).toContain('supply 400000000 MTN');
  });

  test('ends with the locked state', () => {
    expect(run.stdout).toContain(`genesis ${STORY.genesisHash}\n`);
    expect(run.stdout).toContain(`tip        ${STORY.tip}\n`);
    const last = `replay: ${STORY.blocks} blocks, ${STORY.transactions} transactions, state root equal ${STORY.stateRoot}`;
    expect(run.stdout.trimEnd().split('\n').at(-1)).toBe(last);
  });

  test('says which transactions of the wallet are in no block, and why', () => {
    const lines = run.stdout.split('\n');
    const head = "left out   6 of the wallet's 410, refused at admission: in no block, without a receipt or a fee";
    const first = lines.indexOf(head) + 1;
    expect(lines.slice(first, first + 6).map((line) => line.replace(/(: [A-Z_]+): .*$/, '$1'))).toEqual([
      '           for block 14: newcomer SetAccount: INSUFFICIENT_FEE_BALANCE',
      '           for block 41: alice Transfer: FEE_TOO_LOW',
      '           for block 41: alice Transfer: EXPIRED',
      '           for block 41: alice Transfer: NONCE_TOO_HIGH',
      '           for block 41: alice Transfer: NONCE_TOO_LOW',
      '           for block 41: Transfer: BAD_SIGNATURE',
    ]);
    const outcomes = lines.find((line) => line.startsWith('outcomes ')) ?? '';
    const counted = [...outcomes.matchAll(/(\d+) [A-Z_]+/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(counted).toBe(STORY.transactions);
  });

  test('makes the same blocks in another process, time zone and language, and replaces what it wrote before', () => {
    const blocks = readFileSync(join(home, 'blocks.bin'));
    const environment = { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
    const second = runCommand(['demo', '--json'], { cwd: folder, environment });
    expect(second).toMatchObject({ status: 0, stderr: '' });
    const { blocks: height, transactions, leftOut, stateRoot, tip, surprises, replay } = JSON.parse(second.stdout);
    expect(leftOut).toHaveLength(6);
    const expected = { height: STORY.blocks, transactions: STORY.transactions, stateRoot: STORY.stateRoot, tip: STORY.tip, surprises: [] };
    expect({ height, transactions, stateRoot, tip, surprises }).toEqual(expected);
    expect(replay.stateRoot).toBe(STORY.stateRoot);
    expect(readFileSync(join(home, 'blocks.bin')).equals(blocks)).toBe(true);
  });

  test('exits 1 and names the transaction that came out otherwise than its wallet expected', () => {
    const wallet = join(folder, 'wallet');
    cpSync(join(home, 'wallet'), wallet, { recursive: true });
    const path = join(wallet, 'transactions.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"expected":"NOT_PERMITTED"', '"expected":"OK"'));
    const surprised = runCommand(['demo', '--home', join(folder, 'surprised'), '--wallet', wallet]);
    expect(surprised.status).toBe(1);
    expect(surprised.stdout).toContain('unexpected at height 2: ConfirmDeposit came out as NOT_PERMITTED, its wallet expected OK');
  });

  test('exits 1 and names file, line and field of a story it cannot read', () => {
    const wallet = join(folder, 'broken-wallet');
    cpSync(join(home, 'wallet'), wallet, { recursive: true });
    const path = join(wallet, 'transactions.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('{"height":1,', '{"height":"1",'));
    const broken = runCommand(['demo', '--home', join(folder, 'broken'), '--wallet', wallet]);
    expect(broken.status).toBe(1);
    expect(broken.stderr).toContain('transactions.jsonl, line 1: height has to be a whole number');
  });
});
