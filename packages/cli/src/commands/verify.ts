import { resolve } from 'node:path';
import { encodeHex } from '@mutual-chain/protocol';
import { Command } from 'commander';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { loadConfig } from '../config/load-config.ts';
import { cliError } from '../errors.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { folderName, once } from '../option-values.ts';
import { describeDifference } from '../replay/difference.ts';
import { jsonText } from '../text/json-text.ts';
import { palette } from '../text/palette.ts';
import type { Verdict } from '../verify/verify-chain.ts';
import type { AuditOptions } from '../verify/verify-sources.ts';

type VerifyFlags = { home?: string; file?: string; url?: string; genesis?: string; json: boolean };

/** How often progress is told, heights. */
const PROGRESS_HEIGHTS = 500;

/** `mutual verify`: an auditor's replay of a whole chain. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('replay a chain from genesis and check everything: certificates, signatures, transitions, roots, histories, conservation')
    .option('--home <dir>', 'folder of a node that is stopped: its database is checked too', once(folderName))
    .option('--file <file>', 'file of blocks, which has no certificates; with --genesis', once(folderName))
    .option('--url <url>', 'JSON-RPC of a node that runs; with --genesis', once(folderName))
    .option(
      '--genesis <file>',
      'genesis document of the chain, from whom you trust; with --home that of the folder unless it is said',
      once(folderName),
    )
    .option('--json', 'print one JSON object instead of sentences', false)
    .addHelpText(
      'after',
      '\nExit code 1 with the first difference: block, transaction or key.\n\nExamples:\n  mutual verify --home /var/lib/mutual\n  mutual verify --url http://127.0.0.1:8545 --genesis .mutual/devnet/network/genesis.json',
    )
    .action(async (flags: VerifyFlags) => {
      const { cryptography } = await chooseCryptography();
      const progress = (height: number): void => {
        if (height % PROGRESS_HEIGHTS === 0) console.error(`height ${height} holds`);
      };
      const verdict = await verify(flags, { cryptography, ...(flags.json ? {} : { progress }) });
      if (flags.json) console.log(jsonText(verdict));
      else for (const line of describeVerdict(verdict)) console.log(line);
      process.exitCode = verdict.ok ? EXIT_CODES.ok : EXIT_CODES.wrong;
    });
}

async function verify({ home, file, url, genesis }: VerifyFlags, options: AuditOptions): Promise<Verdict> {
  const chosen = [home, file, url].filter((each) => each !== undefined);
  if (chosen.length !== 1) {
    throw cliError('CLI_CHOICE_MISSING', 'Say what is to be verified, with one of --home DIR, --file FILE and --url URL.', {});
  }
  const { verifyFile, verifyHome, verifyUrl } = await import('../verify/verify-sources.ts');
  if (home !== undefined) {
    const { node } = loadConfig({ home: resolve(home), environment: {} }).config;
    return verifyHome({ node: genesis === undefined ? node : { ...node, genesisFile: resolve(genesis) } }, options);
  }
  if (genesis === undefined) throw cliError('CLI_CHOICE_MISSING', 'Name the genesis document of the chain with --genesis FILE.', {});
  if (file !== undefined) return verifyFile(resolve(file), resolve(genesis), options);
  const { RpcClient } = await import('@mutual-chain/sdk');
  return verifyUrl(new RpcClient(url ?? ''), resolve(genesis), options);
}

/** The verdict in words. */
function describeVerdict(verdict: Verdict): readonly string[] {
  if (!verdict.ok) return [palette.red(`first difference: ${describeDifference(verdict.difference)}`)];
  const { chain, height, transactions, certificates, lots, records, stateRoot } = verdict;
  return [
    `chain: ${chain.networkName}, chain id ${chain.chainId}, genesis ${encodeHex(chain.genesisHash)}`,
    `heights 1 to ${height}: every signature of ${transactions} transactions verified, every block executed, every root compared`,
    certificates === 0
      ? 'certificates: the source has none'
      : `certificates: ${certificates}, each of more than two thirds of the power of its height`,
    `histories of lots: ${records} records of ${lots} lots follow the transition table`,
    'whole state: every invariant of the ledger holds, the conservation of each asset among them',
    `state root of height ${height}: ${encodeHex(stateRoot)}`,
  ];
}
