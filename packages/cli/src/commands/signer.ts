import { writeFileSync } from 'node:fs';
import type { LastSignFileOptions, readLastSign } from '@mutual-chain/node';
import { type Address, ChainError, decodeHex, encodeHex, formatAddress, parseAddress, possessionDigest } from '@mutual-chain/protocol';
import { Command, InvalidArgumentError } from 'commander';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { loadConfig } from '../config/load-config.ts';
import { homeOf, homeOption } from '../home-option.ts';
import { folderName, once } from '../option-values.ts';
import { readText } from '../read-text.ts';
import { withPath } from '../system-error.ts';
import { jsonText } from '../text/json-text.ts';

type SignerFlags = {
  readonly home?: string;
  readonly out?: string;
  readonly file?: string;
  readonly operator?: string;
  readonly json?: true;
};

/** What a command has to say: in words, and for programs. */
type Outcome = { readonly text: string; readonly json: Readonly<Record<string, unknown>> };

/** `mutual signer`: the key that signs votes, and the record of what it signed last, which moves with it. */
export function signerCommand(): Command {
  const command = new Command('signer').description(
    'look after the key that signs votes and the record of what it signed last: without the record the key signs nothing',
  );
  for (const sub of [newCommand(), showCommand(), exportCommand(), importCommand(), possessionCommand()]) command.addCommand(sub);
  return command;
}

function newCommand(): Command {
  return recordCommand('new', 'begin the record of a key that has never signed on this chain', '', async (record) => {
    const { createLastSignFile } = await import('@mutual-chain/node');
    createLastSignFile(record);
    const text = `the record in ${record.directory} says that the key has signed nothing: never do this for a key that has been in use elsewhere`;
    return { text, json: { directory: record.directory } };
  });
}

function showCommand(): Command {
  return recordCommand('show', 'say what the key signed last', '', async (record) => {
    const node = await import('@mutual-chain/node');
    return lastSigned(node.readLastSign(record));
  });
}

function exportCommand(): Command {
  const description = 'print the record, or write it to a new file, to take it along with the key; the node has to be stopped, for good';
  return recordCommand('export', description, ' --out record.txt', async (record, { out }) => {
    const { exportLastSign } = await import('@mutual-chain/node');
    const text = encodeHex(exportLastSign(record));
    if (out === undefined) return { text, json: { record: text } };
    withPath(out, () => writeFileSync(out, `${text}\n`, { flag: 'wx', mode: 0o600 }));
    return { text: `the record is in ${out}: import it where the key goes, and never start this node again`, json: { file: out } };
  }).option('--out <file>', 'new file instead of standard output', once(folderName));
}

function importCommand(): Command {
  const description = 'take over a record that came with the key; never goes back behind what is known here';
  return recordCommand('import', description, ' --file record.txt', async (record, { file = '' }) => {
    const node = await import('@mutual-chain/node');
    node.importLastSign(record, decodeHex(readText(file).trim(), 'file'));
    return lastSigned(node.readLastSign(record));
  }).requiredOption('--file <file>', 'file that signer export has written', once(folderName));
}

function possessionCommand(): Command {
  const description =
    'print what a member needs to propose this node as a validator: public key, peer id, and the proof that the key is here';
  return subCommand('possession', description, ' --operator 0x…')
    .requiredOption('--operator <address>', 'account that is to operate the validator', once(addressText))
    .action(async (flags: SignerFlags) => {
      const { config } = loadConfig({ home: homeOf(flags.home), environment: process.env, flags: {} });
      const [{ cryptography }, { readChainIdentity }, { validatorKeyOf }, { loadNodeKeys }, { peerIdOf }] = await Promise.all([
        chooseCryptography(),
        import('../chain/chain-identity.ts'),
        import('../signer/signing-record.ts'),
        import('../keys/node-keys.ts'),
        import('@mutual-chain/node/p2p'),
      ]);
      const keys = loadNodeKeys(config, cryptography);
      const { publicKey, privateKey } = validatorKeyOf(keys);
      const { chainId } = readChainIdentity(config.node.genesisFile, cryptography).context;
      const operator = parseAddress(flags.operator ?? '');
      const possession = encodeHex(cryptography.sign(possessionDigest(cryptography, chainId, operator as Address), privateKey));
      const json = {
        publicKey: encodeHex(publicKey),
        peerId: peerIdOf(keys.nodeKey),
        possession,
        operator: formatAddress(operator),
        chainId,
      };
      const text = `--operator ${json.operator} --public-key ${json.publicKey} --peer-id ${json.peerId} --possession ${possession}`;
      say({ text, json }, flags);
    });
}

/** An address in its checksummed form. */
function addressText(text: string): string {
  try {
    return formatAddress(parseAddress(text));
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    throw new InvalidArgumentError(error.message);
  }
}

function subCommand(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .addOption(homeOption())
    .option('--json', 'print one JSON object instead of sentences')
    .addHelpText('after', `\nExample:\n  mutual signer ${name} --home /var/lib/mutual${example}`);
}

/** A command about the record, which no node may use meanwhile. */
function recordCommand(
  name: string,
  description: string,
  example: string,
  act: (record: LastSignFileOptions, flags: SignerFlags) => Promise<Outcome>,
): Command {
  return subCommand(name, description, example).action(async (flags: SignerFlags) => {
    const { config } = loadConfig({ home: homeOf(flags.home), environment: process.env, flags: {} });
    const [{ withSigningRecord }, { cryptography }] = await Promise.all([import('../signer/signing-record.ts'), chooseCryptography()]);
    say(await withSigningRecord(config, cryptography, (record) => act(record, flags)), flags);
  });
}

function say({ text, json }: Outcome, flags: SignerFlags): void {
  console.log(flags.json === true ? jsonText(json) : text);
}

function lastSigned(last: ReturnType<typeof readLastSign>): Outcome {
  if (last === undefined) return { text: 'the key has signed nothing yet', json: { lastSigned: null } };
  const { kind, height, round, blockHash } = last.request;
  const hash = blockHash === undefined ? null : encodeHex(blockHash);
  const text = `the key signed last a ${kind} at height ${height}, round ${round}, for ${hash ?? 'nil'}`;
  return { text, json: { lastSigned: { kind, height, round, blockHash: hash } } };
}
