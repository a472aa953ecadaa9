// Goal: the same blocks lead to the same state whatever runs them: version of Node.js, compiler of the engine, language, restarts.
// Method: let the demonstration write a file, replay it in each setting as a process of its own, and compare the state root it reports.
//
// Without a just-in-time compiler (--jitless) Node.js has no WebAssembly: neither its type stripping nor the WebAssembly hashes work, so
// the compiled program runs there and falls back to the reference implementations. The root has to be the same all the same.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CommandSetting, MAIN_BUILT, NODE_22, NODE_24, runCommand } from './support/run-command.ts';
import { STORY } from './support/story-constants.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const BUILD_MS_MAX = 180_000;
const folder = temporaryFolder();
const demo = join(folder, 'demo');
let homes = 0;

const node22: CommandSetting = {
  node: NODE_22,
  nodeOptions: ['--experimental-strip-types', '--no-warnings', '--conditions=mutual-source'],
};
const node24: CommandSetting = {};

beforeAll(() => {
  expect(runCommand(['demo', '--home', demo]).status).toBe(0);
});

function newHome(): string {
  homes += 1;
  return join(folder, `home-${homes}`);
}

function rootOf(home: string, setting: CommandSetting, more: readonly string[] = []): string {
  const files = [join(demo, 'blocks.bin'), '--genesis', join(demo, 'wallet', 'genesis.json')];
  const run = runCommand(['replay', ...files, '--home', home, '--json', ...more], setting);
  expect(run).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(run.stdout).stateRoot;
}

describe('the state root is the same', () => {
  test('under Node.js 22, which is another version of the engine', () => {
    const version = (node: string): string => spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout;
    expect([version(NODE_22), version(NODE_24)]).toEqual([expect.stringMatching(/^v22\./), expect.stringMatching(/^v24\./)]);
    expect(rootOf(newHome(), node22)).toBe(STORY.stateRoot);
  });

  test('in another time zone and language', () => {
    const environment = { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
    expect(rootOf(newHome(), { environment })).toBe(STORY.stateRoot);
  });

  test('without optimizing compilers', () => {
    const nodeOptions = ['--no-opt', '--no-sparkplug', '--no-maglev', '--conditions=mutual-source'];
    expect(rootOf(newHome(), { nodeOptions })).toBe(STORY.stateRoot);
  });

  test('without any compiler and without WebAssembly, in the compiled program', { timeout: BUILD_MS_MAX }, () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const build = spawnSync(NODE_24, [tsc, '--build', 'packages/cli/tsconfig.src.json'], { cwd: root, encoding: 'utf8' });
    expect(build.stdout).toBe('');
    expect(rootOf(newHome(), { nodeOptions: ['--jitless', '--no-warnings'], program: MAIN_BUILT })).toBe(STORY.stateRoot);
  });

  test('when every few blocks another process continues from the database of the one before', () => {
    const home = newHome();
    for (const to of ['1', '8', '9', '30']) rootOf(home, node24, ['--to', to]);
    expect(rootOf(home, node24)).toBe(STORY.stateRoot);
  });

  test('when processes of two versions of Node.js take turns on one database', () => {
    const home = newHome();
    for (const [index, to] of ['5', '17', '23', '40'].entries()) rootOf(home, index % 2 === 0 ? node22 : node24, ['--to', to]);
    expect(rootOf(home, node22)).toBe(STORY.stateRoot);
    expect(rootOf(home, node24)).toBe(STORY.stateRoot);
  });
});
