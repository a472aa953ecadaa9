import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RpcClient } from '@mutual-chain/sdk';
import { Option } from 'commander';
import { cliError } from '../errors.ts';
import { DEVNET_FILE, DEVNET_FOLDER, type DevnetFile } from '../network/devnet-file.ts';
import { filledText, folderName, once } from '../option-values.ts';
import { readText } from '../read-text.ts';

/** How a command reaches nodes. */
export type NetworkFlags = { readonly url?: string; readonly devnet?: string };

/** A devnet whose names of accounts count, or that there is one that does not belong to the nodes. */
export type KnownDevnet = { readonly devnet: DevnetFile | undefined; readonly isOfOtherChain: boolean };

/** The nodes that a command asks, and the devnet whose names count there. */
export type ReachedNetwork = {
  readonly rpc: RpcClient;
  /** Errors: `CLI_DEVNET_FILE_INVALID`, `CLI_FILE_MISSING`; those of asking the nodes for their chain, where that has to be known. */
  readonly knownDevnet: () => Promise<KnownDevnet>;
};

const URL_DEFAULT = 'http://127.0.0.1:8545';

/** The options that say which nodes are asked. */
export function networkOptions(): readonly Option[] {
  return [
    new Option(
      '--url <list>',
      `URLs of nodes, with commas (or MUTUAL_RPC_URL; else those of the devnet of this folder, else ${URL_DEFAULT})`,
    ).argParser(once(filledText)),
    new Option(
      '--devnet <dir>',
      `folder of a devnet, whose account names then count; ${DEVNET_FOLDER} when it is there and the nodes are of its chain`,
    ).argParser(once(folderName)),
  ];
}

/** The nodes that options, environment or a devnet name. Errors: `SDK_URL_INVALID`, `CLI_DEVNET_FILE_INVALID`, `CLI_FILE_MISSING`. */
export function reachNetwork({ url, devnet: folder }: NetworkFlags): ReachedNetwork {
  const named = url ?? process.env['MUTUAL_RPC_URL'];
  if (named === undefined || folder !== undefined) {
    const devnet = readDevnet(folder);
    const rpc = clientOf(named === undefined ? (devnet?.rpcUrls ?? [URL_DEFAULT]) : urlsOf(named));
    return { rpc, knownDevnet: async () => ({ devnet, isOfOtherChain: false }) };
  }
  const rpc = clientOf(urlsOf(named));
  let known: Promise<KnownDevnet> | undefined;
  return {
    rpc,
    knownDevnet: () => {
      known ??= devnetOf(rpc);
      return known;
    },
  };
}

/** The devnet of this folder for nodes that were named: those of another network must not be told of the keys of test accounts. */
async function devnetOf(rpc: RpcClient): Promise<KnownDevnet> {
  const devnet = readDevnet(undefined);
  if (devnet === undefined) return { devnet, isOfOtherChain: false };
  const { genesisHash } = await rpc.call('mutual_chainInfo');
  const isOfOtherChain = genesisHash.toLowerCase() !== devnet.genesisHash.toLowerCase();
  return { devnet: isOfOtherChain ? undefined : devnet, isOfOtherChain };
}

function clientOf(urls: readonly string[]): RpcClient {
  return new RpcClient({ urls, roundsMax: 1 });
}

function urlsOf(list: string): readonly string[] {
  return list.split(',').map((each) => each.trim());
}

function readDevnet(folder: string | undefined): DevnetFile | undefined {
  const path = join(resolve(folder ?? DEVNET_FOLDER), DEVNET_FILE);
  if (folder === undefined && !existsSync(path)) return undefined;
  try {
    const file = JSON.parse(readText(path)) as Partial<DevnetFile>;
    if (Array.isArray(file.accounts) && Array.isArray(file.rpcUrls) && typeof file.genesisHash === 'string') return file as DevnetFile;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw cliError('CLI_DEVNET_FILE_INVALID', `${path} does not tell about a devnet. Start it again with mutual devnet.`, { path });
}
