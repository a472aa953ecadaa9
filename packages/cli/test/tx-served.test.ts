// Goal: whoever sends knows what was sent when he stops waiting, names of a devnet count with --url, and amounts are shown with their asset.
// Method: a chain that makes blocks only when the test says so, behind a real server; the command as a process that the test interrupts.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { encodeHex, formatAddress, referenceCryptography } from '@mutual-chain/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEVNET_FILE, DEVNET_FOLDER, type DevnetFile } from '../src/network/devnet-file.ts';
import { addressOf, NEW_LOT, ServedChain } from './rpc-ports/served-chain.ts';
import { type CommandRun, MAIN_SOURCE, NODE_24 } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const home = join(folder, 'home');
const elsewhere = join(folder, 'elsewhere');
let served: ServedChain;

/** Writes what a devnet of these accounts would have written. */
function writeDevnet(cwd: string, change: Partial<DevnetFile>): void {
  const directory = join(cwd, DEVNET_FOLDER);
  mkdirSync(directory, { recursive: true });
  const { chainId, genesisHash } = served.chain.context;
  const accounts = ['alice', 'bob', 'gateway'].map((name) => {
    const privateKey = encodeHex(referenceCryptography.sha256(new TextEncoder().encode(name)));
    return { name, role: 'member', address: formatAddress(addressOf(name)), privateKey };
  });
  const urls = { rpcUrl: served.url, rpcUrls: [served.url], wsUrl: '' };
  const file: DevnetFile = { ...urls, chainId, genesisHash: encodeHex(genesisHash), accounts, ...change };
  writeFileSync(join(directory, DEVNET_FILE), JSON.stringify(file));
}

beforeAll(async () => {
  served = await ServedChain.start();
  writeDevnet(home, {});
  writeDevnet(elsewhere, { genesisHash: `0x${'77'.repeat(32)}` });
});
afterAll(() => served.stop());

/** Runs `mutual` while the chain is served, and shows each piece of its output to `watch`, which may interrupt it. */
function mutual(call: readonly string[], cwd = home, watch: (output: string, child: ChildProcess) => void = () => undefined) {
  const child = spawn(NODE_24, ['--conditions=mutual-source', MAIN_SOURCE, ...call], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', MUTUAL_KEYS: join(folder, 'keys') },
  });
  const run = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      run[name] += chunk.toString();
      watch(`${run.stdout}${run.stderr}`, child);
    });
  }
  return new Promise<CommandRun>((resolve) => {
    child.once('close', (status) => resolve({ status, ...run }));
  });
}

