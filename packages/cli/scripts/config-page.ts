import { stringify } from 'smol-toml';
import { CONFIG_KEYS, type ConfigKey } from '../src/config/config-keys.ts';
import { configTables } from '../src/config/config-tables.ts';
import { shownValue } from '../src/config/read-value.ts';
import { CONFIG_GROUP_TITLES, type ConfigGroup } from '../src/config/schema.ts';

const HEAD = `# Configuration of a node

Every key, what it means, its unit, range and default.

This page is written by \`node --conditions=mutual-source packages/cli/scripts/write-pages.ts\` from the schema; a test keeps it in step.

A value is taken from the first of these that has one: the option of the command line, the variable of the environment, the file
\`config.toml\` in the home of the node, the default. \`mutual config show --home DIR\` prints the effective value of every key and where it comes
from, \`mutual config validate --home DIR\` everything that is wrong. A key that does not exist is refused wherever it stands, with the name that
may be meant.

- In the file a key stands in the table of its group: \`rpc.port\` is \`port\` under \`[rpc]\`.
- As a variable it is \`MUTUAL_RPC_PORT\`, as an option \`--rpc-port\`. A list has commas between its items; an option with a list may also be
  repeated.
- A path is relative to the home of the node. An empty text means that there is none.
- A secret is never shown, and has no option, because every user of the machine can read the command line of a process. A file that holds one
  has to belong to its owner alone (\`chmod 600\`).

Other variables: \`MUTUAL_HOME\` names the folder of the node where \`--home\` is missing; \`MUTUAL_KEYS\` is the folder of
\`mutual keys\`, and \`MUTUAL_KEY_PASSWORD\` their password; \`MUTUAL_RPC_URL\` is the node that \`mutual tx\` and \`mutual query\` ask.
`;

/** The reference page of the configuration. */
export function configPage(): string {
  return [HEAD, ...(Object.keys(CONFIG_GROUP_TITLES) as ConfigGroup[]).map(groupSection), exampleSection()].join('\n');
}

function groupSection(group: ConfigGroup): string {
  const rows = CONFIG_KEYS.filter((key) => key.group === group).map(row);
  return `## ${group}: ${CONFIG_GROUP_TITLES[group]}

| key | meaning | unit | range | default | variable |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function row(key: ConfigKey): string {
  const { name, description, unit, range, isSecret, variable } = key;
  const meaning = isSecret ? `${description} Secret.` : description;
  const cells = [`\`${name}\``, meaning, unit, range, isSecret ? '' : `\`${shownValue(key.default)}\``, `\`${variable}\``];
  return `| ${cells.join(' | ')} |`;
}

function exampleSection(): string {
  const shown = CONFIG_KEYS.filter(({ isSecret }) => !isSecret);
  const tables = configTables(shown.map((key) => ({ key, value: key.default })));
  return `## A file with every default

\`\`\`toml
${stringify(tables).trim()}
\`\`\`
`;
}
