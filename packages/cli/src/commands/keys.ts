import { randomBytes } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { nodeFileSystem, writeKeyFile } from '@mutual-chain/node';
import { deriveFromMnemonic, encodeHex, formatAddress, mnemonicFrom } from '@mutual-chain/protocol';
import { Command, Option } from 'commander';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { cliError } from '../errors.ts';
import { askHidden } from '../keys/ask-hidden.ts';
import { importedKey } from '../keys/imported-key.ts';
import { addKey, hasKey, keyFolderOf, keyFolderOption, keyName, listKeys, openKey, readKeystore } from '../keys/key-folder.ts';
import { passwordSources, readNewPassword, readPassword } from '../keys/password.ts';
import { filledText, once, wholeNumber } from '../option-values.ts';
import { readText } from '../read-text.ts';
import { jsonText } from '../text/json-text.ts';
import { palette } from '../text/palette.ts';
import { tableLines } from '../text/table.ts';

type KeyFlags = {
  readonly keys?: string;
  readonly passwordFile?: string;
  readonly index: number;
  readonly words: '12' | '24';
  readonly file?: string;
  readonly privateKey?: true;
  readonly out?: string;
  readonly json?: true;
};

const INDEX_MAX = 0x7fff_ffff;

/** `mutual keys`: keys of accounts, encrypted in a folder of the user. */
export function keysCommand(): Command {
  return new Command('keys')
    .description('make, list, import and export keys of accounts')
    .addCommand(newCommand())
    .addCommand(listCommand())
    .addCommand(importCommand())
    .addCommand(exportCommand())
    .addHelpText('after', '\nExample:\n  mutual keys new alice');
}

function newCommand(): Command {
  return new Command('new')
    .description('make a key from fresh random words, print the words once, and encrypt the key into the folder')
    .argument('<name>', 'name of the key', keyName)
    .addOption(keyFolderOption())
    .addOption(passwordFileOption())
    .addOption(new Option('--words <n>', 'number of words').choices(['12', '24']).default('12'))
    .addOption(indexOption())
    .option('--json', 'print one JSON object instead of sentences')
    .addHelpText('after', '\nExample:\n  mutual keys new alice')
    .action(async (name: string, { keys, passwordFile, words, index, json }: KeyFlags) => {
      const folder = keyFolderOf(keys);
      refuseTaken(folder, name);
      const { cryptography } = await chooseCryptography();
      const password = await readNewPassword(passwordSources(passwordFile), name);
      const mnemonic = mnemonicFrom(Uint8Array.from(randomBytes(words === '12' ? 16 : 32)));
      const keyPair = deriveFromMnemonic(mnemonic).keyPair(index);
      const path = addKey(folder, name, keyPair, password, cryptography);
      const made = { name, address: formatAddress(keyPair.address), path, derivation: `m/44'/60'/0'/0/${index}`, mnemonic };
      if (json === true) console.log(jsonText(made));
      else {
        console.log(`address  ${made.address}\nfile     ${path}\nwords    ${palette.bold(mnemonic)}\npath     ${made.derivation}`);
        console.log('\nWrite the words on paper now: they are shown only this once, and who has them has the key.');
      }
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('print the keys of the folder by name and address')
    .addOption(keyFolderOption())
    .option('--json', 'print one JSON object instead of a table')
    .addHelpText('after', '\nExample:\n  mutual keys list')
    .action(({ keys, json }: KeyFlags) => {
      const folder = keyFolderOf(keys);
      const listed = listKeys(folder);
      if (json === true) console.log(jsonText({ folder, keys: listed }));
      else if (listed.length === 0) console.log(`${folder} has no keys: make one with mutual keys new`);
      else
        for (const line of tableLines(
          ['name', 'address'],
          listed.map(({ name, address }) => [name, address]),
          'left',
        ))
          console.log(line);
    });
}

function importCommand(): Command {
  return new Command('import')
    .description('encrypt a key into the folder that comes as words, as hex, or as the keystore of another wallet')
    .argument('<name>', 'name of the key', keyName)
    .addOption(keyFolderOption())
    .addOption(passwordFileOption())
    .addOption(new Option('--file <file>', 'file with the secret; without it, standard input').argParser(once(filledText)))
    .addOption(indexOption())
    .option('--json', 'print one JSON object instead of sentences')
    .addHelpText('after', '\nExample:\n  mutual keys import alice --file words.txt')
    .action(async (name: string, { keys, passwordFile, file, index, json }: KeyFlags) => {
      const folder = keyFolderOf(keys);
      refuseTaken(folder, name);
      const secret = await readSecret(file);
      const { cryptography } = await chooseCryptography();
      const password = await readNewPassword(passwordSources(passwordFile), name);
      const place = file === undefined ? 'standard input' : resolve(file);
      const keyPair = importedKey(secret, { index, cryptography, password, place });
      const path = addKey(folder, name, keyPair, password, cryptography);
      const address = formatAddress(keyPair.address);
      console.log(json === true ? jsonText({ name, address, path }) : `address  ${address}\nfile     ${path}`);
    });
}

function exportCommand(): Command {
  return new Command('export')
    .description('print the keystore of a key, still encrypted, or with --private-key the key itself')
    .argument('<name>', 'name of the key', keyName)
    .addOption(keyFolderOption())
    .addOption(passwordFileOption())
    .option('--private-key', 'the private key in hex: who sees it has the account')
    .addOption(new Option('--out <file>', 'new file, of its owner alone, instead of standard output').argParser(once(filledText)))
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  mutual keys export alice --out alice.json')
    .action(async (name: string, { keys, passwordFile, privateKey, out, json }: KeyFlags) => {
      const folder = keyFolderOf(keys);
      const text = privateKey === true ? await privateKeyText(folder, name, passwordFile) : readKeystore(folder, name);
      if (out === undefined) {
        const shown = privateKey === true ? { name, privateKey: text.trim() } : { name, keystore: JSON.parse(text) as unknown };
        console.log(json === true ? jsonText(shown) : text.trimEnd());
        return;
      }
      const path = resolve(out);
      writeKeyFile(nodeFileSystem, dirname(path), basename(path), text);
      console.log(json === true ? jsonText({ name, path }) : `written  ${path}`);
    });
}

async function privateKeyText(folder: string, name: string, passwordFile: string | undefined): Promise<string> {
  // Whether there is such a key is said before anybody types a password.
  readKeystore(folder, name);
  const { cryptography } = await chooseCryptography();
  const password = await readPassword(passwordSources(passwordFile), name);
  return `${encodeHex(openKey(folder, name, password, cryptography).privateKey)}\n`;
}

async function readSecret(file: string | undefined): Promise<string> {
  const { terminal } = passwordSources(undefined);
  if (file !== undefined) return readText(resolve(file));
  if (terminal !== undefined) return (await askHidden('Words, or private key: ', terminal)) ?? '';
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += String(chunk);
  return text;
}

function refuseTaken(folder: string, name: string): void {
  if (!hasKey(folder, name)) return;
  const path = join(folder, `${name}.json`);
  throw cliError('CLI_KEY_TAKEN', `${path} is there already: a key never replaces another. Choose another name, or move that file away.`, {
    path,
  });
}

function passwordFileOption(): Option {
  return new Option(
    '--password-file <file>',
    'file with the password in its first line; else MUTUAL_KEY_PASSWORD, else it is asked for',
  ).argParser(once(filledText));
}

function indexOption(): Option {
  return new Option('--index <n>', "last number of the path m/44'/60'/0'/0/n").argParser(once(wholeNumber(0, INDEX_MAX))).default(0);
}
