import { ChainError } from '@mutual-chain/protocol';
import { Command } from 'commander';
import { addConfigOptions, configFlagsOf } from '../config/config-options.ts';
import { describeConfig, shownConfig } from '../config/describe-config.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { homeOf, homeOption } from '../home-option.ts';
import { jsonText } from '../text/json-text.ts';
import { palette } from '../text/palette.ts';

/** `mutual config`: the effective configuration of a node with the origin of each value, and whether it holds. */
export function configCommand(): Command {
  return new Command('config')
    .description('show or check the configuration of a node')
    .addCommand(showCommand())
    .addCommand(validateCommand())
    .addHelpText('after', '\nExample:\n  mutual config show --home /var/lib/mutual');
}

function showCommand(): Command {
  const command = new Command('show')
    .description('print every key with its effective value and where that comes from: default, file, environment or flag')
    .addOption(homeOption())
    .option('--json', 'print one JSON object instead of a table')
    .addHelpText('after', '\nExample:\n  mutual config show --home /var/lib/mutual --rpc-port 8645')
    .action(({ home, json }: { home?: string; json?: true }) => {
      const loaded = load(command, home);
      if (json === true) console.log(jsonText(shownConfig(loaded)));
      else for (const line of describeConfig(loaded)) console.log(line);
    });
  return addConfigOptions(command);
}

function validateCommand(): Command {
  const command = new Command('validate')
    .description('check the configuration of a node and name everything that is wrong with it')
    .addOption(homeOption())
    .option('--json', 'print one JSON object instead of sentences')
    .addHelpText('after', '\nExample:\n  mutual config validate --home /var/lib/mutual')
    .action(({ home, json }: { home?: string; json?: true }) => {
      const checked = check(command, home);
      if (json === true) console.log(jsonText({ ok: checked.ok, home: checked.home, problems: checked.ok ? [] : checked.problems }));
      else if (checked.ok) console.log(describeValid(checked));
      else for (const problem of checked.problems) console.log(palette.red(`wrong: ${problem}`));
      process.exitCode = checked.ok ? EXIT_CODES.ok : EXIT_CODES.wrong;
    });
  return addConfigOptions(command);
}

type Checked = ({ readonly ok: true } & LoadedConfig) | { readonly ok: false; readonly home: string; readonly problems: readonly string[] };

/** A configuration that does not hold is what was asked about, not an error. */
function check(command: Command, home: string | undefined): Checked {
  const path = homeOf(home);
  try {
    return { ok: true, ...load(command, home) };
  } catch (error) {
    if (!(error instanceof ChainError) || !VERDICTS.includes(error.code)) throw error;
    const { problems } = error.details as { readonly problems?: readonly string[] };
    return { ok: false, home: path, problems: problems ?? [error.message] };
  }
}

function describeValid({ home, entries }: LoadedConfig): string {
  const set = entries.filter(({ origin }) => origin !== 'default').length;
  return `the configuration of ${home} holds: ${set} of ${entries.length} keys are set, the others have their defaults`;
}

/** Errors that say what is wrong with a configuration. */
const VERDICTS: readonly string[] = ['CLI_CONFIG_INVALID', 'CLI_CONFIG_TOO_OPEN'];

function load(command: Command, home: string | undefined): LoadedConfig {
  return loadConfig({ home: homeOf(home), environment: process.env, flags: configFlagsOf(command) });
}
