import type { Command, Option } from 'commander';
import { CONFIG_HELP_GROUP } from '../src/config/config-options.ts';
import { CLI_ERRORS } from '../src/errors.ts';
import { createProgram } from '../src/program.ts';
import { REPLAY_DIFFERENCES } from '../src/replay/difference.ts';

const HEAD = `# The command \`mutual\`

Every command, its arguments and options, and how it exits.

This page is written by \`node --conditions=mutual-source packages/cli/scripts/write-pages.ts\` from the program itself; a test keeps it in
step. In a clone, \`node_modules/node/bin/node packages/cli/dist/main.js\` (Node.js 24, which the installation brings) is the command after
\`npm start\` has built it once. \`mutual --version\` prints its version, \`mutual --help\` what there is.

## Exit codes

| code | meaning |
| --- | --- |
| 0 | Everything is as it should be. |
| 1 | What was checked is wrong: the first difference is named. |
| 2 | The call makes no sense: an unknown command or option, a missing argument, a height that is not there. |
| 3 | The machine does not allow it: a folder, a file, disk space, a program that is missing. |
| 130 | \`mutual tx\` was told to end (SIGINT, SIGTERM) before it knew what becomes of its transaction, which may still be executed; it says how to ask. |

With \`--json\` a command prints one JSON object on standard output instead of sentences: amounts as decimal strings, bytes as 0x hex. Errors
go to standard error as one sentence with a code and a remedy. Output has colours only on a terminal.
`;

/** The reference page of the command line. */
export function cliPage(): string {
  return `${[HEAD, ...createProgram().commands.flatMap((command) => sectionsOf(command, 'mutual')), errorSection()].join('\n')}`;
}

/** Commands below one from which on the options that they share stand once, in a section of their own. */
const SHARED_FROM = 5;

/** Sections of the commands that do something; a command that only holds others has none, unless they have much in common. */
function sectionsOf(command: Command, before: string): string[] {
  const name = `${before} ${command.name()}`;
  const { commands } = command;
  if (commands.length === 0) return [commandSection(command, name, [])];
  if (commands.length < SHARED_FROM) {
    const own = command.options.length === 0 ? [] : [commandSection(command, name, [])];
    return [...own, ...commands.flatMap((each) => sectionsOf(each, name))];
  }
  const isShared = ({ flags }: Option): boolean => commands.every(({ options }) => options.some((option) => option.flags === flags));
  const shared = commands[0]?.options.filter(isShared) ?? [];
  const flags = shared.map((option) => option.flags);
  return [sharedSection(command, name, shared), ...commands.map((each) => commandSection(each, `${name} ${each.name()}`, flags))];
}

function sharedSection(command: Command, name: string, options: readonly Option[]): string {
  return `## ${name}

${capitalized(command.description())}: ${command.commands.length} commands, one for each. All of them have these options beside their own:

${tableOf(options.map(optionRow))}
`;
}

function optionRow({ flags, description, mandatory, defaultValue }: Option): readonly string[] {
  return [`\`${flags}\``, description, mandatory ? 'required' : defaultText(defaultValue)];
}

function tableOf(rows: readonly (readonly string[])[]): string {
  return `| argument or option | meaning | default |
| --- | --- | --- |
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}`;
}

/** `elsewhere`: flags of options that another section has. */
function commandSection(command: Command, name: string, elsewhere: readonly string[]): string {
  const { registeredArguments: taken } = command;
  const isConfiguration = (option: Option): boolean => option.helpGroupHeading === CONFIG_HELP_GROUP;
  const options = command.options.filter((option) => !isConfiguration(option) && !elsewhere.includes(option.flags));
  const usage = [name, '[options]', ...taken.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`))];
  const rows = [
    ...taken.map((each) => [`\`<${each.name()}>\``, each.description, each.required ? 'required' : '']),
    ...options.map(optionRow),
  ];
  const configuration = command.options.some(isConfiguration)
    ? '\nEvery key of the [configuration](config.md) that is no secret is an option too.\n'
    : '';
  return `## ${name}

${capitalized(command.description())}.

\`\`\`sh
${usage.join(' ')}
\`\`\`
${rows.length === 0 ? '' : `\n${tableOf(rows)}\n`}${configuration}
Example:

\`\`\`sh
${exampleOf(command)}
\`\`\`
`;
}

function errorSection(): string {
  const rows = Object.entries(CLI_ERRORS).map(([code, { meaning, exitCode }]) => `| \`${code}\` | ${meaning} | ${exitCode} |`);
  const differences = Object.entries(REPLAY_DIFFERENCES).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return `## Errors

Codes of the command line itself, which end a command before it has an answer. Those of other parts exit with 1 when they begin with \`PROTOCOL_\`,
because a document or a block is wrong, and with 3 otherwise. What a node answers exits with 1 when its code is a [result code](result-codes.md) or says
that there is no such thing, with 2 when the parameters are wrong, and with 3 otherwise.

| code | meaning | exit code |
| --- | --- | --- |
${rows.join('\n')}

## Differences

What a replay finds wrong is its answer: it stands on standard output, and the exit code is 1 whatever its code. Beside those below a
difference may have the code of a [block rejection](block-rejections.md), of a [result](result-codes.md) for a transaction whose signature does not
hold, of a [\`PROTOCOL_\` error](protocol-errors.md) for bytes that do not decode, or \`CLI_BLOCK_FILE_INVALID\` for a damaged file.

| code | meaning |
| --- | --- |
${differences.join('\n')}
`;
}

/** The lines below "Example:" in the help of a command, as commander prints it. */
function exampleOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const [, examples = ''] = /Examples?:\n((?: {2}.*\n?)+)/.exec(help) ?? [];
  return examples.replaceAll(/^ {2}/gm, '').trimEnd();
}

function defaultText(value: unknown): string {
  return value === undefined || value === false ? '' : `\`${String(value)}\``;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
