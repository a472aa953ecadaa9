import { resolve } from 'node:path';
import { Command } from 'commander';
import { readChainIdentity } from '../chain/chain-identity.ts';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { filledText, folderName, once, wholeNumber } from '../option-values.ts';
import { describeReplay } from '../replay/describe-replay.ts';
import { describeDifference } from '../replay/difference.ts';
import { type ReplayResult, replayFile } from '../replay/replay-blocks.ts';
import { jsonText } from '../text/json-text.ts';
import { palette } from '../text/palette.ts';

type ReplayFlags = { genesis: string; home: string; to?: number; json?: true };

/** `mutual replay`: an auditor's replay of a file of blocks. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('replay a file of blocks from genesis, or from the height its folder has reached, and compare everything it claims')
    .argument('<file>', 'blocks, as `mutual demo` exports them', filledText)
    .requiredOption('--genesis <file>', 'genesis document of the chain', once(filledText))
    .requiredOption('--home <dir>', 'folder of the database: empty, or left by an earlier replay of the same chain', once(folderName))
    .option('--to <height>', 'stop after this height, which the file has to have; a later replay continues there', once(wholeNumber(1)))
    .option('--json', 'print one JSON object instead of sentences')
    .addHelpText(
      'after',
      '\nExample:\n  mutual replay .mutual/demo/blocks.bin --genesis .mutual/demo/wallet/genesis.json --home /tmp/audit',
    )
    .action(async (path: string, flags: ReplayFlags) => {
      const result = await replayInto(resolve(path), flags);
      if (flags.json === true) console.log(jsonText(result));
      else for (const line of describe(result)) console.log(line);
      process.exitCode = result.ok ? EXIT_CODES.ok : EXIT_CODES.wrong;
    });
}

async function replayInto(path: string, { genesis, home, to }: ReplayFlags): Promise<ReplayResult> {
  const { cryptography } = await chooseCryptography();
  const chain = readChainIdentity(resolve(genesis), cryptography);
  return replayFile(chain, path, resolve(home), to);
}

function describe(result: ReplayResult): string[] {
  return result.ok ? describeReplay(result) : [palette.red(`replay: first difference: ${describeDifference(result.difference)}`)];
}
