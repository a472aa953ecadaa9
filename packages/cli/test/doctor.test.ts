// Goal: everything that keeps a node from starting is found before it starts, with a remedy, and nothing is found where nothing is wrong.
// Method: write the home of a validator, examine it, break one thing at a time and compare which checks fail; run `mutual doctor` as a process.

import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { referenceCryptography } from '@mutual-chain/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkClock, checkCryptography, checkVersion, judgeDisk } from '../src/doctor/check-machine.ts';
import { examineHome } from '../src/doctor/examine-home.ts';
import { createNetwork } from '../src/network/create-network.ts';
import { placesOn } from '../src/network/node-places.ts';
import { writeNetwork } from '../src/network/write-network.ts';
import { runCommand } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const cryptography = referenceCryptography;

/** Ports that are free for sure: the system chooses them when the node starts. */
const ANY_PORT = { 'p2p.listen': '/ip4/127.0.0.1/tcp/0', 'rpc.port': '0', 'admin.port': '0' };
const ANY_PORT_VARIABLES = { MUTUAL_P2P_LISTEN: '/ip4/127.0.0.1/tcp/0', MUTUAL_RPC_PORT: '0', MUTUAL_ADMIN_PORT: '0' };

const CHECKS = ['version', 'config', 'cryptography', 'permissions', 'disk', 'genesis', 'clock', 'keys', 'lastSign', 'ports'];

function write(name: string, timestampMs = 1000): string {
  const places = placesOn(['127.0.0.1', '127.0.0.1']);
  const network = createNetwork({ preset: 'devnet', chainId: 7357, networkName: 'test', timestampMs, places, cryptography });
  writeNetwork(network, { directory: join(folder, name), encrypt: true, cryptography, cost: { n: 2, r: 8, p: 1 } });
  return join(folder, name, 'validator-1');
}

let home = '';
let copies = 0;

beforeAll(() => {
  home = write('network');
});

/** A copy of the home in which something is changed. */
function copyWith(change: (home: string) => void): string {
  copies += 1;
  const copy = join(folder, `copy-${copies}`);
  cpSync(home, copy, { recursive: true });
  change(copy);
  return copy;
}

/** Checks that are not ok, disk and cryptography left out: those are the machine's. */
async function findings(path: string, flags: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const results = await examineHome({ home: path, environment: {}, flags: { ...ANY_PORT, ...flags } }, '0.0.0');
  expect(results.filter(({ status, remedy }) => (status === 'ok') !== (remedy === ''))).toEqual([]);
  const own = results.filter(({ check }) => check !== 'disk' && check !== 'cryptography');
  return own.filter(({ status }) => status !== 'ok').map(({ check, status, message }) => `${check} ${status}: ${message}`);
}

describe('a home', () => {
  test('as it was written has nothing wrong, and everything is looked at', async () => {
    expect(await findings(home)).toEqual([]);
    const results = await examineHome({ home, environment: {}, flags: ANY_PORT }, '0.0.0');
    expect(results.map(({ check }) => check)).toEqual(CHECKS);
  });

  test.each([
    ['a key that others can read', (path: string) => chmodSync(join(path, 'keys', 'node.key'), 0o644), ['permissions wrong', 'keys wrong']],
    [
      'a token that others can read',
      (path: string) => chmodSync(join(path, 'keys', 'admin.token'), 0o640),
      ['permissions wrong', 'keys wrong'],
    ],
    ['no key of the node', (path: string) => rmSync(join(path, 'keys', 'node.key')), ['keys wrong']],
    [
      'a wrong password',
      (path: string) => writeFileSync(join(path, 'keys', 'validator.password'), 'other\n', { mode: 0o600 }),
      ['keys wrong'],
    ],
    ['no record of what was signed', (path: string) => rmSync(join(path, 'signer', 'last-sign')), ['lastSign wrong']],
    ['no genesis document', (path: string) => rmSync(join(path, 'genesis.json')), ['genesis wrong']],
    ['a genesis document that is none', (path: string) => writeFileSync(join(path, 'genesis.json'), '{}'), ['genesis wrong']],
    ['a wrong configuration', (path: string) => writeFileSync(join(path, 'config.toml'), '[rpc]\nprot = 1\n'), ['config wrong']],
    [
      'the genesis document of another network',
      (path: string) => cpSync(join(write(`other-${copies}`), 'genesis.json'), join(path, 'genesis.json')),
      ['keys warning', 'lastSign wrong'],
    ],
    [
      'the key of another node',
      (path: string) => cpSync(join(folder, 'network', 'validator-2', 'keys', 'node.key'), join(path, 'keys', 'node.key')),
      ['keys warning'],
    ],
  ])('with %s', async (_name, change, expected) => {
    const found = await findings(copyWith(change));
    expect(found.map((each) => each.split(':')[0])).toEqual(expected);
  });

  test('whose published keys would be opened to others', async () => {
    const [first, ...rest] = await findings(home, { 'p2p.listen': '/ip4/0.0.0.0/tcp/0' });
    expect([first, rest]).toEqual([
      expect.stringContaining('genesis wrong: p2p.listen is /ip4/0.0.0.0/tcp/0, but the network test uses'),
      [],
    ]);
  });

  test('whose genesis is in the future', async () => {
    expect(await findings(write('future', Date.now() + 3_600_000))).toEqual([expect.stringMatching(/^clock wrong: .* before the genesis/)]);
  });
});

