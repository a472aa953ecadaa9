import { Command } from 'commander';
import { addConfigOptions, configFlagsOf } from '../config/config-options.ts';
import type { CheckResult } from '../doctor/check-result.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { homeOf, homeOption } from '../home-option.ts';
import { jsonText } from '../text/json-text.ts';
import { palette } from '../text/palette.ts';

/** `mutual doctor`: whether a node can start, and what to do when it cannot. */
export function doctorCommand(version: string): Command {
  const command = new Command('doctor')
    .description('check everything that a node needs before it starts, and say what to do about what is wrong; nothing is changed')
    .addOption(homeOption())
    .option('--json', 'print one JSON object instead of sentences')
    .addHelpText('after', '\nExample:\n  mutual doctor --home /var/lib/mutual')
    .action(async ({ home, json }: { home?: string; json?: true }) => {
      const sources = { home: homeOf(home), environment: process.env, flags: configFlagsOf(command) };
      // Loaded here, because it needs the links to other nodes, which other commands do without.
      const { examineHome } = await import('../doctor/examine-home.ts');
      const checks = await examineHome(sources, version);
      const ok = checks.every(({ status }) => status !== 'wrong');
      if (json === true) console.log(jsonText({ ok, home: sources.home, checks }));
      else for (const line of describe(checks, ok)) console.log(line);
      process.exitCode = ok ? EXIT_CODES.ok : EXIT_CODES.wrong;
    });
  return addConfigOptions(command);
}

function describe(checks: readonly CheckResult[], ok: boolean): readonly string[] {
  const colours = { ok: palette.green, warning: palette.yellow, wrong: palette.red };
  const width = Math.max(...checks.map(({ check }) => check.length));
  const lines = checks.flatMap(({ check, status, message, remedy }) => [
    `${colours[status](status.padEnd('warning'.length))}  ${check.padEnd(width)}  ${message}`,
    ...(remedy === '' ? [] : [`${' '.repeat('warning'.length + width + 4)}→ ${remedy}`]),
  ]);
  return [...lines, '', ok ? 'The node can start.' : palette.red('The node cannot start, or not safely.')];
}
