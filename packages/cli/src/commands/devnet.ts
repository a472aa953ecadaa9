import { resolve } from 'node:path';
import type { Cryptography } from '@mutual-chain/protocol';
import { Command, type Command as Parent } from 'commander';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { describeExit, type NodeExit } from '../devnet/node-exit.ts';
import type { RunningDevnet } from '../devnet/run-devnet.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { DEVNET_FOLDER } from '../network/devnet-file.ts';
import { FIRST_PORTS, type FirstPorts } from '../network/node-places.ts';
import { folderName, once, wholeNumber } from '../option-values.ts';
import { jsonText } from '../text/json-text.ts';

const VALIDATORS_MAX = 20;
const PORT_MAX = 65_535;

type DevnetFlags = {
  readonly home: string;
  readonly validators?: number;
  readonly reset: boolean;
  readonly json: boolean;
  readonly tour: boolean;
  readonly p2pPort: number;
  readonly rpcPort: number;
  readonly adminPort: number;
};

/** `mutual devnet`: a local network of validators as real processes, until a signal ends it. */
export function devnetCommand(): Command {
  const command = new Command('devnet')
    .description('run a local network of validators as processes of this machine, with funded test accounts, until a signal ends it')
    .option('--home <dir>', 'folder of the devnet; a network that is there goes on', once(folderName), DEVNET_FOLDER)
    .option(
      '--validators <n>',
      `number of validators of a new network, 1 to ${VALIDATORS_MAX} (default 4)`,
      once(wholeNumber(1, VALIDATORS_MAX)),
    )
    .option('--reset', 'give up the network that is there and make a new one', false)
    .option('--tour', 'then do a story of deposits, transfers, credit and withdrawals, compare the nodes and replay their chain', false)
    .option('--p2p-port <port>', 'first port for links, of a new network', once(wholeNumber(1, PORT_MAX)), FIRST_PORTS.p2pPort)
    .option('--rpc-port <port>', 'first port for JSON-RPC, of a new network', once(wholeNumber(1, PORT_MAX)), FIRST_PORTS.rpcPort)
    .option('--admin-port <port>', 'first port for operators, of a new network', once(wholeNumber(1, PORT_MAX)), FIRST_PORTS.adminPort)
    .option('--json', 'print one JSON object once the network runs', false)
    .addHelpText('after', '\nExample:\n  mutual devnet --validators 4')
    .action(async ({ home, validators, reset, json, tour, p2pPort, rpcPort, adminPort }: DevnetFlags) => {
      let isEnding = false;
      const ended = new Promise<void>((resolve) => {
        const end = (): void => {
          isEnding = true;
          resolve();
        };
        for (const signal of STOP_SIGNALS) process.on(signal, end);
      });
      const [{ cryptography }, { runDevnet }, { describeDevnet, devnetStatus }] = await Promise.all([
        chooseCryptography(),
        loadRunning(),
        loadDescriptions(),
      ]);
      const running = await runDevnet({
        ...{ directory: resolve(home), validators, reset, cryptography },
        ports: { p2pPort, rpcPort, adminPort },
        askedPorts: askedPortsOf(command, { p2pPort, rpcPort, adminPort }),
      });
      if (json) console.log(jsonText(devnetStatus(running.devnet)));
      else for (const line of describeDevnet(running)) console.log(line);
      for (const { name, log, exited } of running.devnet.nodes) {
        void exited.then((exit) => {
          if (!isEnding) console.error(lostNode(name, log, exit));
        });
      }
      try {
        if (tour) await tellIfRunning(running, cryptography, ended);
        await ended;
      } finally {
        isEnding = true;
        if (!json) console.log('ending the nodes …');
        await running.stop();
      }
      if (!json) console.log('all nodes have ended; the next mutual devnet goes on from here');
    });
  for (const sub of [statusCommand(), stopCommand(), resetCommand()]) command.addCommand(sub);
  return command;
}

/** The ports that were said on the command line. */
function askedPortsOf(command: Command, ports: FirstPorts): Partial<FirstPorts> {
  const said = Object.entries(ports).filter(([name]) => command.getOptionValueSource(name) === 'cli');
  return Object.fromEntries(said);
}

/** What is said when a node is gone that nobody has ended. */
function lostNode(name: string, log: string, exit: NodeExit): string {
  return `${name} has ended ${describeExit(exit)}; its log is ${log}. The others go on while they have more than two thirds of the power; Ctrl-C and the next mutual devnet bring it back.`;
}

/** The tour, unless a signal comes before its end. */
async function tellIfRunning(running: RunningDevnet, cryptography: Cryptography, ended: Promise<void>): Promise<void> {
  const { tellTour } = await import('../tour/tell-tour.ts');
  const told = tellTour(running, cryptography, (line) => console.log(line)).then((isGood) => {
    process.exitCode = isGood ? EXIT_CODES.ok : EXIT_CODES.wrong;
    const [url = ''] = running.devnet.rpcUrls;
    console.log(`\nThe network goes on at ${url}. Ctrl-C ends it.`);
  });
  await Promise.race([told, ended]);
  // What a signal has cut short fails because its nodes are gone, and that is no news.
  told.catch(() => undefined);
}

function statusCommand(): Command {
  const command: Parent = new Command('status')
    .description('say which devnet runs, and the height of each of its nodes')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', '\nExample:\n  mutual devnet status')
    .action(async () => {
      const { describeStatus } = await loadDescriptions();
      const status = await describeStatus(homeOf(command));
      // `devnet` has an option of the same name and takes it wherever it stands.
      if (command.optsWithGlobals()['json'] === true) console.log(jsonText(status));
      else for (const line of status.lines) console.log(line);
      process.exitCode = status.isRunning ? EXIT_CODES.ok : EXIT_CODES.wrong;
    });
  return command;
}

function stopCommand(): Command {
  const command: Parent = new Command('stop')
    .description('end the devnet and wait until all of its nodes have ended')
    .addHelpText('after', '\nExample:\n  mutual devnet stop')
    .action(async () => {
      const { stopDevnet } = await loadRunning();
      const processId = await stopDevnet(homeOf(command));
      console.log(`the devnet of process ${processId} has ended`);
    });
  return command;
}

function resetCommand(): Command {
  const command: Parent = new Command('reset')
    .description('give up the network of a devnet that does not run')
    .addHelpText('after', '\nExample:\n  mutual devnet reset')
    .action(async () => {
      const home = homeOf(command);
      const { resetDevnet } = await loadRunning();
      resetDevnet(home);
      console.log(`the network in ${home} is gone; mutual devnet makes a new one`);
    });
  return command;
}

/** The folder that was given to `devnet`, above the command. */
function homeOf(command: Command): string {
  return resolve(String(command.optsWithGlobals()['home']));
}

// What a network needs is loaded by those who run one: everybody else would wait for it.
const loadRunning = () => import('../devnet/run-devnet.ts');
const loadDescriptions = () => import('../devnet/describe-devnet.ts');

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
