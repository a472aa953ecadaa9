import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '@mutual-chain/node';
import { encodeHex, formatAddress } from '@mutual-chain/protocol';
import { withPath } from '../system-error.ts';
import type { Network } from './create-network.ts';

/** Folder of a devnet, below the current one, when nothing else is said. */
export const DEVNET_FOLDER = '.mutual/devnet';

/** Name of the file that tells programs about a running devnet. */
export const DEVNET_FILE = 'devnet.json';

/** What programs need to use a devnet. The private keys are those of the published test mnemonic. */
export type DevnetFile = {
  readonly rpcUrl: string;
  readonly rpcUrls: readonly string[];
  readonly wsUrl: string;
  readonly chainId: number;
  readonly genesisHash: string;
  readonly accounts: readonly { readonly name: string; readonly role: string; readonly address: string; readonly privateKey: string }[];
};

/** Writes the file about a devnet into its folder and returns its path; one that is there is replaced. `rpcUrls`: of its nodes, one at least. */
export function writeDevnetFile(
  directory: string,
  network: Pick<Network, 'genesis' | 'genesisHash' | 'accounts'>,
  rpcUrls: readonly [string, ...string[]],
): string {
  const path = join(directory, DEVNET_FILE);
  const [rpcUrl] = rpcUrls;
  const file: DevnetFile = {
    rpcUrl,
    rpcUrls,
    wsUrl: `${rpcUrl.replace(/^http/, 'ws').replace(/\/$/, '')}/ws`,
    chainId: network.genesis.chainId,
    genesisHash: encodeHex(network.genesisHash),
    accounts: network.accounts.map(({ name, role, keyPair }) => ({
      name,
      role,
      address: formatAddress(keyPair.address),
      privateKey: encodeHex(keyPair.privateKey),
    })),
  };
  withPath(path, () => {
    makeDirectory(directory);
    writeFileSync(path, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 });
  });
  return path;
}
