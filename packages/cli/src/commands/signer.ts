import { writeFileSync } from 'node:fs';
import type { LastSignFileOptions, readLastSign } from '@mutual-chain/node';
import { decodeHex, encodeHex } from '@mutual-chain/protocol';
import { Command } from 'commander';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { loadConfig } from '../config/load-config.ts';
import { homeOf, homeOption } from '../home-option.ts';
import { folderName, once } from '../option-values.ts';
import { readText } from '../read-text.ts';
import { withPath } from '../system-error.ts';

type SignerFlags = { readonly home?: string; readonly out?: string; readonly file?: string };

/** `mutual signer`: the record of what a validator key signed last, which moves with the key. */
export function signerCommand(): Command {
  const command = new Command('signer').description(
    'look after the record of what a validator key signed last: it belongs to the key, and without it the key signs nothing',
  );
  for (const sub of [newCommand(), showCommand(), exportCommand(), importCommand()]) command.addCommand(sub);
  return command;
}

function newCommand(): Command {
  return subCommand('new', 'begin the record of a key that has never signed on this chain', async (record) => {
    const { createLastSignFile } = await import('@mutual-chain/node');
    createLastSignFile(record);
    return `the record in ${record.directory} says that the key has signed nothing: never do this for a key that has been in use elsewhere`;
  });
}

function showCommand(): Command {
  return subCommand('show', 'say what the key signed last', async (record) => {
    const node = await import('@mutual-chain/node');
    return describe(node.readLastSign(record)?.request);
  });
}

function exportCommand(): Command {
  return subCommand(
    'export',
    'print the record, or write it to a new file, to take it along with the key; the node has to be stopped, for good',
    async (record, { out }) => {
      const { exportLastSign } = await import('@mutual-chain/node');
      const text = encodeHex(exportLastSign(record));
      if (out === undefined) return text;
      withPath(out, () => writeFileSync(out, `${text}\n`, { flag: 'wx', mode: 0o600 }));
      return `the record is in ${out}: import it where the key goes, and never start this node again`;
    },
  ).option('--out <file>', 'new file instead of standard output', once(folderName));
}

function importCommand(): Command {
  return subCommand(
    'import',
    'take over a record that came with the key; never goes back behind what is known here',
    async (record, { file = '' }) => {
      const node = await import('@mutual-chain/node');
      node.importLastSign(record, decodeHex(readText(file).trim(), 'file'));
      return describe(node.readLastSign(record)?.request);
    },
  ).requiredOption('--file <file>', 'file that signer export has written', once(folderName));
}

function subCommand(name: string, description: string, act: (record: LastSignFileOptions, flags: SignerFlags) => Promise<string>): Command {
  return new Command(name)
    .description(description)
    .addOption(homeOption())
    .addHelpText('after', `\nExample:\n  mutual signer ${name} --home /var/lib/mutual${name === 'import' ? ' --file record.txt' : ''}`)
    .action(async (flags: SignerFlags) => {
      const { config } = loadConfig({ home: homeOf(flags.home), environment: process.env, flags: {} });
      const [{ withSigningRecord }, { cryptography }] = await Promise.all([import('../signer/signing-record.ts'), chooseCryptography()]);
      console.log(await withSigningRecord(config, cryptography, (record) => act(record, flags)));
    });
}

function describe(request: NonNullable<ReturnType<typeof readLastSign>>['request'] | undefined): string {
  if (request === undefined) return 'the key has signed nothing yet';
  const { kind, height, round, blockHash } = request;
  return `the key signed last a ${kind} at height ${height}, round ${round}, for ${blockHash === undefined ? 'nil' : encodeHex(blockHash)}`;
}
