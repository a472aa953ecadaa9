import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '@mutual-chain/node';
import { type Cryptography, deriveFromMnemonic } from '@mutual-chain/protocol';
import { readChainIdentity } from '../chain/chain-identity.ts';
import { loadConfig } from '../config/load-config.ts';
import type { NodeConfig } from '../config/node-config.ts';
import { cliError } from '../errors.ts';
import { createNetwork, type Network } from '../network/create-network.ts';
import { writeDevnetFile } from '../network/devnet-file.ts';
import { plannedAccounts } from '../network/founding-document.ts';
import { type ListeningPlace, listeningPlaces } from '../network/listening-places.ts';
import { type FirstPorts, placesOn } from '../network/node-places.ts';
import { TEST_MNEMONIC } from '../network/test-accounts.ts';
import { NETWORK_FILES, writeNetwork } from '../network/write-network.ts';
import { withPath } from '../system-error.ts';
import { assertPortsFree } from './assert-ports-free.ts';
import { NodeChild } from './node-child.ts';

/** How a devnet is opened. */
export type DevnetOptions = {
  /** Folder of the devnet; made when missing. */
  readonly directory: string;
  /** Number of validators; undefined takes those of the network that is there, or the default. */
  readonly validators: number | undefined;
  /** First port of each kind, of a new network. */
  readonly ports: FirstPorts;
  /** Ports that were asked for: a network that is there has to have them. */
  readonly askedPorts?: Partial<FirstPorts>;
  /** Parameters of a new chain that differ from the defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly cryptography: Cryptography;
  /** Options of `mutual start` for every node. */
  readonly flags?: readonly string[];
};

/** Validators of a new devnet when nothing else is said: the least that goes on without one of them. */
export const DEVNET_VALIDATORS = 4;

/** Folder of the network in that of a devnet. */
export const DEVNET_NETWORK_FOLDER = 'network';

/** Address of every node of a devnet. */
export const DEVNET_HOST = '127.0.0.1';
const CHAIN_ID = 7357;
const NETWORK_NAME = 'mutual-devnet';
/** Genesis is this much older than the network, ms, so that no clock is before it. */
const GENESIS_AGE_MS = 60_000;

/** What is known of a network without any process of it. */
type Founded = Pick<Network, 'genesis' | 'genesisHash' | 'accounts'>;

/** A local network of validators as processes of this machine, with published test accounts. */
export class Devnet {
  readonly directory: string;
  readonly nodes: readonly NodeChild[];
  readonly #founded: Founded;
  readonly #configs: readonly NodeConfig[];

  private constructor(directory: string, founded: Founded, nodes: readonly NodeChild[], configs: readonly NodeConfig[]) {
    this.directory = directory;
    this.nodes = nodes;
    this.#founded = founded;
    this.#configs = configs;
  }

  /**
   * Opens the network in a folder, or makes one. Nothing runs yet.
   *
   * Errors: `CLI_DEVNET_DIFFERENT` when the network there has another number of validators or other ports, those of writing a network.
   */
  static open(options: DevnetOptions): Devnet {
    const { directory, validators, cryptography, flags = [] } = options;
    const network = join(directory, DEVNET_NETWORK_FOLDER);
    if (!existsSync(network)) found(network, options);
    const names = readdirSync(network)
      .filter((name) => name.startsWith('validator-'))
      .sort((left, right) => Number(left.slice('validator-'.length)) - Number(right.slice('validator-'.length)));
    if (validators !== undefined && validators !== names.length) {
      const message = `${network} has ${names.length} validators, not ${validators}. Give it up and make a new one with --reset, or leave --validators out.`;
      throw cliError('CLI_DEVNET_DIFFERENT', message, { path: network, validators: names.length });
    }
    const { genesis, context } = readChainIdentity(join(network, NETWORK_FILES.genesis), cryptography);
    const homes = names.map((name) => join(network, name));
    const configs = homes.map((home) => loadConfig({ home, environment: {} }).config);
    if (configs[0] !== undefined) assertSamePorts(network, configs[0], options.askedPorts ?? {});
    const nodes = names.map((name, index) => new NodeChild(name, homes[index] ?? '', flags));
    return new Devnet(directory, { genesis, genesisHash: context.genesisHash, accounts: accountsOf(names.length) }, nodes, configs);
  }

