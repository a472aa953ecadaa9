import { decryptKey, nodeFileSystem, readKeyFile } from '@mutual-chain/node';
import { type Cryptography, decodeHex, type KeyPair, keyPairOf, privateKeyFrom } from '@mutual-chain/protocol';
import type { NodeConfig } from '../config/node-config.ts';
import { cliError } from '../errors.ts';

/** The secrets with which a node runs. */
export type NodeKeys = {
  /** Key of the node in the network, 32 bytes. */
  readonly nodeKey: Uint8Array;
  /** Key that signs votes; undefined for a node that validates nothing. */
  readonly validator: KeyPair | undefined;
  /** What the operator shows; undefined when the operator is not served. */
  readonly adminToken: string | undefined;
};

/**
 * Reads the secrets that a configuration names. Opening a keystore takes about a second.
 *
 * Errors: `FILE_NOT_FOUND`, `KEY_FILE_TOO_OPEN` and the others of key files, `CLI_KEY_INVALID`, `CLI_PASSWORD_MISSING`.
 */
export function loadNodeKeys({ p2p, validator, admin }: NodeConfig, cryptography: Cryptography): NodeKeys {
  return {
    nodeKey: plainKeyIn(readKeyFile(nodeFileSystem, p2p.keyFile), p2p.keyFile),
    validator: validator.keyFile === '' ? undefined : loadValidatorKey(validator, cryptography),
    adminToken: admin.enabled ? (admin.token === '' ? secretIn(admin.tokenFile) : admin.token) : undefined,
  };
}

/** The key that signs votes, which `keyFile` names. Errors: as of `loadNodeKeys`. */
function loadValidatorKey({ keyFile, passwordFile, password }: NodeConfig['validator'], cryptography: Cryptography): KeyPair {
  const text = readKeyFile(nodeFileSystem, keyFile);
  if (!isKeystore(text)) return keyPairOf(privateKeyFrom(plainKeyIn(text, keyFile)), cryptography);
  if (password === '' && passwordFile === '') {
    const message = `${keyFile} is encrypted, and nothing says with which password. Name a file with validator.passwordFile, or set MUTUAL_VALIDATOR_PASSWORD.`;
    throw cliError('CLI_PASSWORD_MISSING', message, { path: keyFile });
  }
  const passphrase = password === '' ? secretIn(passwordFile) : password;
  return keyPairOf(decryptKey(text, passphrase, cryptography, keyFile), cryptography);
}

/** Whether the text of a key file is a keystore; otherwise it is a key in hex. */
export function isKeystore(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/** The first line of a file that only its owner can read. Errors: `FILE_NOT_FOUND`, `KEY_FILE_TOO_OPEN`, `CLI_KEY_INVALID` when it is empty. */
export function secretIn(path: string): string {
  const [line = ''] = readKeyFile(nodeFileSystem, path).split(/\r?\n/);
  if (line !== '') return line;
  throw cliError('CLI_KEY_INVALID', `${path} is empty: its first line has to be the secret. Restore it from a backup.`, { path });
}

/** A key in hex; what the file holds is never part of the error. */
export function plainKeyIn(text: string, path: string): Uint8Array {
  try {
    return privateKeyFrom(decodeHex(text.trim(), 'key'));
  } catch {
    const message = `${path} holds no private key: it has to be 0x and 64 hex digits, or a keystore of version 3. Restore it from a backup.`;
    throw cliError('CLI_KEY_INVALID', message, { path });
  }
}
