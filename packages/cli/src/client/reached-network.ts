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

/** The nodes that a command asks, and the devnet that they belong to, if they do. */
export type ReachedNetwork = { readonly rpc: RpcClient; readonly devnet: DevnetFile | undefined };

const URL_DEFAULT = 'http://127.0.0.1:8545';

/** The options that say which nodes are asked. */
export function networkOptions(): readonly Option[] {
  return [
    new Option(
      '--url <list>',
      `URLs of nodes, with commas (or MUTUAL_RPC_URL; else those of the devnet of this folder, else ${URL_DEFAULT})`,
    ).argParser(once(filledText)),
    new Option('--devnet <dir>', `folder of a devnet, whose account names then count; ${DEVNET_FOLDER} when it is there`).argParser(
      once(folderName),
    ),
  ];
}

/** The nodes that options, environment or a devnet name. Errors: `SDK_URL_INVALID`, `CLI_DEVNET_FILE_INVALID`, `CLI_FILE_MISSING`. */
export function reachNetwork({ url, devnet: folder }: NetworkFlags): ReachedNetwork {
  const named = url ?? process.env['MUTUAL_RPC_URL'];
  // Who names nodes and no devnet means another network: names of test accounts must not slip in.
  const devnet = named !== undefined && folder === undefined ? undefined : readDevnet(folder);
  const urls = named === undefined ? (devnet?.rpcUrls ?? [URL_DEFAULT]) : named.split(',').map((each) => each.trim());
  return { rpc: new RpcClient({ urls, roundsMax: 1 }), devnet };
}

function readDevnet(folder: string | undefined): DevnetFile | undefined {
  const path = join(resolve(folder ?? DEVNET_FOLDER), DEVNET_FILE);
  if (folder === undefined && !existsSync(path)) return undefined;
  try {
    const file = JSON.parse(readText(path)) as Partial<DevnetFile>;
    if (Array.isArray(file.accounts) && Array.isArray(file.rpcUrls)) return file as DevnetFile;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw cliError('CLI_DEVNET_FILE_INVALID', `${path} does not tell about a devnet. Start it again with mutual devnet.`, { path });
}
