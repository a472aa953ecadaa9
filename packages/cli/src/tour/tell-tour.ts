import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cryptography, encodeHex } from '@mutual-chain/protocol';
import { RpcClient } from '@mutual-chain/sdk';
import { DEVNET_NETWORK_FOLDER } from '../devnet/devnet.ts';
import type { RunningDevnet } from '../devnet/run-devnet.ts';
import type { DevnetFile } from '../network/devnet-file.ts';
import { NETWORK_FILES } from '../network/write-network.ts';
import { describeDifference } from '../replay/difference.ts';
import { palette } from '../text/palette.ts';
import { tableLines } from '../text/table.ts';
import { verifyUrl } from '../verify/verify-sources.ts';
import { blocksOfNodes } from './compare-nodes.ts';
import { runTour } from './run-tour.ts';

/**
 * Does the story on a devnet, compares what all nodes made of it, and replays their chain into an empty database.
 *
 * @returns Whether everything came out as it was to.
 */
export async function tellTour(
  { devnet, file: path }: Pick<RunningDevnet, 'devnet' | 'file'>,
  cryptography: Cryptography,
  tell: (line: string) => void,
): Promise<boolean> {
  const file = JSON.parse(readFileSync(path, 'utf8')) as DevnetFile;
  const rpc = new RpcClient({ urls: file.rpcUrls });
  const { operations, height, surprises } = await runTour({ rpc, file, cryptography, tell });
  for (const surprise of surprises) tell(palette.red(`not as expected: ${surprise}`));

  const blocks = await blocksOfNodes(file.rpcUrls, height);
  const rows = blocks.map(({ stateRoot }, index) => [devnet.nodes[index]?.name ?? '', stateRoot]);
  const areEqual = blocks.every(({ blockHash }) => blockHash === blocks[0]?.blockHash);
  for (const line of ['', palette.bold('State roots'), `${operations} operations, up to block ${height}:`, '']) tell(line);
  for (const line of tableLines(['node', `state root of height ${height}`], rows, 'left')) tell(line);
  tell(areEqual ? palette.green('equal on all nodes') : palette.red('NOT equal: this should never happen'));

  for (const line of ['', palette.bold('Replay'), 'An auditor fetches every block and executes it again from genesis.', '']) tell(line);
  const genesis = join(devnet.directory, DEVNET_NETWORK_FOLDER, NETWORK_FILES.genesis);
  const verdict = await verifyUrl(rpc, genesis, { cryptography }, height);
  if (!verdict.ok) {
    tell(palette.red(`first difference: ${describeDifference(verdict.difference)}`));
    return false;
  }
  const { transactions, certificates, records, stateRoot } = verdict;
  tell(`${certificates} certificates, ${transactions} transactions, ${records} records`);
  const isReproduced = encodeHex(stateRoot) === blocks[0]?.stateRoot;
  tell(`state root ${encodeHex(stateRoot)}`);
  tell(isReproduced ? palette.green('the replay reproduces the state root') : palette.red('the replay has ANOTHER state root'));
  return areEqual && isReproduced && surprises.length === 0;
}