describe('whoever stops waiting', () => {
  const transfer = ['tx', 'transfer', '--from', 'alice', '--to', 'bob', '--asset', 'MTN', '--amount', '1', '--wait'];
  const interruptOnce = (signal: NodeJS.Signals) => (output: string, child: ChildProcess) => {
    if (/taken .* by http/.test(output) && !child.killed) child.kill(signal);
  };

  test('knows the id of what a node has taken, and how to ask what became of it', async () => {
    const { status, stdout, stderr } = await mutual([...transfer, '--url', served.url], home, interruptOnce('SIGINT'));
    const id = /0x\w{64}/.exec(stdout)?.[0] ?? '';
    expect({ status, stdout, stderr: stderr.replace(/until \d{4}-\S+Z/, 'until TIME') }).toEqual({
      status: 130,
      stdout: `Transfer 1 MTN to ${formatAddress(addressOf('bob'))}\ntaken     ${id} by ${served.url}\n`,
      stderr: `interrupted: the transaction may still be executed, until TIME. Ask what became of it before you send another one:\n  mutual query get-transaction ${id} --url ${served.url}\n`,
    });
    const found = await mutual(['query', 'get-transaction', id, '--url', served.url, '--json']);
    expect(JSON.parse(found.stdout)).toMatchObject({ id, status: 'pending' });
  });

  test('has one JSON object on standard output with --json', async () => {
    const { status, stdout, stderr } = await mutual([...transfer, '--json'], home, interruptOnce('SIGTERM'));
    const { id, ...rest } = JSON.parse(stdout) as Readonly<Record<string, string>>;
    expect({ status, ...rest }).toEqual({ status: 'interrupted', summary: expect.stringMatching(/^Transfer 1 MTN to 0x/) });
    expect(status).toBe(130);
    expect(stderr).toMatch(new RegExp(`^taken {5}${id} by http\\S+\\ninterrupted: .*\\n {2}mutual query get-transaction ${id}\\n$`));
  });

  test('before anything was sent is told so', async () => {
    // Answers what the wallet asks when it connects, and nothing of what it asks before it sends, which is a batch.
    const answerSingly = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = await text(request);
      if (body.startsWith('[')) return;
      const answer = await fetch(served.url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      response.setHeader('content-type', 'application/json').end(await answer.text());
    };
    const node = createServer((request, response) => void answerSingly(request, response));
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
    const { status, stdout, stderr } = await mutual([...transfer, '--url', url], home, (_output, child) => {
      if (!child.killed) child.kill('SIGINT');
    });
    node.close();
    expect({ status, stdout, stderr }).toEqual({
      status: 130,
      stdout: `Transfer 1 MTN to ${formatAddress(addressOf('bob'))}\n`,
      stderr: 'interrupted: nothing was sent.\n',
    });
  });
});

describe('names of the devnet of a folder', () => {
  test('count for nodes of its chain that are named with --url', async () => {
    const run = await mutual(['query', 'get-account', 'bob', '--url', served.url, '--json']);
    expect(JSON.parse(run.stdout)).toMatchObject({ address: formatAddress(addressOf('bob')) });
  });

  test('do not count for nodes of another chain', async () => {
    const { status, stdout, stderr } = await mutual(['query', 'get-account', 'bob', '--url', served.url], elsewhere);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('the devnet of this folder is not the chain of the node that was named.');
  });
});

describe('amounts', () => {
  test('of a lot are told with the asset of the lot, and a balance with its own', async () => {
    const request = { lot: NEW_LOT, asset: 'mUSD', amount: 83_000n, reference: 'wire', expiresAt: 0 };
    const [id] = await served.commit(served.sign('gateway', 'RequestDeposit', request));
    const lots = (await served.call('listLots', [{ owner: encodeHex(addressOf('gateway')) }])).result as { items: { id: string }[] };
    const lot = lots.items[0]?.id ?? '';
    const confirmation = ['--lot', lot, '--revision', '0', '--amount', '830', '--external-ref', 'r'];
    const confirmed = await mutual(['tx', 'confirm-deposit', '--from', 'gateway', ...confirmation, '--simulate']);
    expect(confirmed).toEqual({
      status: 0,
      stdout: `Confirm deposit ${lot}, revision 0, of 830 mUSD: r\nwould be done\n`,
      stderr: '',
    });
    const balance = await mutual(['query', 'get-balance', 'gateway', 'mUSD']);
    expect(JSON.parse(balance.stdout)).toEqual({
      available: '0.00 mUSD',
      locked: '0.00 mUSD',
      pendingIn: '830.00 mUSD',
      pendingOut: '0.00 mUSD',
    });
    const exact = await mutual(['query', 'get-balance', 'gateway', 'mUSD', '--json']);
    expect(JSON.parse(exact.stdout)).toEqual({ available: '0', locked: '0', pendingIn: '83000', pendingOut: '0' });
    const transaction = await mutual(['query', 'get-transaction', encodeHex(id ?? new Uint8Array())]);
    expect(JSON.parse(transaction.stdout)).toMatchObject({
      message: { amount: '830.00 mUSD', maxFee: '0.001 MTN' },
      receipt: { feePaid: '0.000000000000001003 MTN', records: [{ transaction: { amount: '830.00 mUSD' } }] },
    });
  });
});
