import { resolve } from 'node:path';
import { Command } from 'commander';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { FIRST_PORTS } from '../network/node-places.ts';
import { folderName, once, wholeNumber } from '../option-values.ts';
import { jsonText } from '../text/json-text.ts';

type BenchFlags = {
  home: string;
  validators: number;
  rate: number;
  seconds: number;
  chunk: number;
  down: number;
  p2pPort: number;
  rpcPort: number;
  adminPort: number;
  json: boolean;
};

const PORT_MAX = 65_535;

/** `mutual bench`: a load on a devnet of its own, and what comes of it. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measure a local network: a fixed rate of signed transfers, what is committed, how fast, and what it costs')
    .option('--home <dir>', 'folder of the network, which is given up and made anew', once(folderName), '.mutual/bench')
    .option('--validators <n>', 'number of validators', once(wholeNumber(1, 20)), 4)
    .option('--rate <n>', 'transfers a second', once(wholeNumber(1, 100_000)), 500)
    .option('--seconds <n>', 'how long', once(wholeNumber(1, 3_000)), 30)
    .option('--chunk <n>', 'transfers in a request', once(wholeNumber(1, 1_000)), 20)
    .option('--down <n>', 'validators that are ended before the load', once(wholeNumber(0, 19)), 0)
    .option('--p2p-port <port>', 'first port for links', once(wholeNumber(1, PORT_MAX)), FIRST_PORTS.p2pPort + 100)
    .option('--rpc-port <port>', 'first port for JSON-RPC', once(wholeNumber(1, PORT_MAX)), FIRST_PORTS.rpcPort + 100)
    .option('--admin-port <port>', 'first port for operators', once(wholeNumber(1, PORT_MAX)), FIRST_PORTS.adminPort + 100)
    .option('--json', 'print one JSON object instead of tables', false)
    .addHelpText('after', '\nExample:\n  mutual bench --rate 2000 --seconds 60')
    .action(async ({ home, rate, p2pPort, rpcPort, adminPort, json, ...rest }: BenchFlags) => {
      const [{ describeBench }, { runBench }] = await Promise.all([import('../bench/describe-bench.ts'), import('../bench/run-bench.ts')]);
      const { cryptography } = await chooseCryptography();
      const tell = json ? () => undefined : (line: string) => console.log(line);
      const ports = { p2pPort, rpcPort, adminPort };
      const result = await runBench({ ...rest, directory: resolve(home), ratePerSec: rate, ports, cryptography, tell });
      if (json) console.log(jsonText(result));
      else for (const line of ['', ...describeBench(result)]) console.log(line);
      process.exitCode = result.load.lost === 0 ? EXIT_CODES.ok : EXIT_CODES.wrong;
    });
}
