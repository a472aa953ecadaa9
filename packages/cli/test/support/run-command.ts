import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** The runtimes that tests use. */
export const NODE_24: string = path('../../node_modules/node/bin/node');
export const NODE_22: string = path('node_modules/node22/bin/node');

/** The program as sources and, where it has been built, compiled. */
export const MAIN_SOURCE: string = path('src/main.ts');
export const MAIN_BUILT: string = path('dist/main.js');

/** The wallet of the examples. */
export const WALLET: string = path('../../examples/wallet/src/main.mjs');

const RUN_MS_MAX = 120_000;

// Tests that run processes take as long as those.
vi.setConfig({ testTimeout: RUN_MS_MAX, hookTimeout: RUN_MS_MAX });

/** What a process printed and how it ended. */
export type CommandRun = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** How a process is started when it is not the sources under Node.js 24. */
export type CommandSetting = {
  readonly cwd?: string;
  readonly node?: string;
  readonly nodeOptions?: readonly string[];
  readonly program?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

/** Runs `mutual` (or another program) as a process of its own. */
export function runCommand(commandArguments: readonly string[], setting: CommandSetting = {}): CommandRun {
  const { node = NODE_24, nodeOptions = ['--conditions=mutual-source'], program = MAIN_SOURCE, cwd, environment } = setting;
  const { status, stdout, stderr } = spawnSync(node, [...nodeOptions, program, ...commandArguments], {
    encoding: 'utf8',
    timeout: RUN_MS_MAX,
    env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '1', NO_COLOR: undefined, ...environment },
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { status, stdout, stderr };
}
