import { statSync } from 'node:fs';
import { nodeFileSystem, readLastSign } from '@mutual-chain/node';
import { peerIdOf } from '@mutual-chain/node/p2p';
import { ChainError, type Cryptography, equalBytes, formatAddress, type KeyPair } from '@mutual-chain/protocol';
import type { ChainIdentity } from '../chain/chain-identity.ts';
import type { NodeConfig } from '../config/node-config.ts';
import { loadNodeKeys } from '../keys/node-keys.ts';
import { type CheckResult, fine, warning, wrong } from './check-result.ts';

/** Rights of anybody but the owner. */
const OTHERS = 0o077;

/** Who may read the secrets of a node. */
export function checkPermissions({ p2p, validator, admin }: NodeConfig): CheckResult {
  const secrets = [p2p.keyFile, validator.keyFile, validator.passwordFile, admin.tokenFile].filter((path) => path !== '');
  const open = secrets.filter((path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0);
  if (open.length === 0) return fine('permissions', `${secrets.length} files with secrets are their owner's alone`);
  const message = `others than the owner can use ${open.join(', ')}`;
  return wrong('permissions', message, `chmod 600 ${open.join(' ')}, and think about new secrets.`);
}

/** The keys of a node: whether they open, and whether the chain knows them. */
export function checkKeys(
  config: NodeConfig,
  { genesis }: ChainIdentity,
  cryptography: Cryptography,
): { readonly result: CheckResult; readonly validator: KeyPair | undefined } {
  const nothing = (result: CheckResult) => ({ result, validator: undefined });
  try {
    const { nodeKey, validator } = loadNodeKeys(config, cryptography);
    const peer = peerIdOf(nodeKey);
    if (validator === undefined) return nothing(fine('keys', `peer id ${peer}; no validator key: this node only follows`));
    const address = formatAddress(validator.address);
    const entry = genesis.validators.find((each) => equalBytes(each.address, validator.address));
    if (entry === undefined) {
      const message = `validator ${address} is not one of genesis`;
      const remedy = 'This is right only for one that was admitted later; otherwise name the key of this network with validator.keyFile.';
      return { result: warning('keys', message, remedy), validator };
    }
    if (entry.peerId !== '' && entry.peerId !== peer) {
      const message = `the node has peer id ${peer}, genesis says ${entry.peerId} for validator ${address}`;
      const remedy = 'Name the key of this node with p2p.keyFile; after a change of keys the others need the new peer id.';
      return { result: warning('keys', message, remedy), validator };
    }
    return { result: fine('keys', `peer id ${peer}, validator ${address} of genesis`), validator };
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    return nothing(wrong('keys', error.message, 'Mend that file; a node does not start without its keys.'));
  }
}

/** What the validator key signed last, without which it must not sign. */
export function checkLastSign(
  { validator: { stateDirectory } }: NodeConfig,
  { context: { genesisHash } }: ChainIdentity,
  validator: KeyPair,
  cryptography: Cryptography,
): CheckResult {
  try {
    const last = readLastSign({
      fileSystem: nodeFileSystem,
      directory: stateDirectory,
      address: validator.address,
      genesisHash,
      cryptography,
    });
    if (last === undefined) return fine('lastSign', 'the validator key has signed nothing yet');
    const { kind, height, round } = last.request;
    return fine('lastSign', `the validator key signed a ${kind} of height ${height}, round ${round} last`);
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    return wrong(
      'lastSign',
      error.message,
      'Without what it signed last the key may sign twice, and the network takes its power for that.',
    );
  }
}
