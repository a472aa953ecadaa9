import type { MethodName } from '@mutual-chain/sdk';
import { Command, Option } from 'commander';
import { addressNamed } from '../client/accounts.ts';
import { AssetDirectory } from '../client/asset-directory.ts';
import { type NetworkFlags, networkOptions, reachNetwork } from '../client/reached-network.ts';
import { readableAnswer } from '../client/readable-answer.ts';
import { type QueryValue, queryParameters, READING_METHODS, type ReadingMethod } from '../client/reading-methods.ts';
import { keyFolderOf, keyFolderOption } from '../keys/key-folder.ts';
import { filledText, once } from '../option-values.ts';
import { jsonText } from '../text/json-text.ts';

type QueryFlags = NetworkFlags & { readonly keys?: string; readonly json?: true };

/** Values that name an account, which may also be the name of a key. */
const ACCOUNTS: readonly string[] = ['address', 'owner', 'counterparty', 'account'];

/** Values for the examples in the help. */
const EXAMPLES: Readonly<Record<string, string>> = {
  address: 'alice',
  asset: 'mUSD',
  id: '0x…',
  'height-or-hash': 'latest',
};

/** `mutual query`: what nodes know, by every method that only reads. */
export function queryCommand(): Command {
  const command = new Command('query')
    .description('ask a node what it knows')
    .addHelpText('after', '\nExample:\n  mutual query get-account alice');
  for (const method of READING_METHODS) command.addCommand(methodCommand(method));
  return command;
}

function methodCommand(reading: ReadingMethod): Command {
  const { method, name, values } = reading;
  const required = values.filter(({ isRequired }) => isRequired);
  const { summary } = method;
  const command = new Command(name).description(`${summary.charAt(0).toLowerCase()}${summary.slice(1).replace(/\.$/, '')}`);
  for (const value of required) command.argument(`<${value.name}>`, value.description, filledText);
  for (const value of values) {
    if (!value.isRequired) command.addOption(new Option(`--${value.name} <value>`, value.description).argParser(once(filledText)));
  }
  for (const option of networkOptions()) command.addOption(option);
  const words = required.map((value) => EXAMPLES[value.name] ?? value.name);
  return command
    .addOption(keyFolderOption())
    .option(
      '--json',
      'on one line, as the node answers: amounts are whole numbers of smallest units; else they have their point and their asset',
    )
    .addHelpText('after', `\nExample:\n  ${['mutual query', name, ...words].join(' ')}`)
    .action(async () => {
      const flags = command.opts<QueryFlags>();
      const { rpc, knownDevnet } = reachNetwork(flags);
      const book = { folder: keyFolderOf(flags.keys), knownDevnet };
      const written = async (value: QueryValue): Promise<string | undefined> => {
        const option = command.options.find(({ long }) => long === `--${value.name}`);
        const text: unknown = value.isRequired
          ? command.processedArgs[required.indexOf(value)]
          : command.getOptionValue(option?.attributeName() ?? '');
        const place = value.isRequired ? `<${value.name}>` : `--${value.name}`;
        return typeof text === 'string' && ACCOUNTS.includes(value.name) ? addressNamed(text, book, place) : (text as string | undefined);
      };
      const texts: Record<string, string | undefined> = {};
      for (const value of values) texts[value.name] = await written(value);
      const answer = await rpc.call(method.name as MethodName, queryParameters(reading, texts) as never);
      const text = jsonText(answer);
      if (flags.json === true) console.log(text);
      else console.log(JSON.stringify(await readableAnswer(JSON.parse(text), new AssetDirectory(rpc), texts['asset']), undefined, 2));
    });
}
