import { type Cryptography, decodeHex, parseAddress } from '@mutual-chain/protocol';
import { privateKeySigner, type Signer } from '@mutual-chain/sdk';
import { cliError } from '../errors.ts';
import { hasKey, listKeys, openKey } from '../keys/key-folder.ts';
import { type PasswordSources, readPassword } from '../keys/password.ts';
import type { DevnetFile } from '../network/devnet-file.ts';

/** Where names of accounts are looked up. */
export type AccountBook = { readonly folder: string; readonly devnet: DevnetFile | undefined };

/** The address that a text names: an address, a key of the folder, or an account of the devnet. Errors: `CLI_ACCOUNT_UNKNOWN`, `PROTOCOL_ADDRESS_INVALID`. */
export function addressNamed(text: string, { folder, devnet }: AccountBook): string {
  if (text.startsWith('0x')) {
    parseAddress(text, 'address');
    return text;
  }
  const key = hasKey(folder, text) ? listKeys(folder).find(({ name }) => name === text) : undefined;
  const account = key ?? devnet?.accounts.find(({ name }) => name === text);
  if (account !== undefined) return account.address;
  throw unknown(text, folder, devnet);
}

/** The signer of a name: a key of the folder, opened with its password, or an account of the devnet. Errors: `CLI_ACCOUNT_UNKNOWN`, those of key files. */
export async function signerNamed(
  name: string,
  { folder, devnet }: AccountBook,
  password: PasswordSources,
  cryptography: Cryptography,
): Promise<Signer> {
  if (hasKey(folder, name)) {
    const passphrase = await readPassword(password, name);
    return privateKeySigner(openKey(folder, name, passphrase, cryptography).privateKey);
  }
  const account = devnet?.accounts.find((each) => each.name === name);
  if (account === undefined) throw unknown(name, folder, devnet);
  return privateKeySigner(decodeHex(account.privateKey));
}

function unknown(name: string, folder: string, devnet: DevnetFile | undefined): Error {
  const names = devnet === undefined ? '' : `, and the devnet has ${devnet.accounts.map((each) => each.name).join(', ')}`;
  return cliError('CLI_ACCOUNT_UNKNOWN', `There is no account ${name}: ${folder} has no such key${names}.`, { name, path: folder });
}
