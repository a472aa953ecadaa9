import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cryptography } from '@mutual-chain/protocol';
import { RpcClient } from '@mutual-chain/sdk';
import { DEVNET_NETWORK_FOLDER } from '../devnet/devnet.ts';
import { runDevnet } from '../devnet/run-devnet.ts';
import type { DevnetFile } from '../network/devnet-file.ts';
import type { FirstPorts } from '../network/node-places.ts';
import { bytesBelow, usageOf } from './process-usage.ts';
import { type LoadResult, runLoad } from './run-load.ts';
import { signLoad } from './signed-load.ts';

/** How a network is measured. */
export type BenchOptions = {
  /** Folder of a devnet that is made for it and may be given up. */
  readonly directory: string;
  readonly validators: number;
  readonly ports: FirstPorts;
  readonly ratePerSec: number;
  readonly seconds: number;
  /** Transfers in a request. */
  readonly chunk: number;
  /** Validators that are ended before the load begins, the last ones. */
  readonly down: number;
  readonly cryptography: Cryptography;
  readonly tell: (line: string) => void;
};

/** What a node used while it was measured. */
export type NodeCost = {
  readonly name: string;
  /** Processor time a committed transfer, µs. */
  readonly cpuUsPerTransfer: number | undefined;
  /** Share of one processor, percent. */
  readonly cpuPercent: number | undefined;
  readonly residentBytes: number | undefined;
  /** Growth of its folder a committed transfer, bytes. */
  readonly diskBytesPerTransfer: number;
};

/** What was measured. */
export type BenchResult = {
  readonly ratePerSec: number;
  readonly seconds: number;
  readonly validators: number;
  readonly down: number;
  readonly load: LoadResult;
  readonly nodes: readonly NodeCost[];
  /** Processor time of the process that makes the load, share of one processor, percent. */
  readonly loadCpuPercent: number;
};

/** Clients on this machine are one client: their limit is not what is measured. */
const FLAGS = ['--rpc-calls-per-second', '1000000', '--rpc-calls-burst', '1000000', '--log-level', 'warn'];

/** Makes a devnet, puts a load of transfers on it at a fixed rate, and measures what comes of it. */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const { directory, validators, ports, ratePerSec, seconds, chunk, down, cryptography, tell } = options;
  const running = await runDevnet({ directory, validators, ports, cryptography, reset: true, flags: FLAGS });
  try {
    const file = JSON.parse(readFileSync(running.file, 'utf8')) as DevnetFile;
    const transfers = ratePerSec * seconds;
    tell(`${validators} validators run; signing ${transfers} transfers …`);
    const rpc = new RpcClient({ urls: file.rpcUrls });
    const requests = await signLoad({ rpc, file, cryptography, transfers, chunk });
    const nodes = running.devnet.nodes.slice(0, validators - down);
    for (const node of running.devnet.nodes.slice(validators - down)) await node.kill();
    const folder = (name: string): string => join(directory, DEVNET_NETWORK_FOLDER, name, 'data');
    const before = nodes.map(({ name, processId = 0 }) => ({ usage: usageOf(processId), bytes: bytesBelow(folder(name)) }));
    const ownBefore = process.cpuUsage();
    tell(`sending ${ratePerSec} transfers a second for ${seconds} s …`);
    const load = await runLoad({ rpcUrls: file.rpcUrls.slice(0, nodes.length), requests, ratePerSec });
    const own = process.cpuUsage(ownBefore);
    const costs = nodes.map(({ name, processId = 0 }, index): NodeCost => {
      const earlier = before[index];
      const usage = usageOf(processId);
      const cpuMs = usage === undefined || earlier?.usage === undefined ? undefined : usage.cpuMs - earlier.usage.cpuMs;
      return {
        name,
        cpuUsPerTransfer: cpuMs === undefined ? undefined : (cpuMs * 1000) / load.committed,
        cpuPercent: cpuMs === undefined ? undefined : cpuMs / load.durationSec / 10,
        residentBytes: usage?.residentBytes,
        diskBytesPerTransfer: (bytesBelow(folder(name)) - (earlier?.bytes ?? 0)) / load.committed,
      };
    });
    const loadCpuPercent = (own.user + own.system) / 10_000 / load.durationSec;
    return { ratePerSec, seconds, validators, down, load, nodes: costs, loadCpuPercent };
  } finally {
    await running.stop();
  }
}