  /** URLs of JSON-RPC, one for each node that runs. */
  get rpcUrls(): readonly string[] {
    return this.nodes.flatMap(({ ready }) => (ready?.rpcUrl === undefined ? [] : [ready.rpcUrl]));
  }

  /**
   * Starts all nodes and writes the file that tells programs about them; returns its path. When one fails, all are ended.
   *
   * Errors: `CLI_PORT_IN_USE`, `CLI_NODE_FAILED`.
   */
  async start(): Promise<string> {
    await assertPortsFree(DEVNET_HOST, this.#configs.flatMap(portsOf));
    const outcomes = await Promise.allSettled(this.nodes.map((node) => node.start()));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    const [first, ...others] = this.rpcUrls;
    if (failed !== undefined || first === undefined) {
      await this.stop();
      throw failed?.reason ?? cliError('CLI_NODE_FAILED', 'No node of the devnet serves JSON-RPC.', {});
    }
    return writeDevnetFile(this.directory, this.#founded, [first, ...others]);
  }

  /** Ends all nodes and waits until they have. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

function found(network: string, { directory, validators = DEVNET_VALIDATORS, ports, parameters = {}, cryptography }: DevnetOptions): void {
  withPath(directory, () => makeDirectory(directory));
  const created = createNetwork({
    ...{ preset: 'devnet', chainId: CHAIN_ID, networkName: NETWORK_NAME, timestampMs: Date.now() - GENESIS_AGE_MS },
    ...{
      places: placesOn(
        Array.from({ length: validators }, () => DEVNET_HOST),
        ports,
      ),
      parameters,
      cryptography,
    },
  });
  writeNetwork(created, { directory: network, encrypt: false, cryptography });
}

/** What is asked for and is not so is not passed over in silence. */
function assertSamePorts(network: string, first: NodeConfig, asked: Partial<FirstPorts>): void {
  const places = listeningPlaces(first);
  const portOf = (key: ListeningPlace['key']): number | undefined => places.find((place) => place.key === key)?.port;
  const found: FirstPorts = { p2pPort: portOf('p2p.listen') ?? 0, rpcPort: portOf('rpc.port') ?? 0, adminPort: portOf('admin.port') ?? 0 };
  for (const [name, port] of Object.entries(asked) as [keyof FirstPorts, number][]) {
    if (found[name] === port) continue;
    const option = { p2pPort: '--p2p-port', rpcPort: '--rpc-port', adminPort: '--admin-port' }[name];
    const message = `${network} has ${found[name]} as its first port, not ${port}. Give it up and make a new one with --reset, or leave ${option} out.`;
    throw cliError('CLI_DEVNET_DIFFERENT', message, { path: network, option, port: found[name] });
  }
}

/** The ports of a network that is to be made. */
export function plannedPorts(
  validators: number,
  { p2pPort, rpcPort, adminPort }: FirstPorts,
): readonly { readonly port: number; readonly use: string }[] {
  return Array.from({ length: validators }, (_, index) => [
    { port: p2pPort + index, use: `${USES['p2p.listen']} of validator-${index + 1}` },
    { port: rpcPort + index, use: `${USES['rpc.port']} of validator-${index + 1}` },
    { port: adminPort + index, use: `${USES['admin.port']} of validator-${index + 1}` },
  ]).flat();
}

function accountsOf(validators: number): Network['accounts'] {
  const derivation = deriveFromMnemonic(TEST_MNEMONIC);
  return plannedAccounts('devnet', validators).map((plan) => ({ ...plan, keyPair: derivation.keyPair(plan.index) }));
}

/** What a node of a devnet listens for, in words. */
const USES: Readonly<Record<ListeningPlace['key'], string>> = {
  'p2p.listen': 'the links',
  'rpc.port': 'JSON-RPC',
  'admin.port': 'the operator',
};

function portsOf(config: NodeConfig, index: number): readonly { readonly port: number; readonly use: string }[] {
  return listeningPlaces(config).map(({ key, port }) => ({ port, use: `${USES[key]} of validator-${index + 1}` }));
}
