// Goal: a node that cannot start says why and what to do, and a validator's record has one process at a time.
// Method: a network of one validator; the same home is started again beside it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chooseCryptography } from '../../src/chain/choose-cryptography.ts';
import { Devnet } from '../../src/devnet/devnet.ts';
import { freePorts } from './support/free-ports.ts';
import { runToEnd } from './support/spawned-command.ts';

const directory = mkdtempSync(join(tmpdir(), 'mutual-start-'));
let devnet: Devnet;
let home: string;

beforeAll(async () => {
  vi.stubEnv('NODE_OPTIONS', '--conditions=mutual-source');
  const { cryptography } = await chooseCryptography();
  devnet = Devnet.open({ directory, validators: 1, ports: await freePorts(1), cryptography });
  home = devnet.nodes[0]?.home ?? '';
});
afterAll(async () => {
  await devnet.stop();
  rmSync(directory, { recursive: true });
});

/** Options with which a second process of the same home meets the first nowhere but where the test wants it. */
const ELSEWHERE = ['--p2p-listen', '/ip4/127.0.0.1/tcp/0', '--rpc-port', '0', '--admin-port', '0'];

async function listening(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as { readonly port: number }).port };
}

describe('a place that is taken', () => {
  test.each([
    ['rpc.port', '--rpc-port', (port: number) => String(port)],
    ['admin.port', '--admin-port', (port: number) => String(port)],
    ['p2p.listen', '--p2p-listen', (port: number) => `/ip4/127.0.0.1/tcp/${port}`],
  ])('%s', async (key, option, written) => {
    const { server, port } = await listening();
    const { code, output } = await runToEnd('start', '--home', home, ...ELSEWHERE, option, written(port));
    server.close();
    const remedy = `another program listens there. End it, or choose another port with ${option}, or ${key} in config.toml.`;
    expect({ code, output: output.trim() }).toEqual({
      code: 3,
      output: `error CLI_PORT_IN_USE: The node cannot listen on 127.0.0.1 port ${port} (${key}): ${remedy}`,
    });
  });
});

test('a node that cannot start ends at once, and the devnet says why', async () => {
  const path = join(home, 'signer', 'last-sign');
  const record = readFileSync(path);
  writeFileSync(
    path,
    record.map((byte, index) => (index === 100 ? byte ^ 1 : byte)),
  );
  await expect(devnet.start()).rejects.toMatchObject({ code: 'CLI_NODE_FAILED', message: expect.stringContaining('SIGNER_STATE_DAMAGED') });
  expect(devnet.nodes.map(({ processId }) => processId)).toEqual([undefined]);
  writeFileSync(path, record);
});

test('a second process with the same record of signatures is refused, whatever else it has', async () => {
  await devnet.start();
  const { code, output } = await runToEnd('start', '--home', home, ...ELSEWHERE, '--node-data-directory', 'data2');
  expect({ code, output }).toEqual({
    code: 3,
    output: expect.stringContaining(`SIGNER_STATE_IN_USE: another process signs with the record in ${join(home, 'signer')}`),
  });
});
