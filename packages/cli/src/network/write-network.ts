import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createLastSignFile, encryptKey, makeDirectory, nodeFileSystem, type ScryptCost, writeKeyFile } from '@mutual-chain/node';
import { type Cryptography, encodeHex, formatAddress } from '@mutual-chain/protocol';
import { stringify } from 'smol-toml';
import { CONFIG_FILE } from '../config/config-file.ts';
import { findConfigKey } from '../config/config-keys.ts';
import { configTables } from '../config/config-tables.ts';
import { isLoopbackHost } from '../config/conflicts.ts';
import { cliError } from '../errors.ts';
import { withPath } from '../system-error.ts';
import type { Network, NetworkValidator } from './create-network.ts';
import { listenAddressOf } from './node-places.ts';

/** How a network is written. */
export type WriteNetworkOptions = {
  /** Folder of the network: missing, or empty. */
  readonly directory: string;
  /** Whether keys of validators are encrypted; plain ones are for networks without value. */
  readonly encrypt: boolean;
  readonly cryptography: Cryptography;
  /** What encrypting a key costs; the default of keystores when left out. */
  readonly cost?: ScryptCost;
  /** Called before the folder of each validator is written. */
  readonly progress?: (name: string) => void;
};

/** Names of the files of a network, and of a validator below its folder. */
export const NETWORK_FILES = {
  genesis: 'genesis.json',
  accounts: 'accounts.json',
  mnemonic: 'mnemonic.txt',
} as const;

const SECRET_BYTES = 32;
const CONFIG_HEAD =
  '# Written by `mutual init`. What is not here has its default: mutual config show prints every key and where its value comes from.\n\n';

/**
 * Writes a network into a folder: genesis document, address book, mnemonic, and for each validator a home with configuration, keys and the file
 * that says what its key signed last. All of it or nothing: it is written beside the folder and renamed at the end. Secrets have permissions 0600.
 *
 * Errors: `CLI_FOLDER_NOT_EMPTY`, `CLI_FOLDER_NOT_WRITABLE`, `CLI_DISK_FULL`.
 */
export function writeNetwork(network: Network, options: WriteNetworkOptions): void {
  const { directory } = options;
  withPath(directory, () => {
    if (existsSync(directory) && readdirSync(directory).length > 0) {
      const message = `${directory} holds ${readdirSync(directory).sort()[0]} already. Nothing was written: a network never replaces another. Name a new folder with --out DIR.`;
      throw cliError('CLI_FOLDER_NOT_EMPTY', message, { path: directory });
    }
    makeDirectory(dirname(directory));
    const unfinished = join(dirname(directory), `.${basename(directory)}.${encodeHex(Uint8Array.from(randomBytes(4))).slice(2)}`);
    try {
      mkdirSync(unfinished, { mode: 0o700 });
      writeShared(network, unfinished);
      for (const validator of network.validators) {
        options.progress?.(validator.name);
        writeHome(network, validator, join(unfinished, validator.name), options);
      }
      renameSync(unfinished, directory);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  });
}

function writeShared({ document, accounts, mnemonic }: Network, directory: string): void {
  const book = accounts.map(({ name, role, index, keyPair }) => ({ name, role, index, address: formatAddress(keyPair.address) }));
  writeFileSync(join(directory, NETWORK_FILES.genesis), jsonFile(document));
  writeFileSync(join(directory, NETWORK_FILES.accounts), jsonFile({ accounts: book }));
  writeKeyFile(nodeFileSystem, directory, NETWORK_FILES.mnemonic, `${mnemonic}\n`);
}

function writeHome(network: Network, validator: NetworkValidator, home: string, options: WriteNetworkOptions): void {
  const { encrypt, cryptography, cost } = options;
  const keys = join(home, 'keys');
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(keys, { mode: 0o700 });
  const { privateKey, address } = validator.keyPair;
  writeKeyFile(nodeFileSystem, keys, 'node.key', `${encodeHex(validator.nodeKey)}\n`);
  writeKeyFile(nodeFileSystem, keys, 'admin.token', `${freshSecret()}\n`);
  if (encrypt) {
    const passphrase = freshSecret();
    writeKeyFile(nodeFileSystem, keys, 'validator.password', `${passphrase}\n`);
    const keystore = encryptKey({ privateKey, passphrase, cryptography, ...(cost === undefined ? {} : { cost }) });
    writeKeyFile(nodeFileSystem, keys, 'validator.json', keystore);
  } else {
    writeKeyFile(nodeFileSystem, keys, 'validator.key', `${encodeHex(privateKey)}\n`);
  }
  const { genesisHash } = network;
  createLastSignFile({ fileSystem: nodeFileSystem, directory: join(home, 'signer'), address, genesisHash, cryptography });
  writeFileSync(join(home, NETWORK_FILES.genesis), jsonFile(network.document));
  writeFileSync(join(home, CONFIG_FILE), `${CONFIG_HEAD}${configText(network, validator, encrypt)}`, { mode: 0o600 });
}

function configText({ validators }: Network, validator: NetworkValidator, encrypt: boolean): string {
  const { place, address } = validator;
  const others = validators.filter((each) => each !== validator).map((each) => `${each.address}/p2p/${each.peerId}`);
  const values: Readonly<Record<string, unknown>> = {
    'p2p.listen': [listenAddressOf(place)],
    ...(isLoopbackHost(place.host) ? {} : { 'p2p.publicAddresses': [address] }),
    'p2p.validators': others,
    'validator.keyFile': encrypt ? 'keys/validator.json' : 'keys/validator.key',
    ...(encrypt ? { 'validator.passwordFile': 'keys/validator.password' } : {}),
    'rpc.port': place.rpcPort,
    'admin.enabled': true,
    'admin.port': place.adminPort,
    'admin.tokenFile': 'keys/admin.token',
  };
  const known = Object.entries(values).flatMap(([name, value]) => {
    const key = findConfigKey(name);
    return key === undefined ? [] : [{ key, value }];
  });
  return stringify(configTables(known));
}

function freshSecret(): string {
  return encodeHex(Uint8Array.from(randomBytes(SECRET_BYTES))).slice(2);
}

function jsonFile(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
