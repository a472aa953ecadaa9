import { type LastSignFileOptions, lockSignerDirectory, nodeFileSystem } from '@mutual-chain/node';
import type { Cryptography, KeyPair } from '@mutual-chain/protocol';
import { readChainIdentity } from '../chain/chain-identity.ts';
import type { NodeConfig } from '../config/node-config.ts';
import { cliError } from '../errors.ts';
import { loadNodeKeys, type NodeKeys } from '../keys/node-keys.ts';

/**
 * Does something with the record of what the validator key of a node signed last, while no node may.
 *
 * Errors: `CLI_KEY_INVALID` for a node without a validator key, `SIGNER_STATE_IN_USE` while the node runs, those of keys and of the genesis document.
 */
export async function withSigningRecord<Result>(
  config: NodeConfig,
  cryptography: Cryptography,
  use: (record: LastSignFileOptions) => Promise<Result>,
): Promise<Result> {
  const validator = validatorKeyOf(loadNodeKeys(config, cryptography));
  const { genesisHash } = readChainIdentity(config.node.genesisFile, cryptography).context;
  const directory = config.validator.stateDirectory;
  const release = await lockSignerDirectory(directory);
  try {
    return await use({ fileSystem: nodeFileSystem, directory, address: validator.address, genesisHash, cryptography });
  } finally {
    await release();
  }
}

/** The key that signs votes. Errors: `CLI_KEY_INVALID` for a node that has none. */
export function validatorKeyOf({ validator }: NodeKeys): KeyPair {
  if (validator !== undefined) return validator;
  throw cliError('CLI_KEY_INVALID', 'This node validates nothing: validator.keyFile is empty. Name the key that is to sign votes.');
}