describe('ports', () => {
  const server = createServer();
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('that another program has are named', async () => {
    const found = await findings(home, { 'admin.port': String(port) });
    expect(found).toEqual([`ports wrong: cannot listen: admin.port (127.0.0.1 port ${port}: EADDRINUSE)`]);
    expect(await findings(home, { 'p2p.listen': `/ip4/127.0.0.1/tcp/${port}`, 'rpc.enabled': 'false' })).toEqual([
      `ports wrong: cannot listen: p2p.listen (127.0.0.1 port ${port}: EADDRINUSE)`,
    ]);
  });
});

describe('the machine', () => {
  const GIB = 1024 ** 3;
  test.each([
    [20 * GIB, 100_000, 'ok', '20.0 GiB free for here'],
    [20 * GIB, undefined, 'ok', '20.0 GiB free for here'],
    [5 * GIB, 100_000, 'warning', '5.0 GiB free for here'],
    [0.5 * GIB, 100_000, 'wrong', '0.5 GiB free for here'],
    [20 * GIB, 999, 'wrong', '999 more files fit on the disk of here'],
  ])('%d bytes and %s files free are %s', (bytes, files, status, message) => {
    expect(judgeDisk('here', bytes, files)).toMatchObject({ check: 'disk', status, message });
  });

  test.each([
    ['24.1.0', 'ok'],
    ['25.0.0', 'ok'],
    ['22.9.0', 'wrong'],
  ])('Node.js %s is %s', (version, status) => {
    expect(checkVersion('1.2.3', version)).toMatchObject({ status, message: `mutual 1.2.3 on Node.js ${version}` });
  });

  test.each([
    ['auto', true, 'ok'],
    ['auto', false, 'warning'],
    ['native', false, 'wrong'],
    ['native', true, 'ok'],
    ['reference', true, 'warning'],
  ] as const)('cryptography %s with a native one: %s is %s', (choice, isNative, status) => {
    expect(checkCryptography(choice, isNative, 'signatures by somebody').status).toBe(status);
  });

  test('a clock at genesis is right, one before it is not', () => {
    expect([checkClock(1000, 1000).status, checkClock(1000, 999).status]).toEqual(['ok', 'wrong']);
  });
});

describe('mutual doctor', () => {
  test('exits 0 and says that the node can start', () => {
    const run = runCommand(['doctor', '--home', home], { environment: ANY_PORT_VARIABLES });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout.trimEnd().split('\n').at(-1)).toBe('The node can start.');
  });

  test('exits 1 with every check and its remedy, also as JSON', () => {
    const broken = copyWith((path) => rmSync(join(path, 'signer', 'last-sign')));
    const run = runCommand(['doctor', '--home', broken, '--json'], { environment: ANY_PORT_VARIABLES });
    expect(run).toMatchObject({ status: 1, stderr: '' });
    const { ok, home: examined, checks } = JSON.parse(run.stdout);
    expect([ok, examined]).toEqual([false, broken]);
    expect(checks.map(({ check }: { check: string }) => check)).toEqual(CHECKS);
    const lastSign = checks.find(({ check }: { check: string }) => check === 'lastSign');
    expect(lastSign).toMatchObject({
      status: 'wrong',
      message: expect.stringContaining('is missing'),
      remedy: expect.stringMatching(/\.$/),
    });
  });

  test('exits 3 without a home', () => {
    const run = runCommand(['doctor', '--home', join(folder, 'nowhere')]);
    expect(run).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining('CLI_FILE_MISSING: ') });
  });
});
