import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { makeDirectory } from '@mutual-chain/node';
import { isRunning, LOCK_NAME, lockFolder } from '../demo/folder-lock.ts';
import { cliError } from '../errors.ts';
import { DEVNET_FILE } from '../network/devnet-file.ts';
import { withPath } from '../system-error.ts';
import { assertPortsFree } from './assert-ports-free.ts';
import { DEVNET_HOST, DEVNET_NETWORK_FOLDER, DEVNET_VALIDATORS, Devnet, type DevnetOptions, plannedPorts } from './devnet.ts';

/** A devnet whose processes run, in a folder that is marked as in use. */
export type RunningDevnet = { readonly devnet: Devnet; readonly file: string; readonly stop: () => Promise<void> };

/**
 * Takes a folder, opens or makes the network in it and starts its nodes.
 *
 * Errors: `CLI_FOLDER_LOCKED` while another process runs the devnet, those of `Devnet`.
 */
export async function runDevnet(options: DevnetOptions & { readonly reset: boolean }): Promise<RunningDevnet> {
  const { directory, reset } = options;
  withPath(directory, () => makeDirectory(directory));
  const release = lockFolder(directory);
  try {
    if (reset) removeNetwork(directory);
    // Before anything is written: the next try with other ports would find a network with these.
    if (!existsSync(join(directory, DEVNET_NETWORK_FOLDER)))
      await assertPortsFree(DEVNET_HOST, plannedPorts(options.validators ?? DEVNET_VALIDATORS, options.ports));
    const devnet = Devnet.open(options);
    const file = await devnet.start();
    const stop = async (): Promise<void> => {
      await devnet.stop();
      release();
    };
    return { devnet, file, stop };
  } catch (error) {
    release();
    throw error;
  }
}

/** Gives up the network in the folder of a devnet that does not run. Errors: `CLI_FOLDER_LOCKED`, those of removing files. */
export function resetDevnet(directory: string): void {
  if (!existsSync(directory)) return;
  const release = lockFolder(directory);
  try {
    removeNetwork(directory);
  } finally {
    release();
  }
}

/** Process that runs the devnet of a folder, or undefined when none does. */
export function devnetProcess(directory: string): number | undefined {
  const path = join(directory, LOCK_NAME);
  if (!existsSync(path)) return undefined;
  const processId = Number(readFileSync(path, 'utf8'));
  return isRunning(processId) ? processId : undefined;
}

/** How long a devnet may take to end, ms: its nodes finish what is under way. */
const STOP_MS_MAX = 60_000;

/** Asks the process that runs the devnet of a folder to end, and resolves when it has. Errors: `CLI_DEVNET_NOT_RUNNING`, `CLI_FOLDER_LOCKED` when it does not end. */
export async function stopDevnet(directory: string): Promise<number> {
  const processId = devnetProcess(directory);
  if (processId === undefined) {
    const message = `No devnet runs in ${relative('', directory)}. Start it with mutual devnet.`;
    throw cliError('CLI_DEVNET_NOT_RUNNING', message, { path: directory });
  }
  process.kill(processId, 'SIGTERM');
  const untilMs = performance.now() + STOP_MS_MAX;
  while (isRunning(processId)) {
    if (performance.now() > untilMs) {
      const path = join(directory, LOCK_NAME);
      const message = `Process ${processId} was told to end and has not within ${STOP_MS_MAX / 1000} s. If it is a devnet, end it with kill -9; if it is something else, delete ${path}.`;
      throw cliError('CLI_FOLDER_LOCKED', message, { path, process: processId });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return processId;
}

function removeNetwork(directory: string): void {
  withPath(directory, () => {
    for (const name of [DEVNET_NETWORK_FOLDER, DEVNET_FILE]) rmSync(join(directory, name), { recursive: true, force: true });
  });
}
