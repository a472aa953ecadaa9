import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RpcClient } from '@mutual-chain/sdk';
import { DEVNET_FILE, type DevnetFile } from '../network/devnet-file.ts';
import { shortPath } from '../text/short-path.ts';
import { tableLines } from '../text/table.ts';
import type { Devnet } from './devnet.ts';
import { devnetProcess, type RunningDevnet } from './run-devnet.ts';

/** A running devnet for programs. */
export type DevnetSummary = {
  readonly nodes: readonly {
    readonly name: string;
    readonly processId: number | undefined;
    readonly rpcUrl: string | undefined;
    readonly home: string;
  }[];
};

/** What runs, for programs. */
export function devnetStatus({ nodes }: Devnet): DevnetSummary {
  return { nodes: nodes.map(({ name, processId, ready, home }) => ({ name, processId, rpcUrl: ready?.rpcUrl, home })) };
}

/** What runs and how to use it, for people. */
export function describeDevnet({ devnet, file }: Pick<RunningDevnet, 'devnet' | 'file'>): readonly string[] {
  const rows = devnet.nodes.map(({ name, processId, ready, home }) => [
    name,
    String(processId ?? 'ended'),
    ready?.rpcUrl ?? '',
    shortPath(home),
  ]);
  const [url = ''] = devnet.rpcUrls;
  return [
    `${devnet.nodes.length} validators run.`,
    '',
    ...tableLines(['node', 'process', 'JSON-RPC', 'folder'], rows, 'left'),
    '',
    `Accounts and URLs for programs: ${shortPath(file)}`,
    `Try: curl -s ${url} -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"mutual_status","params":[]}'`,
    'Ctrl-C ends the network; the next start goes on where it was.',
  ];
}

/** What is to be said about the devnet of a folder. */
export type DevnetReport = {
  readonly isRunning: boolean;
  readonly processId: number | undefined;
  readonly nodes: readonly { readonly rpcUrl: string; readonly height: number | null; readonly blockHash: string | null }[];
  readonly lines: readonly string[];
};

/** Asks the nodes of a devnet where they are. */
export async function describeStatus(directory: string): Promise<DevnetReport> {
  const processId = devnetProcess(directory);
  const path = join(directory, DEVNET_FILE);
  if (processId === undefined || !existsSync(path)) {
    return {
      isRunning: false,
      processId: undefined,
      nodes: [],
      lines: [`No devnet runs in ${shortPath(directory)}. Start it with mutual devnet.`],
    };
  }
  const { rpcUrls } = JSON.parse(readFileSync(path, 'utf8')) as DevnetFile;
  const nodes = await Promise.all(rpcUrls.map(askStatus));
  const rows = nodes.map(({ rpcUrl, height, blockHash }) => [rpcUrl, height === null ? 'no answer' : String(height), blockHash ?? '']);
  return {
    isRunning: true,
    processId,
    nodes,
    lines: [`The devnet of process ${processId} runs.`, '', ...tableLines(['JSON-RPC', 'height', 'last block'], rows, 'left')],
  };
}

async function askStatus(rpcUrl: string): Promise<DevnetReport['nodes'][number]> {
  try {
    const { height, blockHash } = await new RpcClient(rpcUrl).call('mutual_status', {}, { once: true, timeoutMs: 2_000 });
    return { rpcUrl, height, blockHash };
  } catch {
    return { rpcUrl, height: null, blockHash: null };
  }
}
