// Goal: the example of the package runs, and tells success from failure.
// Method: start it as a program against a real server.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { encodeHex, formatAddress } from '@mutual-chain/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memosIn } from './support/memory-chain.ts';
import { alice, bob, World } from './support/world.ts';

const PROGRAM = fileURLToPath(new URL('../../../examples/payments/src/main.ts', import.meta.url));
const world = new World();
let blocks: NodeJS.Timeout;
beforeAll(async () => {
  await world.serve();
  blocks = setInterval(() => world.node.makeBlock(), 10);
});
afterAll(() => {
  clearInterval(blocks);
  return world.stop();
});

type Run = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

function run(more: readonly string[], key = encodeHex(alice.privateKey)): Promise<Run> {
  const env = { PATH: process.env['PATH'], PRIVATE_KEY: key };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--conditions=mutual-source', PROGRAM, ...more], { env }, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

const to = formatAddress(bob.address);

describe('the example of payments', () => {
  test('pays', async () => {
    const url = world.served[0]?.listening ?? '';
    const { exitCode, stdout, stderr } = await run(['--url', url, '--to', to, '--amount', '0.25', '--count', '30']);
    expect({ exitCode, stderr, stdout }).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `${formatAddress(alice.address)}: 30 × Transfer 0.25 MTN to ${to} on memory\n30 of 30 paid\n`,
    });
    expect(memosIn(world.chain).size).toBe(30);
  });

  test('tells what was not paid', async () => {
    const url = world.served[0]?.listening ?? '';
    const { exitCode, stdout } = await run(['--url', url, '--to', to, '--amount', '100000']);
    expect({ exitCode, last: stdout.trim().split('\n').at(-1) }).toEqual({ exitCode: 1, last: '0 of 1 paid' });
  });

  test.each([
    ['another network', () => ['--url', world.served[0]?.listening ?? '', '--to', to, '--genesis', `0x${'00'.repeat(32)}`], 3],
    ['no URL', () => ['--to', to], 2],
  ])('ends with the code for %s', async (_name, more, exitCode) => {
    expect((await run(more())).exitCode).toBe(exitCode);
  });
});
