import { ChainError, type Cryptography, decodeHex, parseAddress } from '@mutual-chain/protocol';
import { privateKeySigner, type Signer } from '@mutual-chain/sdk';
import { cliError } from '../errors.ts';
import { hasKey, listKeys, openKey } from '../keys/key-folder.ts';
import { type PasswordSources, readPassword } from '../keys/password.ts';
import type { KnownDevnet, ReachedNetwork } from './reached-network.ts';

/** Where names of accounts are looked up. */
export type AccountBook = { readonly folder: string } & Pick<ReachedNetwork, 'knownDevnet'>;

/**
 * The address that a text names: an address, a key of the folder, or an account of the devnet. `place` is what the text was given as, such as
 * `--to`. Errors: `CLI_ACCOUNT_UNKNOWN`, `CLI_FIELD_INVALID`; those of the devnet.
 */
export async function addressNamed(text: string, { folder, knownDevnet }: AccountBook, place: string): Promise<string> {
  if (text.startsWith('0x')) return addressFrom(text, place);
  const key = hasKey(folder, text) ? listKeys(folder).find(({ name }) => name === text) : undefined;
  if (key !== undefined) return key.address;
  const known = await knownDevnet();
  const account = known.devnet?.accounts.find(({ name }) => name === text);
  if (account !== undefined) return account.address;
  throw unknown(text, folder, known, place);
}

/**
 * The signer of a name, which was given as `--from`: a key of the folder, opened with its password, or an account of the devnet. Errors:
 * `CLI_ACCOUNT_UNKNOWN`, those of key files and of the devnet.
 */
export async function signerNamed(
  name: string,
  { folder, knownDevnet }: AccountBook,
  password: PasswordSources,
  cryptography: Cryptography,
): Promise<Signer> {
  if (hasKey(folder, name)) {
    const passphrase = await readPassword(password, name);
    return privateKeySigner(openKey(folder, name, passphrase, cryptography).privateKey);
  }
  const known = await knownDevnet();
  const account = known.devnet?.accounts.find((each) => each.name === name);
  if (account === undefined) throw unknown(name, folder, known, '--from');
  return privateKeySigner(decodeHex(account.privateKey));
}

function addressFrom(text: string, place: string): string {
  try {
    parseAddress(text, place);
    return text;
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    throw cliError(
      'CLI_FIELD_INVALID',
      `${error.message}; or give the name of a key, or of an account of the devnet.`,
      error.details,
      error,
    );
  }
}

function unknown(name: string, folder: string, { devnet, isOfOtherChain }: KnownDevnet, place: string): Error {
  const names = devnet === undefined ? '' : `, and the devnet has ${devnet.accounts.map((each) => each.name).join(', ')}`;
  const other = isOfOtherChain ? ', and the devnet of this folder is not the chain of the node that was named' : '';
  const problem = `${place}: there is no account ${name}: ${folder} has no such key${names}${other}.`;
  return cliError('CLI_ACCOUNT_UNKNOWN', problem, { name, path: folder });
}
