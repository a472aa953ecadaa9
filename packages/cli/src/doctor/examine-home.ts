import { ChainError, type Cryptography, encodeHex } from '@mutual-chain/protocol';
import { type ChainIdentity, readChainIdentity } from '../chain/chain-identity.ts';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { type ConfigSources, loadConfig } from '../config/load-config.ts';
import type { NodeConfig } from '../config/node-config.ts';
import { assertLoopbackOnly } from '../network/loopback-only.ts';
import { checkKeys, checkLastSign, checkPermissions } from './check-files.ts';
import { checkClock, checkCryptography, checkDisk, checkVersion } from './check-machine.ts';
import { checkPorts } from './check-ports.ts';
import { type CheckResult, fine, wrong } from './check-result.ts';

/**
 * Looks at everything that a node needs before it starts, without changing anything. A check whose ground is missing is left out: without a
 * configuration nothing else of the home can be looked at.
 *
 * Errors: `CLI_FILE_MISSING` when there is no home.
 */
export async function examineHome(sources: ConfigSources, version: string): Promise<readonly CheckResult[]> {
  const results = [checkVersion(version, process.versions.node)];
  const config = explained(results, 'config', () => loadConfig(sources), 'mutual config validate names everything that is wrong.');
  if (config === undefined) return results;
  results.push(fine('config', `${config.path ?? 'no file, so every default'}: every value is allowed`));
  const { cryptography, description } = await chooseCryptography();
  results.push(checkCryptography(config.config.node.cryptography, cryptography.native.secp256k1, description));
  results.push(checkPermissions(config.config));
  results.push(checkDisk(config.config.node.dataDirectory));
  const chain = explained(
    results,
    'genesis',
    () => readChainIdentity(config.config.node.genesisFile, cryptography),
    'Get the genesis document of the network from another operator, and compare its hash.',
  );
  if (chain === undefined) return results;
  results.push(...(await checkChain(config.config, chain, cryptography)));
  return results;
}

async function checkChain(config: NodeConfig, chain: ChainIdentity, cryptography: Cryptography): Promise<readonly CheckResult[]> {
  const { genesis, context } = chain;
  const results: CheckResult[] = [];
  const name = `${genesis.networkName}, chain id ${genesis.chainId}, hash ${encodeHex(context.genesisHash)}`;
  const isSafe = explained(
    results,
    'genesis',
    () => assertLoopbackOnly(config, genesis) ?? true,
    'The key is published: never open such a network.',
  );
  if (isSafe === true) results.push(fine('genesis', name));
  results.push(checkClock(genesis.timestampMs, Date.now()));
  const { result, validator } = checkKeys(config, chain, cryptography);
  results.push(result);
  if (validator !== undefined) results.push(checkLastSign(config, chain, validator, cryptography));
  results.push(await checkPorts(config, chain));
  return results;
}

/** The result, or undefined after the error was noted as what is wrong. An error about the home itself is thrown. */
function explained<Result>(results: CheckResult[], check: CheckResult['check'], run: () => Result, remedy: string): Result | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ChainError) || (check === 'config' && error.code === 'CLI_FILE_MISSING')) throw error;
    const { problems } = error.details as { readonly problems?: readonly string[] };
    results.push(wrong(check, problems?.join('; ') ?? error.message, remedy));
    return undefined;
  }
}
