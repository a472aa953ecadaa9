// Goal: `mutual devnet` is a network that one can start, look at, stop and start again, however it was ended, and that tells its story without a flaw.
// Method: the command as a process with a folder and ports of its own; it is ended in every way there is.

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { DevnetSummary } from '../../src/devnet/describe-devnet.ts';
import type { DevnetFile } from '../../src/network/devnet-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { freePorts } from './support/free-ports.ts';
import { call } from './support/json-rpc.ts';
import { isRunning, runToEnd, SpawnedCommand } from './support/spawned-command.ts';
import { TEST_MS_MAX, waitUntil } from './support/wait-until.ts';

vi.setConfig({ testTimeout: TEST_MS_MAX, hookTimeout: TEST_MS_MAX });

const VALIDATORS = 4;
/** Enough for what is the same with any number of them. */
const FEW = 2;
const folder = temporaryFolder();
const home = join(folder, 'devnet');
const ports = await freePorts(VALIDATORS);
const first = ['--p2p-port', String(ports.p2pPort), '--rpc-port', String(ports.rpcPort), '--admin-port', String(ports.adminPort)];

const started: SpawnedCommand[] = [];
let nodes: readonly number[] = [];

/** Starts the devnet of the folder and waits until it runs. */
async function start(): Promise<SpawnedCommand> {
  const command = new SpawnedCommand(['devnet', '--home', home, ...first, '--validators', String(FEW), '--json']);
  started.push(command);
  await command.printed(/^\{"nodes":.*\}$/m);
  const [line = ''] = /^\{"nodes":.*\}$/m.exec(command.output) ?? [];
  nodes = (JSON.parse(line) as DevnetSummary).nodes.map(({ processId }) => processId ?? 0);
  expect(nodes.map(isRunning)).toEqual(nodes.map(() => true));
  return command;
}

const file = (): DevnetFile => JSON.parse(readFileSync(join(home, 'devnet.json'), 'utf8')) as DevnetFile;
const heightOf = async (): Promise<number> => (await call<{ readonly height: number }>(file().rpcUrl, 'mutual_status')).height;
const nodesEnded = (): Promise<void> => waitUntil('the end of all nodes', async () => !nodes.some(isRunning));

afterEach(async () => {
  await Promise.all(started.splice(0).map((command) => command.end('SIGKILL')));
  await nodesEnded();
});

describe('mutual devnet', () => {
  test('starts once, tells its status, stops when it is told to, and goes on at its height', async () => {
    const command = await start();
    const status = await runToEnd('devnet', '--home', home, 'status', '--json');
    expect([status.code, JSON.parse(status.stdout)]).toMatchObject([
      0,
      {
        isRunning: true,
        processId: command.processId,
        nodes: file().rpcUrls.map((rpcUrl) => ({ rpcUrl, height: expect.any(Number) as number, blockHash: expect.any(String) as string })),
      },
    ]);
    const second = await runToEnd('devnet', '--home', home, ...first);
    expect([second.code, second.output]).toEqual([
      3,
      expect.stringContaining(`CLI_FOLDER_LOCKED: ${home} is in use by process ${command.processId}.`),
    ]);
    expect(nodes.map(isRunning)).toEqual(nodes.map(() => true));

    await waitUntil('a block', async () => (await heightOf()) > 0);
    const height = await heightOf();
    const stop = await runToEnd('devnet', '--home', home, 'stop');
    expect([stop.code, stop.stdout, await command.ended]).toMatchObject([
      0,
      `the devnet of process ${command.processId} has ended\n`,
      { code: 0, signal: null },
    ]);
    await nodesEnded();
    const stopped = await runToEnd('devnet', '--home', home, 'status', '--json');
    expect([stopped.code, JSON.parse(stopped.stdout)]).toMatchObject([1, { isRunning: false, nodes: [] }]);

    const again = await start();
    expect(await heightOf()).toBeGreaterThanOrEqual(height);
    await waitUntil('the next block', async () => (await heightOf()) > height);
    process.kill(nodes[1] ?? 0, 'SIGKILL');
    await again.printed(/^validator-2 has ended by SIGKILL; its log is .*validator-2\/node\.log\. /m);
    expect(await again.end('SIGINT')).toMatchObject({ code: 0, signal: null });
    await nodesEnded();
  });

  test('that is killed leaves no node running, and a folder that starts again and ends with Ctrl-C', async () => {
    const killed = await start();
    expect(await killed.end('SIGKILL')).toMatchObject({ code: null, signal: 'SIGKILL' });
    await nodesEnded();
    const interrupted = await start();
    expect(await interrupted.end('SIGINT')).toMatchObject({ code: 0, signal: null });
    await nodesEnded();
    const status = await runToEnd('devnet', '--home', home, 'status');
    expect([status.code, status.stdout]).toEqual([1, expect.stringMatching(/^No devnet runs in /)]);
  });

  test('names the port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(ports.rpcPort + 1, '127.0.0.1', resolve));
    const { code, output } = await runToEnd('devnet', '--home', home, ...first);
    await new Promise((resolve) => server.close(resolve));
    expect([code, output]).toEqual([
      3,
      expect.stringContaining(
        `CLI_PORT_IN_USE: Port ${ports.rpcPort + 1} of 127.0.0.1, for JSON-RPC of validator-2, cannot be used (EADDRINUSE).`,
      ),
    ]);
  });

  test('writes nothing before its ports are free, and passes over no port that is asked for', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(ports.adminPort, '127.0.0.1', resolve));
    const fresh = join(folder, 'fresh');
    const taken = await runToEnd('devnet', '--home', fresh, ...first, '--validators', String(FEW));
    await new Promise((resolve) => server.close(resolve));
    expect([taken.code, taken.output, existsSync(join(fresh, 'network'))]).toEqual([3, expect.stringContaining('CLI_PORT_IN_USE'), false]);
    const other = await runToEnd('devnet', '--home', home, '--rpc-port', String(ports.rpcPort + 100));
    const message = `has ${ports.rpcPort} as its first port, not ${ports.rpcPort + 100}. Give it up and make a new one with --reset, or leave --rpc-port out.`;
    expect([other.code, other.output]).toEqual([2, expect.stringContaining(message)]);
  });

  test('--tour ends with equal state roots, a replay that reproduces them, and exit code 0', async () => {
    const command = new SpawnedCommand(['devnet', '--home', home, ...first, '--reset', '--tour']);
    started.push(command);
    await command.printed(/^The network goes on at /m);
    const { code, output } = await command.end('SIGINT');
    const roots = [...output.matchAll(/^validator-\d +(0x[0-9a-f]{64})$/gm)].map(([, root]) => root);
    const [, replayed] = /^state root (0x[0-9a-f]{64})$/m.exec(output) ?? [];
    expect(roots).toEqual(Array.from({ length: VALIDATORS }, () => replayed));
    expect(output).not.toContain('not as expected');
    expect([code, output]).toEqual([0, expect.stringContaining('the replay reproduces the state root')]);
  });
});
