import { resolve } from 'node:path';
import { Command } from 'commander';
import { describeResult, isAsExpected } from '../demo/describe-result.ts';
import { runDemo } from '../demo/run-demo.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { folderName, once } from '../option-values.ts';
import { jsonText } from '../text/json-text.ts';

/** `mutual demo`: a story of signed transactions, run offline on a real database, and its replay. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('run a story of signed transactions offline, export its blocks, and replay them')
    .option(
      '--home <dir>',
      'folder for everything it writes; a former run there is replaced once the new one is done',
      once(folderName),
      '.mutual/demo',
    )
    .option('--wallet <dir>', 'files of a wallet to run; without it the wallet of the examples writes its own', once(folderName))
    .option('--json', 'print one JSON object instead of the story')
    .addHelpText('after', '\nExample:\n  mutual demo --home /tmp/demo')
    .action(async ({ home, wallet, json }: { home: string; wallet?: string; json?: true }) => {
      const tell = json === true ? () => undefined : (line: string) => console.log(line);
      const result = await runDemo({ home: resolve(home), walletFolder: wallet === undefined ? undefined : resolve(wallet), tell });
      if (json === true) console.log(jsonText(result));
      else for (const line of describeResult(result)) console.log(line);
      process.exitCode = isAsExpected(result) ? EXIT_CODES.ok : EXIT_CODES.wrong;
    });
}
