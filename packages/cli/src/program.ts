import { fileURLToPath } from 'node:url';
import { Command, Help, type Option } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { configCommand } from './commands/config.ts';
import { decodeCommand } from './commands/decode.ts';
import { demoCommand } from './commands/demo.ts';
import { devnetCommand } from './commands/devnet.ts';
import { doctorCommand } from './commands/doctor.ts';
import { initCommand } from './commands/init.ts';
import { keysCommand } from './commands/keys.ts';
import { queryCommand } from './commands/query.ts';
import { replayCommand } from './commands/replay.ts';
import { signerCommand } from './commands/signer.ts';
import { startCommand } from './commands/start.ts';
import { txCommand } from './commands/tx.ts';
import { verifyCommand } from './commands/verify.ts';
import { readText } from './read-text.ts';

/** The command `mutual` with everything below it. Usage errors throw commander's `CommanderError` instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('mutual')
    .description('Runs nodes and local networks of Mutual Chain, and replays and audits files of blocks.')
    .version(readVersion(), '-V, --version', 'print the version')
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 the checked thing is wrong, 2 usage, 3 environment, 130 interrupted.\n\nExample:\n  mutual demo',
    );
  for (const command of [
    devnetCommand(),
    demoCommand(),
    initCommand(),
    startCommand(readVersion()),
    keysCommand(),
    signerCommand(),
    txCommand(),
    queryCommand(),
    configCommand(),
    doctorCommand(readVersion()),
    replayCommand(),
    verifyCommand(),
    decodeCommand(),
    benchCommand(),
  ])
    program.addCommand(command);
  for (const command of commandsBelow(program)) {
    command.exitOverride().showHelpAfterError('(add --help for what there is)').configureHelp({ optionDescription });
  }
  return program;
}

/** What the help says of an option; that a switch is off unless it is given goes without saying. */
function optionDescription(this: Help, option: Option): string {
  return option.defaultValue === false ? option.description : Help.prototype.optionDescription.call(this, option);
}

/** A command and all below it. */
function commandsBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsBelow)];
}

/** The version in package.json, which stands above the sources and above what is compiled. */
function readVersion(): string {
  const { version } = JSON.parse(readText(fileURLToPath(new URL('../package.json', import.meta.url)))) as { readonly version: string };
  return version;
}
